"""A registry behind a state's message bus, as SMEV 3 is: what is sent is queued there, answers are fetched from a queue
one by one, and each stays there until it is acknowledged.

Messages are SOAP-like XML; the signature in each is a compact JWS over its name and the SHA-256 of its content. It is
here to prove that the port fits such a bus: a real one needs its own schemas and GOST signatures.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from app.adapters.registry_single import OneByOne
from app.domain.registry.mirror import PATIENCE, Answer, ReadThere, Verdict
from app.ports import Acknowledged, DeliveryError, Standing
from app.wire import receipts
from app.wire.bodies import digest_of
from app.wire.keys import PrivateKey

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
BUS = "urn:manzil:bus:1"
SIGNATURE = "bus-message+jws"
_MOST_AT_ONCE = 100
_POLLED_SECONDS = 1.0
_CONTENT_TYPE = "text/xml; charset=utf-8"


def envelope(operation: str, message_id: str, content: bytes, signature: str) -> bytes:
    """`<Envelope><Body><operation><MessageID/><Content/><Signature/>`."""
    root = ET.Element(f"{{{SOAP}}}Envelope")
    body = ET.SubElement(ET.SubElement(root, f"{{{SOAP}}}Body"), f"{{{BUS}}}{operation}")
    for name, text in (
        ("MessageID", message_id),
        ("Content", base64.b64encode(content).decode()),
        ("Signature", signature),
    ):
        ET.SubElement(body, f"{{{BUS}}}{name}").text = text
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def read(message: bytes) -> tuple[str, str, bytes, str]:
    """Operation, message's name, content, signature. ValueError for anything else, a document type among it."""
    if b"<!DOCTYPE" in message or b"<!ENTITY" in message:
        raise ValueError("no document types here: they may expand without end")
    try:
        body = ET.fromstring(message)[0][0]  # noqa: S314 — entities are refused above
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in body}
        content = base64.b64decode(parts["Content"], validate=True)
        return body.tag.rpartition("}")[2], parts["MessageID"], content, parts["Signature"]
    except (ET.ParseError, IndexError, KeyError) as error:
        raise ValueError("this is no message of the bus") from error


def signed(message_id: str, content: bytes, key: PrivateKey) -> str:
    return receipts.issue({"message": message_id, "digest": digest_of(content).hex()}, key, SIGNATURE)


def check(message_id: str, content: bytes, signature: str, keys: Mapping[str, ec.EllipticCurvePublicKey]) -> None:
    """ReceiptError for a message that none of these keys has signed."""
    if receipts.read(signature, keys, SIGNATURE) != {"message": message_id, "digest": digest_of(content).hex()}:
        raise receipts.ReceiptError


class QueueRegistry(OneByOne):
    """`key` gives what to sign with now; `theirs` are the keys of the registry behind the bus, known beforehand."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        key: Callable[[], Awaitable[PrivateKey]],
        theirs: Mapping[str, ec.EllipticCurvePublicKey],
    ) -> None:
        self._client, self._key, self._theirs = client, key, theirs
        self._numbers = count(1)
        self._names: dict[int, str] = {}

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, body: bytes, event_id: UUID) -> Answer:
        """Received once it is in the bus's queue, which loses nothing."""
        try:
            answer = await self._call("SendRequest", str(event_id), body)
        except httpx.ConnectError:
            return Answer(Verdict.AWAY, "not_there")
        except httpx.HTTPError as error:
            return Answer(Verdict.UNKNOWN, type(error).__name__)
        if answer.status_code == httpx.codes.ACCEPTED:
            return Answer(Verdict.RECEIVED, "queued")
        refused = answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        return Answer(Verdict.REFUSED if refused else Verdict.BUSY, str(answer.status_code))

    async def collect(self, done: Sequence[int], *, wait: float) -> list[Acknowledged]:
        """A bus is polled: where it has nothing, the next look is not before a second."""
        try:
            for number in done:
                if name := self._names.pop(number, None):
                    (await self._call("Ack", name, b"")).raise_for_status()
            found = await self._fetched()
        except httpx.HTTPError as error:
            raise DeliveryError(type(error).__name__) from None
        if not found:
            await asyncio.sleep(min(wait, _POLLED_SECONDS))
        return found

    async def _fetched(self) -> list[Acknowledged]:
        """Until there is nothing, or what is not acknowledged yet comes round again."""
        found: list[Acknowledged] = []
        while len(found) < _MOST_AT_ONCE:
            answer = await self._call("GetResponse", "", b"")
            answer.raise_for_status()
            if answer.status_code == httpx.codes.NO_CONTENT:
                break
            one = self._acknowledged(answer.content)
            if self._names[one.number] in {self._names[before.number] for before in found}:
                del self._names[one.number]
                break
            found.append(one)
        return found

    def _acknowledged(self, message: bytes) -> Acknowledged:
        try:
            _, name, content, signature = read(message)
            check(name, content, signature, self._theirs)
            told = {part.tag: part.text or "" for part in ET.fromstring(content)}  # noqa: S314 — it was signed
            number = next(self._numbers)
            self._names[number] = name
            return Acknowledged(
                number=number,
                event_id=UUID(told["event"]),
                digest=bytes.fromhex(told["digest"]),
                applied=told["state"] == "applied",
                reason=told.get("reason"),
                receipt=self._receipt(told),
            )
        except (ValueError, KeyError, ET.ParseError, receipts.ReceiptError) as error:
            raise DeliveryError("not as the contract says") from error

    def _receipt(self, told: Mapping[str, str]) -> str | None:
        """ReceiptError for one that proves nothing."""
        receipt = told.get("receipt")
        if receipt and receipts.read(receipt, self._theirs).get("event") != told["event"]:
            raise receipts.ReceiptError
        return receipt

    async def uses(self, done: Sequence[int]) -> list[ReadThere]:
        """A bus tells of nobody who reads: DeliveryError. Whoever runs one has to bring it by another way."""
        raise DeliveryError(f"the bus tells of no reader, nor of {len(done)} that are known")

    async def standings(self, subjects: Sequence[UUID]) -> Mapping[UUID, Standing]:
        """A bus offers no such question: DeliveryError, and nobody is compared."""
        raise DeliveryError(f"the bus tells nothing of {len(subjects)} people at once")

    async def _call(self, operation: str, message_id: str, content: bytes) -> httpx.Response:
        signature: Any = signed(message_id, content, await self._key())
        message = envelope(operation, message_id, content, signature)
        headers = {"Content-Type": _CONTENT_TYPE}
        return await self._client.post("/bus", content=message, headers=headers, timeout=PATIENCE.total_seconds())
