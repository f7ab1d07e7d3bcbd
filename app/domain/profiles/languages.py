"""The languages that a person can choose."""

from enum import StrEnum


class Language(StrEnum):
    """BCP 47 tags; the eight languages spoken by most newcomers stand first."""

    RUSSIAN = "ru"
    UZBEK_LATIN = "uz-Latn"
    UZBEK_CYRILLIC = "uz-Cyrl"
    TAJIK = "tg"
    KYRGYZ = "ky"
    KAZAKH = "kk"
    ARMENIAN = "hy"
    AZERBAIJANI = "az"
    ENGLISH = "en"
    CHINESE = "zh-Hans"
    VIETNAMESE = "vi"
    DARI = "fa-AF"
    TURKISH = "tr"
