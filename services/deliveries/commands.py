"""Where phones are reached by push, and what they say of what reached them."""

from datetime import timedelta
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller
from app.domain.profiles.languages import Language
from app.errors import NotFound
from services.audit.commands import record_change
from services.consents.commands import Answer
from services.deliveries import repository
from services.deliveries.texts import ADDRESS_FIELD
from services.identity.devices import device_of_sign_in
from services.profiles.consenting import give
from services.reminders.commands import mark_read

KEPT_FOR = timedelta(days=90)


async def put_address(
    uow: Writing, caller: Caller, sign_in_id: UUID, kind: str, value: str, language: Language, notice: bytes | None
) -> None:
    """Says where the phone of one's sign-in is reached. NotFound for a sign-in that is not the caller's own.

    `notice`: the SHA-256 of the notice that was shown before, in `language`: then this is the consent to pushes too.
    NoticeChanged when that is not the text as it is now.
    """
    if notice is not None:
        await give(uow, caller, Answer(ConsentPurpose.NOTICES_PUSH, None, language, notice))
    device_id = await device_of_sign_in(uow, caller, sign_in_id)
    index = uow.vault.blind_index("push", value)
    sealed = uow.vault.seal_system(ADDRESS_FIELD, value.encode())
    await repository.put_address(uow, device_id, caller.person, kind, index, sealed, language)
    await record_change(uow, caller.person, "push_address_given", session=sign_in_id)


async def drop_address(uow: Writing, caller: Caller, sign_in_id: UUID) -> None:
    """No pushes go to that phone any more. Twice is the same as once; NotFound as above."""
    device_id = await device_of_sign_in(uow, caller, sign_in_id)
    await repository.drop_address(uow, device_id)
    await record_change(uow, caller.person, "push_address_taken_back", session=sign_in_id)


async def received(uow: Writing, person_id: UUID, delivery_id: UUID) -> None:
    """A phone of that person's, or of their guardian's, has the push: nothing else is sent of it.

    NotFound for what was not sent to one of the person's phones.
    """
    devices = [address.device_id for address in await repository.addresses_of(uow, [person_id])]
    message_id = await repository.set_received(uow, delivery_id, devices)
    if message_id is None:
        raise NotFound
    await repository.spare(uow, message_id)


async def read(uow: Writing, person_id: UUID, reminder_id: int) -> None:
    """The person has read it: nothing else is sent of its message."""
    await repository.spare(uow, await mark_read(uow, person_id, reminder_id))


async def forget_old_deliveries(uow: Writing) -> int:
    """What was sent three months ago is kept no longer; how many, of so many at once."""
    return await repository.delete_old(uow, uow.now - KEPT_FOR)
