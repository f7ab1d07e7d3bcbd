"""What the use cases need from the outside world. Adapters implement these; composition roots choose them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from app.domain.documents.refusals import Refusal
from app.domain.points.geo import Coordinates
from app.domain.registry import mirror
from app.domain.reminders.delivery import Answer


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, timezone-aware, in UTC."""
        ...


class Sms(Protocol):
    async def send(self, phone: str, text: str, *, key: str | None = None) -> None:
        """Hands `text` to the gateway for an E.164 `phone`. The same `key` is the same message: a gateway that knows
        it sends it once. Raises `DeliveryError` when it may be tried again, `UnansweredError` when it may be there
        all the same, `RefusedError` when another try is of no use.
        """
        ...


@dataclass(frozen=True, slots=True)
class PushNote:
    """A push to one device. `kind` says whether `address` is an FCM registration token or an installation id.

    `message_id` is the same whenever the same message goes out again, by which the phone tells. Of the messages that
    wait for a phone that is off, the carrier keeps the newest of each `collapse_key`. `data` is for the app.
    """

    kind: str
    address: str
    message_id: str
    collapse_key: str
    title: str
    body: str
    data: Mapping[str, str]
    urgent: bool
    expires_at: datetime


class Push(Protocol):
    async def send(self, note: PushNote, now: datetime, /) -> Answer:
        """Hands the note to the carrier, who drops it when it is over. Whatever goes wrong is in the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


class Email(Protocol):
    async def send(
        self,
        address: str,
        subject: str,
        text: str,
        *,
        key: str,
        language: str,
        attachments: Sequence[Attachment] = (),
    ) -> Answer:
        """Hands a message to the mail server. `key` makes its Message-ID: the same message has the same."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """A caller's requests: how many are `allowed` in a window of so many seconds, how many are left of them (negative:
    too many were made), and in how many seconds they begin anew.
    """

    allowed: int
    left: int
    window: int
    resets_in: int


class Rates(Protocol):
    def count(self, who: str, *, signed_in: bool) -> Rate:
        """Counts one more request of an account or, for who has not signed in, of an address."""
        ...


class Travel(Protocol):
    async def table(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> Sequence[Sequence[int]]:
        """Whole minutes, rounded up, from each of `starts` (rows) to each of `ends`. Never fails: what no router
        tells is estimated.
        """
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What has become of an event at the registry. `number` is the registry's, by which it is told that we have it.

    `digest` is of the body that was applied; `receipt` of an erasure, verified by whoever fetched it.
    """

    number: int
    event_id: UUID
    digest: bytes
    applied: bool
    reason: str | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a person's sequence is applied at the registry, and what it holds: kind, key, number, event, digest."""

    applied: int
    held: tuple[tuple[str, str, int, UUID, bytes], ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of handing events over: an answer for each, in their order. `acknowledged`: what the registry told
    along of what has become of these, or of others.
    """

    answers: Sequence[mirror.Answer]
    acknowledged: Sequence[Acknowledged] = ()


class Registry(Protocol):
    """The regional registry, however it speaks. Whatever goes wrong while sending is in the answers."""

    @property
    def at_once(self) -> int:
        """So many events go to it in one message."""
        ...

    async def hand_over(self, events: Sequence[tuple[UUID, bytes]]) -> Handed:
        """Hands over events, at most `at_once`: the identifier of each and its canonical CloudEvents JSON. `received`
        when it is stored there for good.
        """
        ...

    async def collect(self, done: Sequence[int], *, wait: float) -> list[Acknowledged]:
        """What has become of events, each until its number is among those `done`; waits so many seconds for one.
        DeliveryError when the registry does not answer, or not as itself.
        """
        ...

    async def uses(self, done: Sequence[int]) -> list[mirror.ReadThere]:
        """Who read there of our people, each until its number is among those `done`. DeliveryError as above."""
        ...

    async def standings(self, subjects: Sequence[UUID]) -> Mapping[UUID, Standing]:
        """Where the registry stands with these people, those it knows. DeliveryError as above."""
        ...

    async def close(self) -> None: ...


class DeliveryError(Exception):
    """A message did not reach its carrier; trying again later may help. `retry_after`: how long the carrier asks to
    be left alone.
    """

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class UnansweredError(DeliveryError):
    """The carrier did not answer: it may have the message."""


class RefusedError(Exception):
    """A carrier will never take this message."""


class KeyStore(Protocol):
    """Where per-person keys live: apart from the data, so that deleting a key erases what it sealed."""

    async def get(self, person_id: UUID) -> bytes | None: ...

    def read(self, person_id: UUID) -> bytes | None:
        """The same for who is in a thread already."""
        ...

    async def create(self, person_id: UUID) -> bytes:
        """The person's key, made durably if there was none. Two callers at once get the same key."""
        ...

    async def destroy(self, person_id: UUID) -> None: ...


class Vault(Protocol):
    """Seals personal fields. `field` names the table's column and is bound to the sealed bytes."""

    async def seal(self, person_id: UUID, field: str, plain: bytes) -> bytes: ...

    async def open(self, person_id: UUID, field: str, sealed: bytes) -> bytes:
        """Raises `ErasedError` when the person's key is gone, `TamperedError` when these are not the bytes sealed."""
        ...

    async def open_many(self, field: str, sealed: Mapping[UUID, bytes]) -> dict[UUID, bytes | None]:
        """The same of many people, in a thread; without whose key is gone, and None for bytes that were not sealed."""
        ...

    async def erase(self, person_id: UUID) -> None:
        """Destroys the person's key. Other processes that have just used it forget it within a minute."""
        ...

    def seal_system(self, field: str, plain: bytes) -> bytes:
        """For short-lived rows that belong to no person yet (a message with a sign-in code)."""
        ...

    def open_system(self, field: str, sealed: bytes) -> bytes: ...

    def seal_with(self, secret: str, field: str, plain: bytes) -> bytes:
        """Seals with a secret that only the client holds *and* the master key: neither of them alone opens it."""
        ...

    def open_with(self, secret: str, field: str, sealed: bytes) -> bytes: ...

    def blind_index(self, kind: str, value: str) -> bytes:
        """32 bytes by which equal values are found without being readable."""
        ...

    def mac(self, kind: str, data: bytes) -> bytes:
        """A keyed digest of 32 bytes, for codes and seals."""
        ...


class ErasedError(Exception):
    """The person's key was destroyed: what it sealed can be read by nobody."""


class TamperedError(Exception):
    """Sealed bytes were changed, moved to another row, or sealed with another key."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's name, its size in bytes, and when it was written."""

    name: str
    size: int
    written_at: datetime


class Objects(Protocol):
    """Where sealed bytes lie apart from the database. What is put is whole and durable, or not there."""

    async def put(self, name: str, content: bytes | memoryview) -> None: ...

    async def get(self, name: str) -> bytes:
        """LookupError when it is not there."""
        ...

    def stream(self, name: str) -> AsyncIterator[bytes]:
        """The same in pieces of any size, read as they are asked for."""
        ...

    async def delete(self, names: Sequence[str]) -> None:
        """What is not there already is fine."""
        ...

    def listed(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Every object whose name begins with a folder, `prefix`."""
        ...


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file made anew from what it shows, without anything else. `preview`: a small JPEG, where one was made."""

    media_type: str
    content: bytes
    preview: bytes | None


class Cleaner(Protocol):
    async def clean(self, content: bytes) -> Cleaned | Refusal:
        """The file made anew, or why it is not taken. Whatever it holds harms nobody but a process of its own."""
        ...


class Scanner(Protocol):
    async def infected(self, content: bytes) -> bool:
        """Whether a known virus is in it. DeliveryError when the scanner cannot say."""
        ...
