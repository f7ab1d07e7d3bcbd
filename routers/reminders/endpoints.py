"""What a person was told, what they choose of it, and where their phones are reached."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, status

from app.domain.audit.purpose import Purpose
from app.domain.profiles.languages import Language
from app.domain.reminders.kinds import KINDS
from app.domain.reminders.messages import label, warning
from app.domain.reminders.preferences import Preferences
from app.errors import InvalidInput, NotFound
from routers.deps import Migrant, MigrantAlone, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import own_language_of
from routers.problems import problems
from routers.reminders.schemas import (
    DeliveryOut,
    Home,
    InboxItemOut,
    InboxMessage,
    InboxPage,
    KindOut,
    PreferencesIn,
    PreferencesOut,
    PushAddressIn,
    QuietHours,
)
from routers.schemas import Cursor, Limit, cursor_of, key_of, near_enough
from services.consents.errors import NoticeChanged
from services.deliveries import commands as deliveries
from services.deliveries.queries import ways_of
from services.profiles import details
from services.profiles.queries import home_of
from services.reminders import commands, queries
from services.reminders.errors import EssentialMuted
from services.reminders.queries import InboxItem
from services.reminders.wording import words_in

router = APIRouter(prefix="/v1/me", tags=["reminders"], route_class=KeepingRoute)
ItemId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/inbox", responses=problems(InvalidInput))
async def inbox(
    request: Request,
    uow: ReadingUow,
    caller: Migrant,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> InboxPage:
    """What the person was told, newest first, in the language asked for; whatever became of pushes and SMS."""
    before = _before(cursor) if cursor else None
    found = await queries.inbox(uow, caller.person, own_language_of(request), before=before, limit=limit + 1)
    last = found[limit - 1].told if len(found) > limit else None
    return InboxPage(
        items=[_item(one, uow.now) for one in found[:limit]],
        unread=await queries.unread(uow, caller.person),
        next=cursor_of(last.told_at.isoformat(), last.id) if last else None,
    )


@router.get("/inbox/{message_id}", responses=problems(NotFound))
async def message(message_id: UUID, request: Request, uow: ReadingUow, caller: Migrant) -> InboxMessage:
    """What a push was about, which did not say it itself; and what was sent of it, over which channels."""
    found = await queries.told_by(uow, caller.person, message_id, own_language_of(request))
    ways = await ways_of(uow, message_id)
    return InboxMessage(
        items=[_item(one, uow.now) for one in found], deliveries=[DeliveryOut.model_validate(way) for way in ways]
    )


@router.post("/inbox/{item_id}/read", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound))
async def mark_read(item_id: ItemId, uow: WritingUow, caller: Migrant) -> None:
    """Says that the person has read it. Nothing else is sent of that message."""
    await deliveries.read(uow, caller.person, item_id)


@router.post("/deliveries/{delivery_id}/received", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound))
async def receive(delivery_id: UUID, uow: WritingUow, caller: MigrantAlone) -> None:
    """Says that the phone has the push whose data named this delivery: no SMS follows."""
    await deliveries.received(uow, caller.person, delivery_id)


@router.put(
    "/devices/{sign_in_id}/push-address",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, NoticeChanged),
)
async def put_push_address(sign_in_id: UUID, body: PushAddressIn, uow: WritingUow, caller: MigrantAlone) -> None:
    """Says where Firebase reaches this phone. It is reached there until it is signed out."""
    kind, value = ("token", body.token) if body.token else ("installation", body.installation_id or "")
    shown = bytes.fromhex(body.notice_sha256) if body.notice_sha256 else None
    await deliveries.put_address(uow, caller, sign_in_id, kind, value, body.language, shown)


@router.delete(
    "/devices/{sign_in_id}/push-address", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound)
)
async def drop_push_address(sign_in_id: UUID, uow: WritingUow, caller: MigrantAlone) -> None:
    """Asks that this phone gets no pushes any more."""
    await deliveries.drop_address(uow, caller, sign_in_id)


@router.get("/reminder-preferences", responses=problems())
async def preferences(request: Request, uow: ReadingUow, caller: Migrant) -> PreferencesOut:
    """What the person chose of messages, and what there is to choose from."""
    return _preferences(await queries.own_preferences(uow, caller.person), own_language_of(request))


@router.put("/reminder-preferences", responses=problems(EssentialMuted))
async def put_preferences(request: Request, body: PreferencesIn, uow: WritingUow, caller: Migrant) -> PreferencesOut:
    """What the person wants from now on. To mute what the law makes dear, its warning has to be understood."""
    language = own_language_of(request)
    chosen = await commands.choose(uow, caller.person, body.chosen(), language, understood=body.understood)
    return _preferences(chosen, language)


@router.get("/home", responses=problems(NotFound))
async def home(uow: ReadingUow, caller: Migrant) -> Home:
    """Where the person said that they set out from; NotFound if they did not, or took it back."""
    found = await home_of(uow, caller.person, Purpose.OWN_ACCESS)
    if found is None:
        raise NotFound
    return Home(lat=found[0], lon=found[1])


@router.put("/home", responses=problems())
async def put_home(body: Home, uow: WritingUow, caller: Migrant) -> Home:
    """Says where the person sets out from, so that they are told when to leave for a visit. It is used for nothing
    else (152-FZ art. 6(1)(5)), sealed with their own key, kept to about a hundred metres, and none before it is kept.
    """
    await details.put_home(uow, caller.person, (body.lat, body.lon))
    return await home(uow, caller)


@router.delete("/home", status_code=status.HTTP_204_NO_CONTENT, responses=problems())
async def drop_home(uow: WritingUow, caller: Migrant) -> None:
    """Forgets it. Nobody is told when to leave any more."""
    await details.put_home(uow, caller.person, None)


def _preferences(chosen: Preferences, language: Language) -> PreferencesOut:
    words = words_in(language)
    return PreferencesOut(
        quiet=QuietHours(begins=f"{chosen.quiet.begins:%H:%M}", ends=f"{chosen.quiet.ends:%H:%M}"),
        zone=chosen.zone.key if chosen.zone else None,
        detail=chosen.detail,
        sms=chosen.sms,
        email=chosen.email,
        muted={kind: sorted(channels) for kind, channels in chosen.muted.items()},
        kinds=[
            KindOut(kind=kind, label=label(kind, words), channels=list(rule.channels), warning=warning(kind, words))
            for kind, rule in KINDS.items()
        ],
    )


def _item(one: InboxItem, now: datetime) -> InboxItemOut:
    told, reminder = one.told, one.told.reminder
    return InboxItemOut(
        id=told.id,
        message_id=told.message_id,
        kind=reminder.kind,
        urgency=KINDS[reminder.kind].urgency,
        title=one.message.title,
        brief=one.message.brief,
        more=one.message.more,
        link=one.message.link,
        told_at=told.told_at,
        expires_at=reminder.expires_at,
        read=told.read_at is not None,
        outdated=told.outdated or reminder.expires_at <= now,
    )


def _before(cursor: str) -> tuple[datetime, int]:
    match key_of(cursor):
        case [str(at), int(item_id)] if 0 < item_id < 2**63:
            try:
                told_at = near_enough(datetime.fromisoformat(at))
            except ValueError:
                raise InvalidInput(field="cursor") from None
            if told_at.tzinfo is not None:
                return told_at, item_id
    raise InvalidInput(field="cursor")
