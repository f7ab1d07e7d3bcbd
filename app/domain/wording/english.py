"""Wording that leaves people out, in English. Searched for in folded text: lower case."""

from app.domain.wording.kinds import Kind
from app.domain.wording.rules import Rule, rule

_GAP = r"(?:(?!(?:for|to|of|in|with|at|on|from|and|as|who)\s)[\w-]+,?\s+){0,3}"
_SEEK = (
    r"\b(?:looking\s+for|seek(?:ing|s)?|need(?:ed|s|ing)?|hir(?:e|es|ing)|want(?:ed|s)?|requir(?:ed?|es"
    r"|ing)|prefer(?:red|s)?|recruiting)\s*:?\s+"
)
_ONLY = r"\b(?:only|exclusively|strictly|must\s+be|preferably)\s+(?:for\s+)?(?:an?\s+)?"
_AFTER = (
    r"\s*(?:applicants?\s+|candidates?\s+|people\s+|persons?\s+)?(?:only\b|preferred\b|exclusively\b"
    r"|need\s+not\s+apply|should\s+not\s+apply|(?:are\s+)?not\s+(?:wanted|welcome|accepted|hired|considered))"
)
_NO = (
    r"\b(?:no|not|except|without|don'?t\s+(?:hire|want|accept|consider|take)|do\s+not\s+(?:hire|want|accept"
    r"|consider|take))\s+(?:any\s+)?"
)

_OWNED = (
    r"(?!['’]|\w|\s*(?:clothing|wear|shoes|fashion|hairdress|salon|team|football|room|toilet|connector"
    r"|thread|plug|clothes))"
)
_SEX = rf"(?:men|women|man|woman|males?|females?|girls?|boys?|ladies|lady|guys?|gentlem[ae]n){_OWNED}"
_PEOPLES = (
    r"(?:russians?|slavs?|slavic|tatars?|uzbeks?|tajiks?|kyrgyz|kazakhs?|armenians?|azerbaijanis?"
    r"|georgians?|ukrainians?|chechens?|caucasians?"
    r"|asians?|europeans?|westerners?|americans?|british|indians?|pakistanis?|chinese|vietnamese|turks?"
    r"|turkish|arabs?|africans?|filipin[oa]s?|gyps(?:y|ies)|jews?|roma)"
)
_WORKERS = (
    r"(?:nann(?:y|ies)|workers?|drivers?|cleaners?|builders?|crew|staff|housekeepers?|maids?|labou?rers?"
    r"|men|women|man|woman|girls?|people|persons?|applicants?|candidates?|nationals?|citizens?|employees?)"
)
_FOREIGN = (
    r"(?:foreigners?|immigrants?|migrants?|foreign\s+(?:nationals?|workers?|citizens?)|non-?(?:russians?"
    r"|citizens?|locals?))"
)
_FAITH = (
    r"(?:christians?|muslims?|orthodox|jews?|jewish|hindus?|buddhists?|catholics?|believers?|atheists?"
    r"|non-?believers?)"
)
_NO_THING = (
    r"(?!\s*(?:school|church|food|cuisine|kitchen|holiday|cemetery|store|tea|language|restaurant|style|charity))"
)
_LOCAL = r"(?:locals?(?:\s+(?:residents?|people|applicants?|candidates?))?|city\s+residents?|residents?\s+of\s+\w+)"
_REASON = r"voice|announcer|dubbing|narrat|speech\s+therap|actor|actress|welcome"
_WELCOME = r"welcome|encourage"
_NOT_OF_PEOPLE = (
    r"child|pupil|student|experience|warrant|company\s+(?:is|has)|history|tonne|minutes|mortgage|customers?"
    r"|guests?|clients?|audience|kids|on\s+the\s+market"
)

