"""What is said of people in English to leave them out, whoever they are and wherever in the clause it stands.

A word for people and a word of refusal or preference make a fault anywhere in one clause: so the words for people are
those that are hardly of anything else. `english` knows the words that stand side by side. Folded text.
"""

from app.domain.wording.kinds import Kind
from app.domain.wording.rules import Rule, rule

_CLAUSE = r"[^.!?;:\n]{0,60}?"
_NOT = (
    r"(?:\bneed\s+not\b|\b(?:look\s+elsewhere|stay\s+away)\b|\bnot\s+(?!only|less|more|matter|older|limit|asked?\b"
    r"|need\b|required)\w{2,}|\bnever\b"
    r"|\b(?:cannot|can't|won't|don't|isn't|aren't)\b|\b(?:reject|refus|exclud|forbid|bann|barr"
    r"|dismiss|skipp|binn|ignor|sack)\w*"
    r"|\bturned\s+(?:away|down)\b|\bunwelcome\b|\bunsuitable\b|\bsorry\b)"
)
_FIRST = (
    r"(?:\bprefer\w*|\bpriority\b|\bpreference\b|\bonly\b|\bexclusively\b|\bideally\b|\bmust\s+be\b"
    r"|\bwelcome\b(?=,)|\binvited\b"
    r"|\bsuits?\b|\bwanted\b)"
)
_LANDS = (
    r"(?:central\s+asia|asia|africa|the\s+caucasus|caucasus|abroad|uzbekistan|tajikistan|kyrgyzstan"
    r"|kazakhstan|armenia|azerbaijan"
    r"|ukraine|belarus|china|india|vietnam|turkey|syria|the\s+east|the\s+south|other\s+countries"
    r"|another\s+country)"
)
_PERSON = (
    r"(?:people|persons?|workers?|applicants?|candidates?|citizens?|nationals?|natives?|men|women"
    r"|anyone|those|labou?rers?|staff)"
)
_FROM = (
    rf"(?:{_PERSON}\s+(?:who\s+(?:come|are)\s+)?(?:from|of|born\s+in)\s+{_LANDS}|(?:central\s+asian"
    r"|caucasian|african|asian|chinese|indian|turkish"
    rf"|uzbek|tajik|kyrgyz)\s+{_PERSON}|(?:im)?migrants?|foreigners?|foreign\s+(?:workers?|nationals?|applicants?|candidates?|citizens?|labou?r)|ethnic\s+\w+|europeans?|slavs"
    r"|non-?russians?|asians|africans|uzbeks?|tajiks?|kyrgyz|kazakhs?|armenians|georgians|russians"
    r"|(?:russian|uzbek|tajik|kyrgyz|kazakh|foreign)\s+passport\s+holders|strangers\s+from\s+\w+)"
)
_FAITH = (
    r"(?:muslims?|christians?|jews|jehovah\W?s\s+witness\w*|catholics?|hindus|buddhists?|atheists?"
    r"|believers?|orthodox\s+\w+"
    r"|religious\s+(?:people|persons?|applicants?|folks?)|god-?fearing|ramadan|fasting)"
)
_WORN = r"(?:hijabs?|head\s?scar(?:f|ves)|turbans?|burqas?|niqabs?|religious\s+(?:dress|clothing|symbols?))"
_LIVING = (
    r"(?:(?:people|persons?|applicants?|candidates?|anyone|those)\s+(?:who\s+(?:live|are|come)\s+"
    r"|living\s+)?(?:from|outside|in)\s+"
    r"(?:other\s+(?:towns?|cities|regions?)|(?:the\s+)?(?:city|region|suburbs|hostels?|dormitor\w+)"
    r"|another\s+(?:town|city|region)|\w+)"
    r"|out[-\s]of[-\s]town\w*|hostel\s+(?:dwellers|residents)|villagers|village\s+(?:people|folk)|provincials|dormitory\s+residents)"
)
_OLD = (
    r"(?:retirees|pensioners?|(?:people|persons?|applicants?|candidates?|workers?|anyone|those|one"
    r"|you\s+are)\s+(?:who\s+are\s+)?(?:over|above|past|near\s+retirement|older\s+than)"
    r"\s*(?:[3-7]\d|thirty|forty|fifty|sixty|the\s+age)?|older\s+(?:folks?|people|persons?|workers?"
    r"|applicants?)|the\s+elderly)"
)
_TENS = r"(?:twenty|thirty|forty|fifty|sixty)"
_MOTHERS = (
    r"(?:mothers?\b(?!\s+tongue)|mothers?\s+(?:of|with)\s+\w+(?:\s+\w+)?|single\s+mothers?|pregnant\b"
    r"|(?:women|those)\s+(?:who\s+are\s+)?(?:planning|expecting)\s+\w+|divorced\s+\w+|bachelors)"
)
_ILL = (
    r"(?:wheelchair\s+users?|(?:deaf|blind|disabled|handicapped)(?:\s+\w+)?"
    r"|people\s+with\s+disabilit\w+|hiv\b|epileptics?|cripples?|(?:any\s+|a\s+)?disability|fat\s+(?:people"
    r"|persons?|applicants?)|obese\s+\w+)"
)
_UNION = (
    r"(?:(?:trade\s+)?union(?:ists|\s+(?:members?|activists?))|(?:supporters?|members?"
    r"|opponents?)\s+of\s+(?:the\s+)?(?:opposition|government|party"
    r"|president|union)\w*|communists?|liberals)"
)
_MEN = r"(?:women|men|ladies|gents|gentlemen|girls|guys|males|females|lads?|chaps?|blokes?|barmaids?)(?!['’])"
_SERVED = (
    r"cloth|shoe|salon|changing|room|team|football|care\s+for|help|serv|customers?|clients?|guests?"
    r"|residents|nanny|teach|regardless|everyone|everybody|accessib|step-free"
)


