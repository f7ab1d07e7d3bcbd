"""Reports by e-mail: an operator's own, to an address that they have shown to be theirs."""

from uuid import UUID

from fastapi import APIRouter, status

from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, Operator, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.reports.schemas import ConfirmIn, StopIn, Subscribed, SubscribeIn, SubscriptionOut, Subscriptions
from services.reports import commands
from services.reports.errors import CodeWrong, TooManySubscriptions
from services.reports.making import REPORTS

router = APIRouter(tags=["reports"], route_class=KeepingRoute)


@router.post(
    "/v1/report-subscriptions",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvalidInput, TooManySubscriptions),
)
async def subscribe_to_report(body: SubscribeIn, uow: WritingUow, caller: Operator) -> Subscribed:
    """A report that comes by e-mail. A code goes to the address first, and nothing more until it is given."""
    if body.report not in REPORTS:
        raise InvalidInput(field="report")
    return Subscribed(id=await commands.subscribe(uow, caller, body.wanted()))


@router.get("/v1/report-subscriptions", responses=problems())
async def report_subscriptions(uow: ReadingUow, caller: Operator) -> Subscriptions:
    """One's own, the newest first."""
    found = await commands.subscriptions(uow, caller)
    return Subscriptions(items=[SubscriptionOut.model_validate(one) for one in found])


@router.post(
    "/v1/report-subscriptions/{subscription_id}/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, CodeWrong),
)
async def confirm_report_address(subscription_id: UUID, body: ConfirmIn, uow: WritingUow, caller: Operator) -> None:
    """With the code that came: the first report comes at its next time. After five wrong codes it is over."""
    await commands.confirm(uow, caller, subscription_id, body.code)


@router.delete(
    "/v1/report-subscriptions/{subscription_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound),
)
async def end_report_subscription(subscription_id: UUID, uow: WritingUow, caller: Operator) -> None:
    """No report comes any more."""
    await commands.end(uow, caller, subscription_id)


@router.post(
    "/v1/report-subscriptions/stop",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Anyone],
    responses=problems(NotFound, signed_in=False),
)
async def stop_report(body: StopIn, uow: WritingUow) -> None:
    """The same without signing in, by the key that stands in each e-mail. Sent again it changes nothing."""
    await commands.end_by_token(uow, body.token)