RULES: list[Rule] = [
    rule(Kind.SEX, rf"\b{_SEX}{_AFTER}|{_ONLY}{_GAP}{_SEX}(?!\s+and)|{_NO}{_SEX}", _WELCOME),
    rule(Kind.SEX, rf"{_SEEK}(?:an?\s+)?{_GAP}{_SEX}"),
    rule(Kind.SEX, r"(?:^|[.!?\n;]\s*)(?:fe)?males?\s*(?:[,:]?\s*\d|\n|[.,!]|$)"),
    rule(Kind.SEX, r"\b(?:gender|sex)\s*[:\-–—=]\s*(?:m\b(?!\s*/)|f\b(?!\s*/)|male|female|man|woman)"),
    rule(
        Kind.SEX,
        rf"\((?:only\s+)?{_SEX}\)|\b(?:male|female)\s+(?:candidates?|applicants?|staff|employees?"
        rf"|waiters?|secretar\w+|assistants?|drivers?|receptionists?|persons?)\b",
    ),
    rule(Kind.NATIONALITY, rf"\b{_PEOPLES}(?:\s+{_WORKERS})?{_AFTER}", _WELCOME),
    rule(Kind.NATIONALITY, rf"\bonly\s+(?:hire|accept|take|consider|employ)s?\s+{_PEOPLES}{_NO_THING}(?!\w)"),
    rule(Kind.NATIONALITY, rf"{_ONLY}{_PEOPLES}{_NO_THING}(?:\s+{_WORKERS}|\s*(?:[.,;!)]|$|\n|or\b|and\b))"),
    rule(
        Kind.NATIONALITY,
        rf"{_NO}(?:\w+\s+)?(?:{_PEOPLES}(?=\s*(?:[.,;!)]|$|\n|or\b|{_WORKERS}))|{_FOREIGN})|\b{_FOREIGN}{_AFTER}",
        _WELCOME,
    ),
    rule(Kind.NATIONALITY, rf"{_SEEK}(?:an?\s+)?{_GAP}{_PEOPLES}\s+{_WORKERS}\b"),
    rule(
        Kind.NATIONALITY,
        r"\b(?:\w+\s+)?(?:citizens|nationals|passport\s+holders)\s+only|\bonly\s+(?:\w+\s+)?(?:citizens"
        r"|nationals|passport)|citizenship\s*(?::|is\s+)?(?:required|only|mandatory|a\s+must)"
        r"|\bonly\s+with\s+\w+\s+citizenship",
        r"by\s+law|clearance|state\s+secret",
    ),
    rule(
        Kind.NATIONALITY,
        r"\b(?:slavic|russian|european|asian|caucasian)\s+(?:appearance|origin|descent|ethnicity"
        r"|looking)|\bnationality\s*[:\-–—]|\bethnic\s+\w+\s+(?:only|preferred)|\bethnicity\s*[:\-–—]",
    ),
    rule(
        Kind.RACE,
        r"\b(?:whites?|blacks?|colou?reds?)(?:\s+(?:people|persons?|candidates?|applicants?|men"
        r"|women))?\s+(?:only|need\s+not|preferred|not\s+welcome)",
    ),
    rule(
        Kind.RACE,
        r"\b(?:only|no)\s+(?:whites|blacks|(?:white|black|colou?red)\s+(?:people|persons?|candidates?"
        r"|applicants?|men|women|workers?))",
    ),
    rule(
        Kind.RACE,
        r"\bskin\s+colou?r|\bcolou?r\s+of\s+(?:your\s+)?skin|\b(?:fair|light|dark|white"
        r"|black)[-\s]skinned|\brace\s*[:\-–—]\s*\w+",
        r"make-?up|cosmetic|regardless|foundation",
    ),
    rule(
        Kind.LANGUAGE,
        r"\bnative(?:\s+\w+)?[\s-]+speakers?|\bnative\s+(?:english|russian|tatar|kazakh)(?!\w)"
        r"|\bspeakers?\s+from\s+birth|\bmother\s+tongue|\bfirst\s+language\s+(?:must|should)",
        _REASON,
    ),
    rule(
        Kind.LANGUAGE,
        r"\b(?:without|no|zero|free\s+of)\s+(?:an?\s+|any\s+)?(?:\w+\s+)?accents?\b|\baccent[-\s]free"
        r"|\b(?:neutral|no\s+foreign|perfect|pure)\s+accent",
        _REASON,
    ),
    rule(
        Kind.RELIGION,
        rf"\b{_FAITH}{_NO_THING}(?:\s+{_WORKERS})?{_AFTER}|{_ONLY}{_FAITH}{_NO_THING}(?=\s*(?:[.,;!)]|$"
        rf"|\n|{_WORKERS}|or\b|and\b))|{_NO}{_FAITH}{_NO_THING}(?=\s*(?:[.,;!)]|$|\n|please|{_WORKERS}|or\b))",
        _WELCOME,
    ),
    rule(
        Kind.RELIGION,
        rf"{_SEEK}(?:an?\s+)?{_GAP}{_FAITH}\s+{_WORKERS}\b|\breligion\s*[:\-–—]|\b(?:no"
        rf"|without)\s+(?:an?\s+)?(?:hijabs?|headscar(?:f|ves)|turbans?|burqas?|niqabs?)"
        rf"|\bpractising\s+{_FAITH}|\bhijabs?\s+(?:need\s+not|(?:is|are)\s+not|not)\b",
    ),
    rule(
        Kind.RESIDENCE,
        rf"\b{_LOCAL}{_AFTER}|\bonly\s+(?:\w+\s+)?residents\b(?!\s*['’])|\bonly\s+(?:for\s+)?{_LOCAL}(?=\s*(?:[.,;!)]|$|\n|apply|need|may|can"
        rf"|with))|{_SEEK}local\s+(?:residents?|people)",
    ),
    rule(
        Kind.RESIDENCE,
        r"\bmust\s+(?:already\s+)?(?:reside|live|be\s+(?:a\s+)?(?:permanently\s+)?(?:resident"
        r"|registered(?!\s+(?:with|as))|living))\b(?!\s+up)|\bpropiska\b|\b(?:permanent|local|city|residence|moscow"
        r"|kazan)\s+registration\b|\bregistration\s+(?:in|at)\s+[\w\s]{2,25}\s+(?:required|mandatory"
        r"|a\s+must)",
        r"on\s+site|on\s+the\s+site|rotation",
    ),
    rule(Kind.RESIDENCE, r"\b(?:no\s+(?:out-of-towners|newcomers|non-?residents)|out-of-towners\s+need\s+not)"),
    rule(
        Kind.AGE,
        r"\b(?:under|below|up\s+to|not\s+older\s+than|no\s+older\s+than|younger\s+than"
        r"|max(?:imum)?(?:\s+age)?\s*:?)\s*(?:the\s+age\s+of\s+)?[2-6]\d(?=\s*(?:years?|yrs?|y\.?o"
        r"|-years?)|\s*(?:[.,;!)]|$|\n|only\b)\s*(?!\d))",
        _NOT_OF_PEOPLE + r"|percent|%|kg|rub",
    ),
    rule(
        Kind.AGE,
        r"\b(?:aged?|ages)\s*[:\-–—]?\s*(?:from\s+|between\s+)?(?:1[6-9]|[2-6]\d)\s*(?:[\-–—]|to"
        r"|and)\s*[2-7]\d|\bbetween\s+[1-6]\d\s+and\s+[2-7]\d\s+years|\b[1-6]\d\s*(?:[\-–—]"
        r"|to)\s*[2-7]\d\s+years(?!\s+(?:of\s+(?!age)|experience|in|on))|\b(?:age|aged)\s+(?:limit|under|below"
        r"|up\s+to)\s*:?\s*\d\d",
        _NOT_OF_PEOPLE,
    ),
    rule(
        Kind.AGE,
        rf"\byoung\s+(?:and\s+\w+\s+)?(?:{_SEX}|people\b|persons?\b|candidates?\b|applicants?\b"
        rf"|energetic|staff\b|ladies|professionals?\s+only)|\bmust\s+be\s+young|\byoung\s+only\b|\bonly\s+young\s*(?:[.,!]|$)"
        rf"|\byoung\s+and\s+(?:energetic|dynamic|attractive|pretty|beautiful|slim)(?!\s+(?:company|team|brand))"
        rf"|{_SEEK}(?:an?\s+)?young\s+(?!company|team|children)\w+|\byouthful\b|\bdigital\s+natives?\b",
        r"\b(?:for|with|teach|help|support)\w*\s+young\s+people",
    ),
    rule(
        Kind.AGE,
        rf"{_NO}(?:pensioners?|retirees?|old(?:er)?\s+(?:people|persons|workers))|\b(?:pensioners?"
        rf"|retirees?|older\s+people){_AFTER}",
    ),
    rule(
        Kind.FAMILY,
        r"\b(?:single|unmarried|married|childless)\s+(?:women|woman|men|man|candidates?|applicants?"
        r"|people|persons?|girls?|only)|\bmarital\s+status|\bfamily\s+status\s*[:\-–—]|\bchildless\b"
        r"|\bmust\s+be\s+(?:single|unmarried|married)\b|\bnot\s+married\b",
    ),
    rule(
        Kind.FAMILY,
        r"\b(?:no|without|not\s+have)\s+(?:small\s+|young\s+|any\s+)?(?:children|kids)\b(?!['’]"
        r"|\s*(?:allowed|on\b|in\b|under|are|menu))|\bno\s+family\s+(?:commitments|obligations"
        r"|responsibilities)",
    ),
    rule(
        Kind.FAMILY,
        r"\b(?:not|no|non)[-\s]+(?:be\s+)?pregnan\w+|\bpregnant\s+(?:women|applicants"
        r"|candidates)\s+(?:need\s+not|should\s+not|are\s+not|not)|\bno\s+(?:plans\s+(?:for"
        r"|to\s+have)\s+(?:children|maternity|a\s+baby|kids)|maternity\s+plans)"
        r"|\bnot\s+plan\w*\s+(?:a\s+|to\s+have\s+|on\s+)?(?:child|maternity|pregnan|bab|kid)\w*",
    ),
    rule(
        Kind.APPEARANCE,
        rf"\b(?:attractive|good[-\s]looking|pretty|beautiful|slim|handsome|sexy|hot"
        rf"|presentable)\s+(?:{_SEX}|appearance|looks?|people\b|candidates?\b|applicants?\b|staff\b"
        rf"|waitress\w*|receptionists?\b|secretar\w+|hostess\w*)|\bpleas(?:ant|ing)\s+(?:appearance"
        rf"|looks)|\bgood\s+looks\b|\b(?:good|nice)[-\s]looking\b"
        r"|\b(?:slim|attractive|pretty)\s+and\s+(?:slim|attractive|pretty|young)\b",
    ),
    rule(
        Kind.APPEARANCE,
        r"\b(?:height|tall(?:er)?)\s*(?::|from|above|over|at\s+least|not\s+less\s+than|than"
        r"|min(?:imum)?)?\s*:?\s*1[4-9]\d\s*(?:cm)?\b|\bno\s+(?:visible\s+)?(?:tattoos?|piercings?)"
        r"|\b(?:not|no)\s+(?:overweight|fat)\b",
        r"models?\b|runway|ceiling|shelv|fence",
    ),
    rule(
        Kind.HEALTH,
        rf"\b(?:disabled|handicapped)(?:\s+(?:people|persons?|applicants?|candidates?"
        rf"|workers?))?{_AFTER}|{_NO}(?:people\s+with\s+)?(?:disabled|disabilit\w+|handicap\w*"
        rf"|invalids?)|\bpeople\s+with\s+disabilities{_AFTER}|\bable[-\s]bodied\b",
        r"welcome|barrier|discriminat",
    ),
    rule(
        Kind.HEALTH,
        r"\b(?:no|without|free\s+of|free\s+from)\s+(?:\w+\s+)?(?:chronic|mental)\s+(?:illness\w*"
        r"|diseases?|conditions?)|\bhiv[-\s]*(?:negative|free|test)|\bno\s+hiv|\b(?:perfect|excellent"
        r"|absolute)(?:ly)?\s+health\w*\s+(?:only|required|a\s+must)|\bin\s+perfect\s+health"
        r"|\b(?:perfectly|fully|completely|absolutely)\s+healthy",
    ),
]

