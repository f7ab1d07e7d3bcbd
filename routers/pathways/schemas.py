"""Wire types of the pathway."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from app.domain.pathways.engine import Pathway, Step, StepStatus
from app.domain.pathways.events import Source
from app.domain.pathways.pathway import Stay
from app.domain.pathways.reasons import reason
from app.domain.pathways.rules import Exemption, Mirror
from app.domain.profiles.languages import Language
from app.locales.reading import Reader, rule_text
from routers.schemas import In, Out


class DoneIn(In):
    """The legal day, not after today, on which the step was done.

    `expires_on`: the last day of what it gave, where the paper says so (a contract, the paid months).
    """

    on: date
    expires_on: date | None = None


class StepOut(Out):
    """A step as the person sees it. Titles are in the caller's language, other texts in one they are likely to read.

    `service` is what to look for among the points; None for a step without a visit. `deadline` is the legal last
    day, `needed_by` the day by which later steps need it, `reason` says why, `reference` names the law. `refused`:
    what to do if turned away. `source`: who said that it is done. `by_host`: the host may confirm it. `offer`: help,
    and no duty.
    """

    code: str
    title: str
    status: StepStatus
    late: bool
    deadline: date | None
    needed_by: date | None
    reason: str
    not_before: date | None
    blocked_by: list[str]
    advised_after: list[str]
    done_on: date | None
    source: Source | None
    valid_until: date | None
    instructions: str
    refused: str | None
    bring: list[str]
    fee: str | None
    service: str | None
    self_declared: bool
    by_host: bool
    offer: bool
    reference: str


class NotNeededOut(Out):
    """A step that is asked of others and not of this person, and why."""

    code: str
    title: str
    status: Literal[StepStatus.NOT_NEEDED] = StepStatus.NOT_NEEDED
    reason: str
    reference: str


class StayOut(Out):
    """How long the person may stay. `until` counts too; None: as long as what extends the stay."""

    until: date | None
    reason: str
    reference: str


class NoteOut(Out):
    text: str
    reference: str


class PathwayOut(Out):
    """Steps in the order to take them; `next` are those to take up now. `rules` is the rule book's version.

    `code`, `title` and `about` say which pathway it is: one without steps is an answer too. `mirror`: whether
    anything of it may ever go to the regional registry.
    """

    code: str
    title: str
    about: str
    reference: str
    mirror: Mirror
    rules: str
    today: date
    next: list[str]
    steps: list[StepOut]
    not_needed: list[NotNeededOut]
    stay: StayOut | None
    notes: list[NoteOut]


def pathway_out(pathway: Pathway, today: date, language: Language) -> PathwayOut:
    """In the caller's own language, but for references to the law."""
    kind = pathway.kind
    titles = {step.code: rule_text(step.rule.title, language) for step in pathway.steps}
    return PathwayOut(
        code=kind.id,
        title=rule_text(kind.title, language),
        about=rule_text(kind.about, language),
        reference=kind.legal_ref,
        mirror=kind.mirror,
        rules=pathway.book_version,
        today=today,
        next=list(pathway.next),
        steps=[_step_out(step, titles, language) for step in pathway.steps],
        not_needed=[_not_needed_out(exemption, language) for exemption in pathway.not_needed],
        stay=_stay_out(pathway.stay, language) if pathway.stay else None,
        notes=[NoteOut(text=rule_text(note.text, language), reference=note.legal_ref) for note in pathway.notes],
    )


def _step_out(step: Step, titles: Mapping[str, str], language: Language) -> StepOut:
    rule = step.rule
    return StepOut(
        code=step.code,
        title=rule_text(rule.title, language),
        status=step.status,
        late=step.late,
        deadline=step.deadline,
        needed_by=step.needed_by,
        reason=reason(step, titles, Reader(language)),
        not_before=step.not_before,
        blocked_by=list(step.blocked_by),
        advised_after=list(step.advised_after),
        done_on=step.done_on,
        source=step.source,
        valid_until=step.valid_until,
        instructions=rule_text(rule.instructions, language),
        refused=rule_text(rule.refused, language) if rule.refused else None,
        bring=[rule_text(text, language) for text in rule.bring],
        fee=rule_text(rule.fee, language) if rule.fee else None,
        service=rule.service,
        self_declared=rule.self_declared,
        by_host=rule.by_host,
        offer=rule.offer,
        reference=rule.legal_ref,
    )


def _not_needed_out(exemption: Exemption, language: Language) -> NotNeededOut:
    return NotNeededOut(
        code=exemption.code,
        title=rule_text(exemption.title, language),
        reason=rule_text(exemption.reason, language),
        reference=exemption.legal_ref,
    )


def _stay_out(stay: Stay, language: Language) -> StayOut:
    extended = stay.limit.extended if stay.extended else None
    return StayOut(
        until=stay.until,
        reason=rule_text(extended or stay.limit.reason, language),
        reference=stay.limit.legal_ref,
    )
