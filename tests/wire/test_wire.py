"""What goes over the wire is what the RFCs say, by other libraries' word: ours writes, theirs reads, and back."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import rfc8785
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from hypothesis import given
from hypothesis import strategies as st

from app.domain.registry.mirror import ACTS
from app.wire import receipts
from app.wire.bodies import (
    Act,
    Event,
    MalformedError,
    batch_of,
    body_of,
    canonical,
    content_digest,
    digest_of,
    event_of,
    parts_of,
)
from app.wire.keys import PrivateKey, key_from, new_key, published, read_set
from app.wire.signatures import LONGEST, SKEW, Message, SignatureError, new_nonce, sign, verify

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
KEY, OTHER = new_key(), new_key()
KEYS = read_set(published([KEY.public_jwk, OTHER.public_jwk]))
REQUEST = Message({}, b'{"a":1}', "POST", "/v1/events")


def signed(message: Message = REQUEST, key: PrivateKey = KEY, now: datetime = NOW, nonce: str = "nonce-123") -> Message:
    headers = {name.lower(): value for name, value in sign(message, key, now, nonce=nonce).items()}
    return Message(headers, message.body, message.method, message.path, message.status)


def refused(message: Message, code: str, *, now: datetime = NOW, nonce: str | None = None, keys: Any = KEYS) -> None:
    with pytest.raises(SignatureError) as caught:
        verify(message, keys, now, nonce=nonce)
    assert caught.value.code == code


class Resolver(HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id: str) -> Any:
        assert key_id == KEY.kid
        return KEY.key

    def resolve_public_key(self, key_id: str) -> Any:
        return KEYS[key_id]


class Theirs:
    def __init__(self, message: Message) -> None:
        self.method, self.url = message.method, f"http://registry{message.path}"
        self.headers = {name.title(): value for name, value in message.headers.items()}


def test_another_library_verifies_our_signature_over_method_path_digest_and_times() -> None:
    now = datetime.now(UTC)
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=Resolver())
    covered = ("@method", "@path", "content-digest")
    (found,) = verifier.verify(
        Theirs(signed(now=now)), expect_tag="mirror", require_components=covered, body=REQUEST.body
    )
    assert found.parameters["nonce"] == "nonce-123"
    assert {"created", "expires", "keyid"} <= set(found.parameters)


def test_we_verify_another_librarys_signature() -> None:
    theirs = Theirs(REQUEST)
    HTTPMessageSigner(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=Resolver()).sign(
        theirs,
        key_id=KEY.kid,
        created=NOW,
        expires=NOW + timedelta(seconds=60),
        nonce="of-theirs",
        label="sig1",
        tag="mirror",
        covered_component_ids=("@path", "@method"),
        body=REQUEST.body,
    )
    headers = {name.lower(): value for name, value in theirs.headers.items()}
    message = Message(headers, REQUEST.body, "POST", "/v1/events")
    assert verify(message, KEYS, NOW).nonce == "of-theirs"
    refused(message, "signature_expired", now=NOW + timedelta(minutes=5))
    refused(Message(headers, b"{}", "POST", "/v1/events"), "digest_mismatch")
    refused(Message(headers, REQUEST.body, "POST", "/v1/other"), "signature_invalid")
    refused(message, "key_unknown", keys={})
    refused(message, "nonce_mismatch", nonce="another")


def test_an_answer_is_bound_to_its_request_and_its_status() -> None:
    answer = signed(Message({}, b"{}", status=202), nonce="of-request")
    assert verify(answer, KEYS, NOW, nonce="of-request").kid == KEY.kid
    refused(answer, "nonce_mismatch", nonce="of-another")
    refused(Message(answer.headers, b"{}", status=200), "signature_invalid")
    refused(Message(answer.headers, b"{}", "POST", "/v1/events"), "signature_invalid")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: Message(m.headers, b'{"a":2}', m.method, m.path), "digest_mismatch"),
        (lambda m: Message(m.headers, m.body, "PUT", m.path), "signature_invalid"),
        (lambda m: Message(m.headers, m.body, m.method, "/v1/other"), "signature_invalid"),
        (lambda m: Message({}, m.body, m.method, m.path), "signature_missing"),
        (lambda m: _with(m, "content-digest", content_digest(b"other")), "signature_invalid"),
        (lambda m: _with(m, "signature-input", m.headers["signature-input"].replace(KEY.kid, OTHER.kid)), None),
        (lambda m: _with(m, "signature-input", m.headers["signature-input"].replace("nonce-123", "nonce-124")), None),
        (lambda m: _with(m, "signature", "mirror=:" + base64.b64encode(bytes(64)).decode() + ":"), None),
        (lambda m: _with(m, "signature", "nonsense"), None),
    ],
)
def test_whatever_is_changed_is_noticed(change: Any, code: str | None) -> None:
    refused(change(signed()), code or "signature_invalid")


def _with(message: Message, name: str, value: str) -> Message:
    return Message({**message.headers, name: value}, message.body, message.method, message.path)


def test_times_are_held_against_the_clock() -> None:
    verify(signed(), KEYS, NOW + timedelta(minutes=1) + SKEW)
    refused(signed(), "signature_expired", now=NOW + timedelta(minutes=1, seconds=1) + SKEW)
    refused(signed(), "signature_early", now=NOW - SKEW - timedelta(seconds=1))
    long = signed().headers["signature-input"]
    end = int(NOW.timestamp()) + int(LONGEST.total_seconds()) + 1
    stretched = long.replace(f"expires={int(NOW.timestamp()) + 60}", f"expires={end}")
    refused(_with(signed(), "signature-input", stretched), "signature_invalid")


@given(
    st.builds(
        Event,
        id=st.uuids(),
        source=st.just("urn:manzil:t"),
        act=st.sampled_from(Act),
        subject=st.uuids(),
        sequence=st.integers(1, 2**53 - 1),
        time=st.just(NOW),
        purpose=st.text("abc_", max_size=20),
        consent=st.none() | st.uuids(),
        content=st.dictionaries(st.text(max_size=5), st.integers(-1000, 1000) | st.text(max_size=5), max_size=3),
    )
)
def test_an_event_is_read_as_it_was_written_and_is_a_cloud_event(event: Event) -> None:
    body = body_of(event)
    assert event_of(body) == event
    assert canonical(json.loads(body)) == body
    theirs = JSONFormat().read(CloudEvent, body)
    assert (theirs.get_id(), theirs.get_source()) == (str(event.id), event.source)
    assert theirs.get_subject() == str(event.subject)


def test_a_body_of_another_form_is_none() -> None:
    event = Event(uuid4(), "urn:manzil:t", Act.PUT, uuid4(), 1, NOW)
    told = json.loads(body_of(event))
    spaced = json.dumps(told).encode()
    wrong = [{"specversion": "0.3"}, {"sequence": "0"}, {"sequence": "01"}, {"id": "x"}, {"type": "x"}, {"subject": 1}]
    wrong += [{"data": []}, {"time": "2026-09-01T07:00:00"}, {"purpose": "x" * 201}, {"data": {"content": [1]}}]
    early = json.dumps(told | {"time": "0001-01-01T00:00:00+14:00"}).encode()
    vast = json.dumps(told | {"data": {"content": {"n": 2**60}}}).encode()  # larger than any canonical number
    odd = [spaced, early, vast, b"[]", b"1", b"\xff", b"[" * 100_000]
    for body in [*odd, *(canonical(told | change) for change in wrong)]:
        with pytest.raises(MalformedError):
            event_of(body)


def test_a_receipt_stands_by_itself_and_no_other_stands_for_it() -> None:
    stated = {"erased": 3, "event": str(UUID(int=1))}
    receipt = receipts.issue(stated, KEY)
    assert receipts.read(receipt, KEYS) == stated
    header, _, signature = receipt.split(".")
    forged = base64.urlsafe_b64encode(canonical(stated | {"erased": 4})).decode().rstrip("=")
    for wrong, keys in (
        (f"{header}.{forged}.{signature}", KEYS),
        (receipt, {KEY.kid: OTHER.key.public_key()}),
        (receipt, {}),
        ("nonsense", KEYS),
        (receipts.issue(stated, KEY, "something-else"), KEYS),
    ):
        with pytest.raises(receipts.ReceiptError):
            receipts.read(wrong, keys)


def test_a_key_is_kept_and_named_by_what_it_is() -> None:
    assert key_from(KEY.pem()).kid == KEY.kid
    assert published([KEY.public_jwk])["keys"][0]["kid"] == KEY.kid
    assert len(digest_of(b"")) == 32
    assert len(new_nonce()) >= 8
    wrong: Any
    for wrong in ({}, {"keys": [1]}, {"keys": [{"kty": "EC", "crv": "P-256"}]}, []):
        with pytest.raises(ValueError, match="JWK"):
            read_set(wrong)


def test_the_domain_and_the_wire_name_the_same_acts() -> None:
    assert set(ACTS) == {act.value for act in Act}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON)
def test_what_is_canonical_is_so_by_the_librarys_word(value: Any) -> None:
    """The short way for plain values writes the same bytes, or refuses the same."""
    try:
        expected = rfc8785.dumps(value)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            canonical(value)
        return
    assert canonical(value) == expected


@given(values=st.lists(st.dictionaries(st.text('ab"\\\n\x7fé', max_size=3), st.text(max_size=5)), min_size=1))
def test_a_batch_is_canonical_and_gives_back_its_parts(values: list[dict[str, str]]) -> None:
    bodies = [canonical(value) for value in values]
    assert batch_of(bodies) == canonical(values)
    assert parts_of(batch_of(bodies)) == bodies
