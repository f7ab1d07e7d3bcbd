"""The key of a phone: public, EC P-256, on the curve; anything else is refused before the code is spent."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.api.helpers import ask_code, b64, enter_code, given, refused, unb64
from tests.support.people import Person, World


@pytest.fixture
def person(world: World) -> Person:
    return world.stranger()


async def _refused(person: Person, key: dict[str, str], code: str) -> None:
    """The key is refused, and the person's code still opens the door."""
    sent = await ask_code(person.world, person.number)
    problem = refused(await enter_code(person, sent, device_key=key), 422, code)
    assert key["x"] not in str(problem)
    given(await enter_code(person, sent), 201)


async def test_a_private_key_is_refused_and_not_echoed(person: Person) -> None:
    secret = person.key.to_dict()["d"]
    answer = await enter_code(person, "000000", device_key=person.device_key | {"d": secret})
    refused(answer, 422, "invalid_input")
    assert secret not in answer.text


async def test_a_key_of_another_curve_is_refused(person: Person) -> None:
    numbers = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    x, y = (b64(n.to_bytes(48, "big")) for n in (numbers.x, numbers.y))
    await _refused(person, {"kty": "EC", "crv": "P-384", "x": x, "y": y}, "invalid_input")


async def test_a_key_of_another_curve_under_the_right_name_is_refused(person: Person) -> None:
    numbers = ec.generate_private_key(ec.SECP256K1()).public_key().public_numbers()
    x, y = (b64(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    await _refused(person, {"kty": "EC", "crv": "P-256", "x": x, "y": y}, "invalid_device_key")


async def test_a_point_that_is_not_on_the_curve_is_refused(person: Person) -> None:
    y = bytearray(unb64(person.device_key["y"]))
    y[-1] ^= 1
    await _refused(person, person.device_key | {"y": b64(bytes(y))}, "invalid_device_key")


async def test_the_point_at_zero_is_refused(person: Person) -> None:
    zero = b64(bytes(32))
    await _refused(person, person.device_key | {"x": zero, "y": zero}, "invalid_device_key")


async def test_coordinates_that_are_not_base64url_are_refused(person: Person) -> None:
    await _refused(person, person.device_key | {"x": "!" * 43}, "invalid_device_key")


async def test_an_rsa_key_is_refused(person: Person) -> None:
    await _refused(person, person.device_key | {"kty": "RSA"}, "invalid_input")
