"""What makes a word for people a condition in Russian: only such, none such, such are sought. On folded text."""

from app.domain.wording import russian_people as people
from app.domain.wording.kinds import Kind
from app.domain.wording.rules import Rule, rule

VERBS = (
    r"(?:бер[еу]м?|берите|беспоко\w+|звон\w+|рассматрива\w+|предлага\w+|принима\w+|обраща\w+|пис(?:ать"
    r"|ите)|отклика\w+"
    r"|подход\w+|наним\w+|нужн\w*|нужен|треб\w+|интересу\w+|приглаша\w+|возьм\w+|брать|нанима\w+"
    r"|допуска\w+|устраива\w+"
    r"|трудоустра\w+|пройд\w+)"
)
ONLY = (
    r"(?:только|исключительно|лишь|строго|сугубо|желательн\w+|предпочтительн\w+|предпочтени\w+"
    r"|приоритет\w*|преимуществ\w+)"
    r"\s*[:\-–—]?\s*(?:(?:для|у|имеют|отда\w+|среди|на|это)\s+)*"
)
SEEK = (
    r"(?:требу(?:ется|ются|ем)|ищ(?:ем|у|ет)|нуж(?:ен|на|ны|но)|приглаша(?:ем|ю|ет|ются|ется)"
    r"|набира(?:ем|ю)|возьм(?:ем|у)"
    r"|бер(?:ем|у)|примем|прим(?:ет|у)|нан(?:имаем|има|мем)\w*|наймем|рассмотрим|рассматриваем"
    r"|(?:работа|вакансия|подработка)\s+для|подой?дет(?:\s+для)?)\s*:?\s+"
)
WHERE = r"(?:(?:на|в|во|к|с)\s+[\w-]+\s+)?"
CLIENTS = (
    r"клиент|аудитор|покупател|пациент|посетител|гостей|гост[яи]м|клуб|зал\b|салон|студи|фитнес|магазин"
    r"|стрижк|одежд|обув"
)


def preferred(kind: Kind, who: str, unless: str = "") -> list[Rule]:
    return [
        rule(kind, rf"\b{ONLY}{people.GAP}{who}", unless),
        rule(
            kind,
            rf"{who}\s+(?:{people.SHORT_GAP})(?:в\s+приоритете|приоритет\b|предпочтени\w+|предпочтительн\w+|приветству\w+)",
            unless,
        ),
    ]


def refused(kind: Kind, who: str, unless: str = "") -> list[Rule]:
    return [
        rule(kind, rf"{who},?(?:\s+[\w-]+){{0,2}}?\s+не\s+{VERBS}", unless),
        rule(kind, rf"\bне\s+{VERBS}\s+{people.GAP}{who}", unless),
        rule(
            kind, rf"\b(?:кроме|без|исключая|не\s+для|за\s+исключением|не)\s+(?:из\s+)?{people.SHORT_GAP}{who}", unless
        ),
        rule(
            kind,
            rf"{who}\s*[,:\-–—]?\s*(?:(?:проход\w+\s+|идут\s+)?мимо|нет\b|стоп\b|отказ|запрещ\w+|до\s+свидания)",
            unless,
        ),
    ]


def wanted(kind: Kind, who: str, unless: str = "") -> list[Rule]:
    return [
        *preferred(kind, who, unless),
        *refused(kind, who, unless),
        rule(kind, rf"\b{SEEK}{WHERE}{people.GAP}{WHERE}{who}", unless),
    ]


def named(kind: Kind, who: str) -> list[Rule]:
    """As a condition that stands by itself: in brackets, joined to the trade, at the head of a sentence."""
    return [
        rule(kind, rf"\(\s*(?:только\s+)?{who}\s*\)"),
        rule(kind, rf"(?<![\w-])(?:\w{{4,}}-{who}(?![\w-])|{who}-\w{{4,}})"),
        rule(kind, rf"(?:^|[.!?\n;•*]\s*){who}\s*(?:[!.,]|до\b|от\b|\d\d|без\b|с\s+опытом|$|\n)", CLIENTS),
    ]


YEARS = r"\s*(?:-?(?:ти|х|и)\s*)?(?:лет|год\w*|г\.)"
NOT_OF_PEOPLE = (
    r"опыт|стаж|\bдет(?:и|ей|ям|ьми|ск)|ребен|подрост|школьн|ученик|воспитан|малыш|рынк|гаранти|срок"
    r"|кредит|ипотек|контракт"
    r"|автомоб|\bавто\b|техник|выдерж|истори|компани[ия]|завод|предприят|здани|\bдом|клиент|аудитор"
    r"|покупател|пациент"
    r"|эксплуатац|рассрочк|лизинг|аренд|подъемн|льгот|выплат|программ|субсид|компенсац|на\s+связи"
    r"|удостоверен|сертификат|архив|хран[ия]"
)
CONDITION = r"обязател\w+|желател\w+|строго|требу\w+|необходим\w+|приветству\w+"
BY_LAW = r"тайн[ыеа]|госслужб|государственн\w+\s+служб|по\s+закону|закон\w*\s+(?:№|от)|муниципальн\w+\s+служб"
VOICE = r"диктор|озвуч|дубляж|логопед|актер|радиоведущ"
FOR_WORK = r"\b(?:для|чтобы|так\s+как|потому|поскольку|инструктаж\w*|ведь|нужен\s+на)\b"
