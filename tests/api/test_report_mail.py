"""Reports by e-mail: to an operator's own address, once for each due time, and no longer than they want them."""

import asyncio
import io
import re
from datetime import timedelta
from email import message_from_string, policy
from typing import Any

import openpyxl
import pytest_asyncio
from sqlalchemy import select, text, update

from app.adapters.smtp import SmtpEmail
from app.models.reports import ReportSending, ReportSubscription
from app.rendering.files import file_of
from services.reports.making import make
from services.reports.sending import HANDED, LEASE, ReportMail, plan_reports, send_next
from tests.adapters.test_smtp import Server, listening
from tests.api.helpers import given, refused
from tests.api.operators import YEARS_ON, Operator, operator_of
from tests.support.figures import told
from tests.support.people import World

BODY = {
    "report": "labour",
    "format": "xlsx",
    "language": "ru",
    "rhythm": "daily",
    "hour": 8,
    "address": "op@example.org",
}


@pytest_asyncio.fixture
async def operator(own_time: World) -> Operator:
    own_time.clock.at += YEARS_ON
    await told(own_time)
    return await operator_of(own_time)


def mail_at(server: Server) -> ReportMail:
    return ReportMail(SmtpEmail(f"smtp://127.0.0.1:{server.port}", "noreply@manzil.example"), make, file_of)


async def work(world: World, server: Server) -> None:
    """Three workers at once, until nothing is due."""
    database, region, mail = world.runtime.database, world.region, mail_at(server)

    async def one() -> None:
        while await plan_reports(database, region) + await send_next(database, region, mail):
            pass

    await asyncio.gather(one(), one(), one())


def letter(sent: str) -> Any:
    return message_from_string(sent, policy=policy.default)


async def subscribed(operator: Operator, server: Server) -> str:
    made = given(await operator.post("/v1/report-subscriptions", BODY), 201)["id"]
    await work(operator.world, server)
    code = re.search(r"[0-9]{8}", letter(server.letters[-1]).get_body().get_content())
    assert code is not None
    confirmed = await operator.post(f"/v1/report-subscriptions/{made}/confirm", {"code": code[0]})
    assert confirmed.status_code == 204, confirmed.text
    return str(made)


async def test_a_report_comes_once_when_it_is_due_until_it_is_stopped(operator: Operator) -> None:
    world = operator.world
    async with listening() as server:
        made = await subscribed(operator, server)
        server.letters.clear()
        await work(world, server)
        assert not server.letters  # not due yet
        [shown] = given(await operator.get("/v1/report-subscriptions"))["items"]
        assert (shown["id"], shown["address"], shown["confirmed"]) == (made, "o…@example.org", True)
        world.clock.move(days=1)
        await work(world, server)
        await work(world, server)
        [sent] = server.letters
        found = letter(sent)
        assert found["To"] == "op@example.org"
        [file] = list(found.iter_attachments())
        book: Any = openpyxl.load_workbook(io.BytesIO(file.get_content()))
        assert book.sheetnames[0] == "Предложение труда"

        token = re.search(r"[0-9a-f]{32}\.[0-9a-f]{32}", found.get_body().get_content())
        assert token is not None
        for _ in range(2):
            stopped = await world.client.post("/v1/report-subscriptions/stop", json={"token": token[0]})
            assert stopped.status_code == 204
        forged = {"token": f"{token[0][:-1]}{'0' if token[0][-1] != '0' else '1'}"}
        refused(await world.client.post("/v1/report-subscriptions/stop", json=forged), 404, "not_found")
        world.clock.move(days=1)
        await work(world, server)
        assert len(server.letters) == 1


async def test_nothing_comes_to_an_address_that_is_not_shown_to_be_ones_own(operator: Operator) -> None:
    world = operator.world
    async with listening() as server:
        made = given(await operator.post("/v1/report-subscriptions", BODY), 201)["id"]
        await work(world, server)
        confirm = f"/v1/report-subscriptions/{made}/confirm"
        stranger = await operator_of(world)
        refused(await stranger.post(confirm, {"code": "00000000"}), 404, "not_found")
        for _ in range(5):
            refused(await operator.post(confirm, {"code": "00000000"}), 422, "report_code_wrong")
        refused(await operator.post(confirm, {"code": "00000000"}), 404, "not_found")
        world.clock.move(days=1)
        await work(world, server)
        assert len(server.letters) == 1  # the code
        refused(
            await (await operator_of(world)).post("/v1/report-subscriptions", BODY | {"report": "people"}),
            422,
            "invalid_input",
        )


async def test_a_worker_that_died_has_its_report_made_again_but_never_sent_twice(operator: Operator) -> None:
    """Case 19: a letter that may have left is not sent again; one that did not leave is, under the same id."""
    world = operator.world
    async with listening() as server:
        made = await subscribed(operator, server)
        server.letters.clear()
        for reason, letters in ((None, 1), (HANDED, 0)):
            world.clock.move(days=1)
            await plan_reports(world.runtime.database, world.region)
            async with world.runtime.database.writing(world.region) as uow:
                dead = {"status": "sending", "leased_until": uow.now + LEASE, "attempts": 1, "reason": reason}
                await uow.session.execute(update(ReportSending).where(ReportSending.status == "waiting").values(dead))
            await work(world, server)
            assert not server.letters  # another has it
            world.clock.move(seconds=LEASE.total_seconds() + 1)
            await work(world, server)
            assert len(server.letters) == letters, reason
            server.letters.clear()
        # Who is no operator any more gets nothing.
        async with world.runtime.database.writing(world.region) as uow:
            statement = (
                "UPDATE accounts SET disabled_at = now() WHERE id = (SELECT account_id FROM report_subscriptions"
            )
            await uow.session.execute(text(f"{statement} WHERE id = '{made}')"))
        world.clock.move(days=1)
        await work(world, server)
        assert not server.letters
        async with world.runtime.database.reading(world.region) as reading:
            over = await reading.session.scalar(
                select(ReportSubscription.ended_at).where(ReportSubscription.id == made)
            )
        assert over is not None


async def test_a_server_that_is_busy_is_tried_again_and_too_late_is_not_at_all(operator: Operator) -> None:
    world = operator.world
    async with listening() as server:
        await subscribed(operator, server)
        server.letters.clear()
        world.clock.move(days=1)
        server.replies["MAIL"] = "451 later"
        await work(world, server)
        del server.replies["MAIL"]
        world.clock.move(minutes=20)
        await work(world, server)
        assert len(server.letters) == 1
        server.letters.clear()
        world.clock.move(days=1)
        await plan_reports(world.runtime.database, world.region)
        world.clock.at += timedelta(hours=13)
        await work(world, server)
        assert len(server.letters) <= 1  # not yesterday's
