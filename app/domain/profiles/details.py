"""What a person says of themselves, by kind: each is sealed, and earlier values are kept."""

from enum import StrEnum

from app.domain.profiles.names import NameSource
from app.domain.profiles.numbers import NumberKind


class DetailKind(StrEnum):
    PRINTED_NAME = "printed_name"
    CYRILLIC_NAME = "cyrillic_name"
    INN = NumberKind.INN.value
    SNILS = NumberKind.SNILS.value
    KZ_IIN = NumberKind.KZ_IIN.value
    CONTACTS = "contacts"
    HOME = "home"


NAMES = {NameSource.PRINTED: DetailKind.PRINTED_NAME, NameSource.CYRILLIC: DetailKind.CYRILLIC_NAME}
NUMBERS = {kind: DetailKind(kind.value) for kind in NumberKind}
