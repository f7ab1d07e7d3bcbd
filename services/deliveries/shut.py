"""Whom nothing is sent to over a channel any more, since they said no to it, or took their yes back."""

from collections.abc import Collection
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.consents.purposes import ConsentPurpose
from app.domain.reminders.kinds import Channel
from services.consents.ground import declined

_CHANNELS = {ConsentPurpose.NOTICES_PUSH: Channel.PUSH, ConsentPurpose.NOTICES_SMS: Channel.SMS}


async def shut_to(uow: Reading, people: Collection[UUID]) -> set[tuple[UUID, Channel]]:
    """Whom, and over which channel. Who never answered is reached where they asked to be: that is their own request
    (app/decisions/0019-consents.md).
    """
    return {(person_id, _CHANNELS[purpose]) for person_id, purpose in await declined(uow, people, _CHANNELS)}
