"""What has to be known of each language: its own name, direction and plurals, and what its readers read besides."""

from dataclasses import dataclass

from app.domain.profiles.languages import Language

WRITTEN = (Language.ENGLISH, Language.RUSSIAN)
"""The languages in which every text stands in the code and the data; the others come from catalogues."""

_ONE = ("one", "other"), "(n != 1)"
_ZERO_IS_ONE = ("one", "other"), "(n > 1)"
_ALWAYS_OTHER = ("other",), "0"
_SLAVIC = (
    ("one", "few", "many"),
    "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)",
)


@dataclass(frozen=True, slots=True)
class Traits:
    """`plurals`: the categories of whole numbers by CLDR's names, and gettext's expression that chooses among them.

    `besides`: which of `WRITTEN` its readers are more likely to read, where a text is not in their language.
    """

    own_name: str
    plurals: tuple[tuple[str, ...], str]
    besides: Language
    right_to_left: bool = False
    comma: str = ", "


# Plurals by CLDR. It has long had none for Tajik, and splits Vietnamese, whose nouns have one form.
TRAITS = {
    Language.RUSSIAN: Traits("Русский", _SLAVIC, Language.RUSSIAN),
    Language.UZBEK_LATIN: Traits("Oʻzbekcha", _ONE, Language.RUSSIAN),
    Language.UZBEK_CYRILLIC: Traits("Ўзбекча", _ONE, Language.RUSSIAN),
    Language.TAJIK: Traits("Тоҷикӣ", _ONE, Language.RUSSIAN),
    Language.KYRGYZ: Traits("Кыргызча", _ONE, Language.RUSSIAN),
    Language.KAZAKH: Traits("Қазақша", _ONE, Language.RUSSIAN),
    Language.ARMENIAN: Traits("Հայերեն", _ZERO_IS_ONE, Language.RUSSIAN),
    Language.AZERBAIJANI: Traits("Azərbaycanca", _ONE, Language.RUSSIAN),
    Language.ENGLISH: Traits("English", _ONE, Language.ENGLISH),
    Language.CHINESE: Traits("简体中文", _ALWAYS_OTHER, Language.ENGLISH, comma="、"),
    Language.VIETNAMESE: Traits("Tiếng Việt", _ALWAYS_OTHER, Language.ENGLISH),
    Language.DARI: Traits("دری", _ZERO_IS_ONE, Language.ENGLISH, right_to_left=True, comma="، "),
    Language.TURKISH: Traits("Türkçe", _ONE, Language.ENGLISH),
}
