"""The worker's e-mails with reports: planned once for each due time, made, and sent under a lease.

One row for each subscription and due time is all there ever is, whichever worker plans it. A worker that dies while it
makes a report leaves a lease that ends, and another makes it. Just before a letter goes to the mail server it is
written that it does: of a letter that may have left, and nobody knows, none is sent again. Each letter leaves once,
or is counted as failed; the report can be had from the workstation at any time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import structlog

from app.db.unit_of_work import Database, Reading
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.delivery import PATIENCE, Answer, DeliveryStatus, Verdict, after
from app.domain.reports.report import Report
from app.domain.reports.schedule import LAPSES_AFTER, ReportFormat, Rhythm, Schedule
from app.models.reports import ReportSending, ReportSubscription
from app.ports import Attachment, Email, Vault
from services.reports import repository
from services.reports.commands import address_of, code_of, stop_token
from services.reports.letters import code_letter, report_letter

LEASE = timedelta(minutes=3)
HANDED = "handed"
"""The letter goes to the mail server now, or has gone."""
_PLANNED_AT_ONCE = 50
_MEDIA = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_log = structlog.get_logger()
Make = Callable[[Reading, str, str], Awaitable[Report]]
"""A report by its key, with names in that language."""
Render = Callable[[Report, ReportFormat, str], bytes]


@dataclass(frozen=True, slots=True)
class ReportMail:
    """What reports are sent with."""

    email: Email
    make: Make
    render: Render


async def plan_reports(database: Database, region: RegionPolicy) -> int:
    """Puts down an e-mail for each subscription that is due; returns how many were. Those of who is no operator any
    more end.
    """
    async with database.writing(region) as uow:
        found = await repository.due(uow, _PLANNED_AT_ONCE)
        for subscription, may in found:
            if not may:
                await repository.change(uow, subscription.id, ended_at=uow.now, next_due=None)
                continue
            due = subscription.next_due or uow.now
            await repository.plan(uow, uuid4(), subscription.id, "report", due)
            following = Schedule(Rhythm(subscription.rhythm), subscription.hour).next_due(uow.now, region.zone)
            await repository.change(uow, subscription.id, next_due=following)
    return len(found)


async def send_next(database: Database, region: RegionPolicy, mail: ReportMail) -> int:
    """Sends one e-mail that waits, if there is one; returns how many were looked at."""
    async with database.writing(region) as uow:
        claimed = await repository.claim(uow, uow.now + LEASE)
    if claimed is None:
        return 0
    sending, subscription, may = claimed
    if sending.reason == HANDED:
        return await _write(database, region, sending, Answer(Verdict.UNKNOWN, reason="unknown"))
    answer = await _carried(database, region, mail, sending, subscription, may=may)
    return await _write(database, region, sending, answer)


async def _write(database: Database, region: RegionPolicy, sending: ReportSending, answer: Answer | None) -> int:
    async with database.writing(region) as uow:
        if answer is None:
            await repository.write(uow, sending, status="lapsed", leased_until=None, ended_at=uow.now)
        elif answer.verdict is Verdict.UNKNOWN:
            over = {"status": "failed", "leased_until": None, "ended_at": uow.now}
            await repository.write(uow, sending, reason=answer.reason, **over)
        else:
            following = after(answer, sending.attempts, uow.now, sending.due_at + LAPSES_AFTER)
            await repository.write(
                uow,
                sending,
                status=following.status,
                leased_until=None,
                try_at=following.at or sending.try_at,
                ended_at=None if following.status is DeliveryStatus.WAITING else uow.now,
                reason=answer.reason,
            )
    return 1


async def _carried(
    database: Database,
    region: RegionPolicy,
    mail: ReportMail,
    sending: ReportSending,
    subscription: ReportSubscription,
    *,
    may: bool,
) -> Answer | None:
    """None when it is not sent any more: its time or the subscription is over."""
    now = database.clock.now()
    if not may or subscription.ended_at is not None or now >= sending.due_at + LAPSES_AFTER:
        return None
    try:
        async with asyncio.timeout(LEASE.total_seconds() / 2):
            letter = await _letter(database, region, mail, sending, subscription)
    except Exception as error:  # noqa: BLE001 — nothing has left: it is tried again
        _log.warning("report.not_made", report=subscription.report, cause=type(error).__name__)
        return Answer(Verdict.BUSY, reason=type(error).__name__[:60])
    subject, text, attachments = letter
    address = address_of(database.vault, subscription)
    async with database.writing(region) as uow:
        if not await repository.write(uow, sending, reason=HANDED):
            return Answer(Verdict.BUSY, reason="lease_over")
    try:
        async with asyncio.timeout(4 * PATIENCE.total_seconds()):
            return await mail.email.send(
                address,
                subject,
                text,
                key=str(sending.id),
                language=subscription.language,
                attachments=attachments,
            )
    except Exception as error:  # noqa: BLE001 — it may have left
        return Answer(Verdict.UNKNOWN, reason=type(error).__name__[:60])


async def _letter(
    database: Database,
    region: RegionPolicy,
    mail: ReportMail,
    sending: ReportSending,
    subscription: ReportSubscription,
) -> tuple[str, str, list[Attachment]]:
    vault: Vault = database.vault
    if sending.kind == "code":
        return (*code_letter(code_of(vault, subscription), subscription.language), [])
    async with database.reading(region) as uow:
        report = await mail.make(uow, subscription.report, subscription.language)
    form = ReportFormat(subscription.format)
    content = await asyncio.to_thread(mail.render, report, form, subscription.language)
    day = sending.due_at.astimezone(region.zone).date()
    file = Attachment(f"{subscription.report}-{day.isoformat()}.{form}", _MEDIA[form], content)
    token = stop_token(vault, subscription.id)
    return (*report_letter(report.title[subscription.language], day, token, subscription.language), [file])
