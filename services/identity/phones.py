"""Phone numbers: E.164 or nothing."""

import phonenumbers

from services.identity.errors import InvalidPhone


def e164(text: str) -> str:
    """`+79000000000` from a number written with its country code; InvalidPhone for anything else."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
