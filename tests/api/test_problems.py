"""Problem details (RFC 9457): one shape for every error, in the caller's language, and no value comes back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.helpers import refused
from tests.support.people import World

BODY_LIMIT = 64 * 1024
MARK = "zq7marked7qz"
"""A value that no answer may hold."""


async def test_a_problem_says_what_it_is_and_which_request_it_was(world: World) -> None:
    answer = await world.client.get("/v1/me")
    problem = refused(answer, 401, "not_signed_in")
    assert problem == {
        "type": "urn:manzil:problem:not_signed_in",
        "title": "Sign in, then try again.",
        "status": 401,
        "code": "not_signed_in",
        "request_id": answer.headers["x-request-id"],
    }


async def test_each_request_has_an_id_of_its_own(world: World) -> None:
    ids = [(await world.client.get("/health/live")).headers["x-request-id"] for _ in range(3)]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        ("ru", "Войдите и попробуйте снова."),
        ("ru-RU,ru;q=0.9", "Войдите и попробуйте снова."),
        ("de, en;q=0.3, ru;q=0.5", "Войдите и попробуйте снова."),
        ("en", "Sign in, then try again."),
        ("sw", "Sign in, then try again."),
        ("ru;q=0, en", "Sign in, then try again."),
        ("", "Sign in, then try again."),
        ("ru;q=x,,;q=", "Sign in, then try again."),
    ],
)
async def test_the_title_is_in_the_callers_language(world: World, wanted: str, title: str) -> None:
    answer = await world.client.get("/v1/me", headers={"Accept-Language": wanted})
    assert refused(answer, 401, "not_signed_in")["title"] == title


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/nothing", "/v2/points", "/v1/me/nothing"])
async def test_an_unknown_address_is_not_found(world: World, path: str) -> None:
    refused(await world.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/points"), ("GET", "/v1/holds"), ("PUT", "/v1/me"), ("POST", "/v1/me")]
)
async def test_a_method_that_an_address_does_not_take_is_refused(world: World, method: str, path: str) -> None:
    answer = await world.client.request(method, path)
    refused(answer, 405, "method_not_allowed")
    assert method not in answer.headers["allow"]  # RFC 9110 §15.5.6: it must be there


async def test_a_401_says_what_it_wants(world: World) -> None:
    """RFC 9110 §15.5.2: a 401 must bear WWW-Authenticate."""
    assert (await world.client.get("/v1/me")).headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b"7", b'"text"', b"", b"{'phone': 1}"])
async def test_a_body_that_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await world.client.post("/v1/auth/codes", content=body, headers=headers)
    refused(answer, 422, "invalid_input")


async def test_json_that_is_nested_without_end_is_refused(world: World) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await world.client.post("/v1/auth/codes", content=b"[" * 30_000, headers=headers)
    refused(answer, 422, "invalid_input")


async def test_an_unknown_member_is_refused_by_its_name(world: World) -> None:
    body = {"phone": world.stranger().number, "fone": MARK}
    answer = await world.client.post("/v1/auth/codes", json=body)
    problem = refused(answer, 422, "invalid_input")
    assert [error["at"] for error in problem["errors"]] == ["body.fone"]
    assert MARK not in answer.text


async def test_a_body_over_the_limit_is_refused(world: World) -> None:
    answer = await world.client.post("/v1/auth/codes", json={"phone": "7" * BODY_LIMIT})
    refused(answer, 413, "too_large")


async def test_a_body_over_the_limit_that_hides_its_length_is_refused(world: World) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    answer = await world.client.post("/v1/auth/codes", content=pieces(), headers=headers)
    refused(answer, 413, "too_large")


async def test_a_body_just_within_the_limit_is_read(world: World) -> None:
    body = b'{"phone": "x"}'.ljust(BODY_LIMIT)
    headers = {"Content-Type": "application/json"}
    answer = await world.client.post("/v1/auth/codes", content=body, headers=headers)
    refused(answer, 422, "invalid_phone")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/auth/codes", {"phone": MARK * 10}),
        ("/v1/auth/codes", {"phone": {"a": MARK}}),
        ("/v1/auth/codes", {"phone": MARK}),
        ("/v1/auth/sessions", {"phone": MARK, "code": MARK, "device_key": MARK}),
        ("/v1/auth/sessions", {"device_key": {"kty": MARK, "crv": MARK, "x": MARK, "y": MARK}}),
        ("/v1/auth/staff/sessions", {"login": [MARK], "password": [MARK], "totp": MARK}),
        ("/v1/auth/refresh", {"refresh_token": [MARK], "proof": [MARK]}),
        ("/v1/me/passport", {"mrz": f"P<UTO{MARK}"}),
        ("/v1/me/passport", {"mrz": MARK * 20}),
        ("/v1/me/entries", {"entered_on": MARK, "purpose": MARK, "visa": MARK}),
        ("/v1/holds", {"step": f"{MARK}!", "service": f"{MARK}!", "point_id": MARK, "starts_at": MARK}),
        ("/v1/bookings", {"hold_id": MARK}),
        ("/v1/bookings", {"step": f"{MARK}!", "service": [MARK], "point_id": MARK, "starts_at": MARK}),
        ("/v1/me/pathway/steps/insurance/done", {"on": MARK}),
    ],
)
async def test_what_was_sent_never_comes_back(world: World, path: str, body: dict[str, Any]) -> None:
    person = await world.newcomer()
    answer = await person.post(path, body)
    assert answer.status_code == 422, answer.text
    assert MARK not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/free-times?service=medical&not_before={MARK}",
        f"/v1/free-times?service={MARK}!",
        f"/v1/free-times?service=medical&lat={MARK}",
        f"/v1/points/{MARK}/days/{MARK}?service=medical",
        f"/v1/me/bookings?cursor={MARK}",
        f"/v1/me/data-uses?cursor={MARK}&limit={MARK}",
        f"/v1/bookings/{MARK}",
    ],
)
async def test_what_was_asked_never_comes_back(world: World, path: str) -> None:
    person = await world.newcomer()
    answer = await world.client.get(path, headers=person.headers)
    refused(answer, 422, "invalid_input")
    assert MARK not in answer.text


@pytest.mark.parametrize("odd", ["\\u0000", "\\ud800", "\\u202e"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/auth/codes", '{"phone": "?"}'),
        ("/v1/auth/staff/sessions", '{"login": "?", "password": "x", "totp": "000000"}'),
        ("/v1/auth/staff/sessions", '{"login": "x", "password": "?", "totp": "000000"}'),
        ("/v1/auth/refresh", '{"refresh_token": "?", "proof": "?"}'),
        ("/v1/me/passport", '{"mrz": "?"}'),
        ("/v1/me/pathway/steps/%00/done", '{"on": "2026-09-01"}'),
    ],
)
async def test_characters_that_no_database_or_hash_takes_are_an_error_of_the_caller(
    world: World, path: str, body: str, odd: str
) -> None:
    person = await world.newcomer()
    headers = person.headers | {"Content-Type": "application/json"}
    answer = await world.client.post(path, content=body.replace("?", odd), headers=headers)
    assert 400 <= answer.status_code < 500, answer.text


async def test_answers_are_not_kept_by_caches_nor_guessed_at_by_browsers(world: World) -> None:
    person = await world.newcomer()
    for answer in (await person.get("/v1/me"), await world.client.get("/v1/me")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_nul_is_refused_wherever_it_stands(world: World) -> None:
    """JSON may hold one, and text in the database may not."""
    desk = await world.desk("medical-1")
    body = {"kind": "passport", "mrz": "P<", "decision": "same_person"}
    refused(await desk.post("/v1/merges/%00/decision", body), 422, "invalid_input")
    person = await world.newcomer()
    contacts = {"address": "Kazan\x00"}
    assert (await person.put("/v1/me/contacts", contacts)).status_code in {200, 422}
    refused(await person.post("/v1/host/invitations/read", {"code": "\x00"}), 403, "not_allowed")


@pytest.mark.parametrize("sent", [b"", b"{", b"plain text", b"[1]"])
async def test_a_repeated_refresh_that_says_nothing_is_refused(world: World, sent: bytes) -> None:
    headers = {"Idempotency-Key": "a-key-of-mine", "Content-Type": "text/plain"}
    answer = await world.client.post("/v1/auth/refresh", content=sent, headers=headers)
    refused(answer, 422, "invalid_input")