def _anywhere(kind: Kind, who: str, unless: str = "", *, first: bool = True) -> list[Rule]:
    found = [rule(kind, rf"\b{who}\b{_CLAUSE}{_NOT}|(?:{_NOT}{_CLAUSE}|\bno\s+(?:\w+\s+)?)\b{who}\b", unless)]
    return [*found, rule(kind, rf"\b{who}\b{_CLAUSE}{_FIRST}|{_FIRST}{_CLAUSE}\b{who}\b", unless)] if first else found


RULES: list[Rule] = [
    *_anywhere(Kind.SEX, _MEN, _SERVED),
    rule(Kind.SEX, r"\b(?:strong|handy|sturdy|tough|burly)\s+(?:man|men|guys?)\b"),
    rule(Kind.AGE, rf"\b(?:{_TENS}|[2-7]\d)[-\s]year[-\s]olds\b", r"child|teach"),
    rule(Kind.LANGUAGE, r"\blike\s+a\s+native\b|\baccents?\b[^.!?\n]{0,20}\brefus\w*"),
    rule(
        Kind.SEX,
        r"\b(?:women|girls|ladies|lads?|chaps?|blokes?|gents|guys|barmaids?|male|female)\b(?!['’])",
        _SERVED + r"|hair|regardless|connector|thread|plug|ward|shelter|barber|and\s+(?:men|women|boys|girls)",
    ),
    rule(
        Kind.SEX,
        r"\b(?:wo)?man['’]s\s+(?:job|work|world)\b|\b(?:sales|bar|chamber)(?:girl|lady|maid)\b"
        r"|\bfor\s+a\s+(?:lady|gentleman|man|woman|girl|guy)\b",
        r"cloth|shoe|salon|nanny|care",
    ),
    *_anywhere(Kind.AGE, _OLD, _SERVED + r"|certificat|equipment", first=False),
    rule(
        Kind.AGE,
        rf"\b(?:between|from|over|under|below|past)\s+{_TENS}(?:-\w+)?(?:\s+(?:and"
        rf"|to)\s+{_TENS}(?:-\w+)?)?(?=\s*(?:[.,;!)]|$|\n|years\s+(?:of\s+age|old)|only))"
        r"|\bin\s+their\s+(?:early\s+|late\s+)?(?:twenties|thirties|forties|teens)",
        r"experience|rubles?|thousand|children",
    ),
    rule(
        Kind.AGE,
        r"\b(?:fresh|young)\s+(?:young\s+)?(?:faces|blood|folks?)\b|\b(?:school\s+leavers|graduates"
        r"|students)\s+only\b|\bonly\s+(?:school\s+leavers|students)\b|\b(?:max(?:imum)?|upper)\s+age\b"
        r"|\bage\s+(?:limit|ceiling|cap|bracket)\b",
        r"child|regardless|no\s+(?:upper\s+)?age",
    ),
    rule(
        Kind.AGE,
        r"\b(?:youngsters|oldies|youths?)\b|\bborn\s+(?:before|after|in)\s+(?:the\s+)?(?:19|20)\d\d"
        r"|\b[2-6]\d\s+is\s+(?:our|the)\s+(?:\w+\s+)?limit|\b1[6-9]\s*(?:to"
        r"|[\-–—])\s*[2-6]\d[-\s]year[-\s]olds",
        r"centre|center|club|camp|school|teach",
    ),
    rule(
        Kind.AGE,
        r"\bno\s+one\s+(?:over|above|under|below)\s+[2-7]\d\b|\b(?:if\s+you\s+are|you\s+must\s+be"
        r"|you\s+are)\s+(?:over|under|above|below|older\s+than|younger\s+than)\s+(?:19|[2-7]\d)\b",
        r"by\s+law|licen[cs]e",
    ),
    *_anywhere(Kind.NATIONALITY, _FROM, r"by\s+law|clearance|cuisine|food|customers?|guests?|restaurant|exhibition"),
    rule(
        Kind.NATIONALITY,
        r"\b(?:a|an|hold\w*|have|with)\s+(?:a\s+)?\w+\s+(?:passport|citizenship)\s+(?:is\s+)?(?:required"
        r"|needed|a\s+must|mandatory|only)|\b(?:only|just)\s+(?:the\s+)?(?:citizens|nationals)\s+of\b"
        r"|\bcitizens\s+of\s+[^.!?\n]{2,30}\bmay\s+apply|\bborn\s+abroad\b",
        r"by\s+law|clearance|driver|travel",
    ),
    rule(
        Kind.NATIONALITY,
        r"\b(?:hold|have|with|be)\w*\s+(?:a\s+)?(?:\w+\s+)?(?:citizenship|citizens?)\b(?!\s+of\s+(?:all"
        r"|any))|\b(?:our\s+own\s+people|\w+s\s+(?:and\s+\w+\s+)?(?:get|come)\s+(?:the\s+\w+\s+)?first)\b",
        r"by\s+law|clearance|serv|deal|talk|help",
    ),
    rule(Kind.NATIONALITY, r"\bof\s+(?:slavic|european|russian|asian|african)\s+(?:descent|origin|blood|extraction)\b"),
    rule(
        Kind.RACE,
        r"\b(?:white|black|colou?red)\s+(?:applicants?|candidates?|people|persons?|staff|men|women"
        r"|workers?|faces?)\b",
        r"regardless|uniform|clothes",
    ),
    rule(
        Kind.RACE,
        r"\b(?:fair|light|dark|white|black|brown)[-\s]?skin(?:ned)?\b",
        r"make-?up|cosmetic|regardless|foundation|leather|cream|care",
    ),
    rule(
        Kind.LANGUAGE,
        r"\bonly\s+(?:russian|english|tatar|kazakh)\s+(?:may|must|can|is\s+to)\s+be\s+spoken"
        r"|\bspeak\w*\s+only\s+(?:russian|english)\b|\b(?:forbidden|prohibited|not\s+allowed"
        r"|banned)\s+to\s+speak\b|\b(?:speaking|use\s+of)\s+\w+\s+is\s+(?:forbidden|banned|prohibited"
        r"|not\s+allowed)|\byour\s+first\s+language\b|\b(?:is|be|as)\s+(?:your|their|a"
        r"|the)\s+native\s+language",
        r"\bfor\s+safety|because",
    ),
    rule(
        Kind.LANGUAGE,
        r"\bwith\s+an?\s+(?:\w+\s+)?accent\b",
        r"voice|announcer|dubbing|narrat|actor|coach|colou?r|design|welcome",
    ),
    rule(
        Kind.LANGUAGE,
        r"\b(?:heavy|strong|thick|foreign|any)\s+accents?\b|\baccents?\s+(?:will|are|is|not)\b",
        r"voice|announcer|dubbing|narrat|actor|coach|colou?r|design",
    ),
    *_anywhere(Kind.RELIGION, _FAITH, r"food|cemetery|holiday|school|church|welcome|kitchen|charit|every"),
    rule(Kind.RELIGION, r"\bgod-?fearing\b|\b(?:devout|pious)\s+\w+"),
    rule(
        Kind.RELIGION,
        rf"\b{_WORN}[^.!?\n]{{0,30}}(?:\bnot\b|forbidden|banned|prohibited)|\b(?:no|ban\w*"
        rf"|forbid\w*)\s+(?:\w+\s+)?{_WORN}|\bpraying\s+(?:at\s+work\s+)?is\s+(?:not|forbidden|banned)"
        r"|\bof\s+(?:our|the\s+right|the\s+same)\s+faith\b",
        r"machine",
    ),
    *_anywhere(Kind.RESIDENCE, _LIVING, r"travel|paid|accommodation|welcome|help|deliver|serv", first=False),
    rule(
        Kind.RESIDENCE,
        r"\b(?:must|should)\s+have\s+an?\s+\w+\s+address\b|\bregistered\s+(?:residents|in)\b",
        r"office|e-?mail|trade|company",
    ),
    rule(
        Kind.RESIDENCE,
        r"\b(?:born|raised|grew\s+up)\s+(?:and\s+\w+\s+)?(?:in|here)\s*(?:this|our|the|kazan"
        r"|moscow)?\b(?:\s+(?:city|town|region))?|\b(?:residents|inhabitants)\s+of\s+(?:our|this"
        r"|the)\s+\w+\s+only|\bno\s+(?:hostel|dormitory)\b",
        r"animals|calves|puppies|abroad",
    ),
    *_anywhere(Kind.FAMILY, _MOTHERS, r"leave|benefit|help|cloth|goods|ward|care", first=False),
    rule(Kind.FAMILY, r"\bno\s+(?:maternity|parental)\s+leave\b|\bare\s+you\s+(?:pregnant|married|single)\b"),
    rule(
        Kind.FAMILY,
        r"\b(?:unmarried|childless|single)\s+(?:\w+\s+)?only\b|\b(?:preferably|ideally)\s+(?:no"
        r"|without)\s+(?:kids|children)|\bchildren\s+of\s+(?:convicts|criminals|the\s+poor)\b"
        r"|\bfrom\s+a\s+(?:good|decent|respectable)\s+family\b",
    ),
    rule(
        Kind.APPEARANCE,
        r"\b(?:beautiful|pretty|attractive|nice|handsome)\s+(?:smile|face|legs|body|eyes)\b"
        r"|\blong\s+legs\b|\b(?:fat|overweight|obese)\s+(?:people|persons?|applicants?|candidates?)",
        r"make-?up|design|table|chair",
    ),
    rule(
        Kind.APPEARANCE,
        r"\b(?:good|nice|slim|attractive)\s+figures?\b|\b(?:nice|good|great)[-\s]looking\b"
        r"|\bheight\s+(?:of\s+)?(?:at\s+least|over|above|from|not\s+less\s+than)\s+1[4-9]\d\b",
        r"models?\b|ceiling|shelv|fence",
    ),
    *_anywhere(Kind.HEALTH, _ILL, r"ramp|step-free|accessib|help|support|care|service|school|regardless", first=False),
    *_anywhere(Kind.VIEWS, _UNION),
    rule(
        Kind.VIEWS,
        r"\bno\s+(?:trade\s+)?union\s+(?:members?|activists?)\b|\bpolitical\s+(?:views|beliefs|affiliation)\b",
        r"regardless|irrespective|do\s+not\s+matter",
    ),
]
