"""The plainest wording that leaves people out in Kazakh, Uzbek and Latin-letter Russian; folded: і is и, ё is е."""

from app.domain.wording.kinds import Kind
from app.domain.wording.rules import Rule, rule

RULES: list[Rule] = [
    rule(Kind.SEX, r"\bтек\s+(?:қана\s+|кана\s+)?(?:қыз|ер\s+адам|ерлер|жигит|әйел)\w*"),
    rule(Kind.NATIONALITY, r"\bтек\s+(?:қана\s+)?(?:қазақ|орыс|өзбек)(?:тар|дар|тер)?\b(?!\s*тил)"),
    rule(Kind.RESIDENCE, r"\bтек\s+(?:қана\s+)?жергиликти"),
    rule(Kind.AGE, r"\b[2-6]\d\s+жасқа\s+дейин|\b[1-6]\d\s*[-–—]\s*[2-7]\d\s+жас\b"),
    rule(Kind.SEX, r"\b(?:faqat|фақат)\s+(?:ayol|erkak|qiz|yigit|аел|эркак|қиз|йигит)\w*"),
    rule(
        Kind.NATIONALITY,
        r"\b(?:faqat|фақат)\s+(?:o[‘'ʻ`]?zbek|rus|tojik|ўзбек|рус|тожик)(?:lar|лар)?\b(?!\s*(?:til|тил))",
    ),
    rule(Kind.RESIDENCE, r"\b(?:faqat|фақат)\s+(?:mahalliy|маҳаллий)"),
    rule(Kind.AGE, r"\b[2-6]\d\s+(?:yoshgacha|ешгача)|\b[1-6]\d\s*[-–—]\s*[2-7]\d\s+(?:yosh|еш)\b"),
    rule(Kind.NATIONALITY, r"\btol'?ko\s+(?:dlya\s+)?(?:slavyan|russki[ehjm])\w*|\bbez\s+lkn\b"),
    rule(Kind.SEX, r"\btol'?ko\s+(?:dlya\s+)?(?:devush|muzhchin|zhenshchin|zhenshin|parn)\w*"),
    rule(Kind.RESIDENCE, r"\btol'?ko\s+(?:dlya\s+)?mestn\w*|\bpropisk\w+"),
]
