"""Wording that leaves people out for how they live, in Russian: age, family, looks, health. On folded text."""

from app.domain.wording import russian_people as people
from app.domain.wording.kinds import Kind
from app.domain.wording.rules import Rule, rule
from app.domain.wording.russian_contexts import CLIENTS, NOT_OF_PEOPLE, ONLY, SEEK, VERBS, YEARS, named, refused, wanted

RULES: list[Rule] = [
    rule(Kind.AGE, rf"(?:до|не\s+старше|не\s+более|моложе|младше|максимум)\s*(?:[2-6]\d){YEARS}", NOT_OF_PEOPLE),
    rule(Kind.AGE, rf"не\s+старше\s+[2-6]\d\b|{people.SEX},?\s+(?:до|от)\s+[2-6]\d\b", NOT_OF_PEOPLE),
    rule(Kind.AGE, rf"\bот\s*(?:1[6-9]|[2-5]\d)(?:{YEARS})?\s*(?:и\s+)?до\s*[2-7]\d{YEARS}", NOT_OF_PEOPLE),
    rule(Kind.AGE, rf"\b(?:1[6-9]|[2-5]\d)\s*[\-–—]\s*[2-7]\d{YEARS}", NOT_OF_PEOPLE),
    rule(
        Kind.AGE,
        r"возраст\w*\W{0,3}(?:от\s*)?(?:2[2-9]|[3-7]\d)\b|возраст\w*\W{0,3}(?:до|не\s+старше|не\s+более)\s*\d\d",
        NOT_OF_PEOPLE,
    ),
    rule(Kind.AGE, r"возраст\w*\W{0,3}(?:от\s*)?\d\d\s*(?:лет\s*)?(?:[\-–—]|до)\s*\d\d", NOT_OF_PEOPLE),
    rule(
        Kind.AGE,
        rf"старше\s+[2-7]\d(?:{YEARS})?\s*[,\-–—]?\s*(?:\w+\s+){{0,2}}не\s+{VERBS}"
        rf"|не\s+{VERBS}\s+(?:\w+\s+){{0,3}}старше\s+\d\d",
    ),
    rule(
        Kind.AGE,
        r"(?:до|не\s+старше)\s+(?:двадцати|тридцати|сорока|пятидесяти)(?:\s+(?:одного|двух|трех|четырех"
        r"|пяти|шести|семи|восьми|девяти))?\s*(?:лет|[.,;!)]|$)",
        NOT_OF_PEOPLE,
    ),
    *wanted(Kind.AGE, people.YOUNG, r"специалист\w*\s+(?:предоставля|выплач)"),
    *named(Kind.AGE, people.YOUNG),
    rule(Kind.AGE, rf"(?:^|[.!?\n;•*]\s*){people.YOUNG}", CLIENTS),
    *refused(Kind.AGE, people.OLD),
    rule(Kind.AGE, r"пенсионн\w+\s+возраст\w*\s+не\b|только\s+молод(?:ые|ых|ым|ежь)\b(?!\s+специалист)"),
    rule(
        Kind.FAMILY,
        r"(?<!спрашиваем о )семейн\w+\s+(?:положени|статус)\w*|\b(?:не\s*замужн\w+|не\s+замужем"
        r"|бездетн(?:ая|ую|ой|ые|ых)\b|холост(?:ой(?!\s+(?:ход|пробег|оборот|выстрел))|ые|ых|ого|як\w*)|неженат\w+|не\s+женат\w*)",
    ),
    rule(
        Kind.FAMILY,
        rf"(?:{ONLY}|{SEEK}|\b(?:без|кроме)\s+){people.GAP}(?:замуж\w+|женат\w+|одинок\w+|семейн(?:ые"
        rf"|ых|ый)\b(?!\s+пар))",
    ),
    rule(
        Kind.FAMILY,
        r"\b(?:без|отсутстви\w+)\s+(?:маленьк\w+\s+|малолетн\w+\s+)?детей\b|наличи\w+\s+детей|есть\s+ли\s+дети",
        r"отдых|отел|детск\w+\s+сад|игр|площадк|тишин|льгот|выплат|подар|пособ",
    ),
    rule(
        Kind.FAMILY,
        r"(?:не\s+план\w+|без\s+план\w+|не\s+собира\w+)[^.!?\n]{0,30}(?:декрет|беременн|дет(?:ей|и)\b|ребен)\w*",
    ),
    *refused(Kind.FAMILY, people.PREGNANT),
    rule(Kind.FAMILY, r"с\s+(?:маленькими\s+|малолетними\s+)?детьми\s+(?:просьба\s+)?не\s+" + VERBS),
    rule(
        Kind.APPEARANCE,
        r"(?:приятн|презентабельн|привлекательн|модельн|ухоженн|эффектн|красив|симпатичн|яркой"
        r"|хорош)\w*\s+внешност\w*"
        r"|внешност\w*\s*[:\-–—]?\s*(?:приятн|презентабельн|привлекательн|модельн)\w*|(?:хорош|приятн"
        r"|модельн)\w+\s+внешн\w+\s+данн\w+",
    ),
    rule(
        Kind.APPEARANCE,
        r"(?:симпатичн|красив|стройн|привлекательн|длинноног|худ(?:ых|ая|ую|ые)\b|полных)\w*\s+(?:девуш"
        r"|женщин|парн|мужчин|люд|кандидат|сотрудни|администратор|официант|секретар|не\s)\w*",
        r"\bобраз|стилист|фигур|модел[ьяи]\b|пошив|одежд",
    ),
    rule(
        Kind.APPEARANCE,
        r"(?:рост\w*)\s*(?:[:\-–—]\s*)?(?:от|не\s+ниже|не\s+менее|выше|до"
        r"|не\s+выше)?\s*1[4-9]\d\b(?!\s*(?:%|руб|тыс|чел))",
        r"карьер|зарплат|зп\b|модел[ьяи]\b|манекен|подиум|растени|саженц",
    ),
    rule(
        Kind.APPEARANCE,
        r"размер\w*\s+(?:одежды\s+)?(?:до|не\s+более|не\s+больше|4[0-8])\b[^.\n]{0,12}\d*",
        r"спецодежд|форм[аыу]|выда|склад|модел|товар|ассортимент",
    ),
    rule(
        Kind.APPEARANCE,
        r"\bбез\s+(?:видимых\s+)?(?:татуировок|тату|пирсинга|лишнего\s+веса|полноты)|(?:тату\w*"
        r"|пирсинг\w*)\s+(?:не\s+допуска|запрещ|недопуст)\w*",
    ),
    *refused(Kind.HEALTH, people.DISABLED, r"барьер|препятств"),
    rule(Kind.HEALTH, r"отсутстви\w+\s+инвалидност\w+|\bвич\b[^.\n]{0,15}(?:отриц|нет|не\b)|\bбез\s+вич\b"),
    rule(
        Kind.HEALTH,
        r"\b(?:без|отсутстви\w+)\s+(?:\w+\s+)?(?:хроническ\w+|психическ\w+)\s+\w+"
        r"|без\s+проблем\s+со\s+здоровьем|(?:абсолютно|полностью|идеально)\s+здоров\w+",
    ),
]
