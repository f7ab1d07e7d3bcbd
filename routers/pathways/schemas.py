"""Wire types of the pathway."""

from datetime import date

from app.domain.pathways.engine import Pathway, Step, StepStatus
from routers.schemas import In, Out


class DoneIn(In):
    """The legal day, not after today, on which the step was done."""

    on: date


class StepOut(Out):
    """A step as the person sees it. Texts are in the caller's language; `reference` names the law.

    `service` is what to look for among the points; None for a step without a visit. `deadline` is the legal last
    day, `needed_by` the day by which later steps need it.
    """

    code: str
    title: str
    status: StepStatus
    late: bool
    deadline: date | None
    needed_by: date | None
    not_before: date | None
    blocked_by: list[str]
    advised_after: list[str]
    done_on: date | None
    valid_until: date | None
    instructions: str
    bring: list[str]
    fee: str | None
    service: str | None
    self_declared: bool
    reference: str


class PathwayOut(Out):
    """Steps in the order to take them; `next` are those to take up now. `rules` is the rule book's version."""

    rules: str
    today: date
    next: list[str]
    steps: list[StepOut]


def pathway_out(pathway: Pathway, today: date, language: str) -> PathwayOut:
    return PathwayOut(
        rules=pathway.book_version,
        today=today,
        next=list(pathway.next),
        steps=[_step_out(step, language) for step in pathway.steps],
    )


def _step_out(step: Step, language: str) -> StepOut:
    rule = step.rule
    return StepOut(
        code=step.code,
        title=rule.title.read(language),
        status=step.status,
        late=step.late,
        deadline=step.deadline,
        needed_by=step.needed_by,
        not_before=step.not_before,
        blocked_by=list(step.blocked_by),
        advised_after=list(step.advised_after),
        done_on=step.done_on,
        valid_until=step.valid_until,
        instructions=rule.instructions.read(language),
        bring=[text.read(language) for text in rule.bring],
        fee=rule.fee.read(language) if rule.fee else None,
        service=rule.service,
        self_declared=rule.self_declared,
        reference=rule.legal_ref,
    )