_WHAT = r"(?:gender|sex|age|nationality|religion|marital\s+status|experience)\b"
_AND = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s*/\s*|\s+(?:and|or)\s+)"
_REST = r"(?:(?!\b(?:only|but|except|no|under|must|(?:wo)?m[ae]n|(?:fe)?males?|girls?|boys?)\b)[^.;!?\n])*"

HARMLESS = [
    rf"(?:regardless|irrespective)\s+of\b{_REST}",
    rf"equal\s+opportunit\w+{_REST}",
    rf"(?:does|do)\s+not\s+discriminate{_REST}|without\s+(?:regard|distinction)\b{_REST}",
    r"\b(?:all|any)\s+(?:genders?|sexes|ages?|nationalit\w+|religions?|races?|skin\s+colou?rs?)",
    r"\b(?:men|males?|man|boys?|guys|gentlemen)\s*(?:,|/|and|or)\s*(?:women|females?|woman|girls?|ladies)",
    r"\b(?:women|females?|woman|girls?|ladies)\s*(?:,|/|and|or)\s*(?:men|males?|man|boys?|guys|gentlemen)",
    rf"\b{_WHAT}(?:{_AND}{_WHAT}){{0,7}}\s+(?:does\s+not|doesn'?t|do\s+not|don'?t)\s+matter",
]
"""What says the opposite, and is left out before anything is searched for: no more than that."""
