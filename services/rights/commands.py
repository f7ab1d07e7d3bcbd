"""The end of all that is a person's."""

import hmac
from datetime import timedelta
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller
from app.errors import InvalidInput
from app.ports import Vault
from services.audit.commands import record_change
from services.consents.own import withdraw_all
from services.identity.devices import trusted_device
from services.identity.own import ever_been, mark_erased
from services.outbox.commands import Handler, Payload, emit
from services.rights.parts import PARTS
from services.rights.queries import Leaving, confirmation, leaving

ERASED = "persons.erased"
"""The rows are gone: the key is to be destroyed, and whoever has copies is to be told."""
_PATIENCE = timedelta(days=365)


async def erase(uow: Writing, caller: Caller, confirmed: str) -> Leaving:
    """Withdraws every consent, gives back every place, deletes what may be deleted, ends every sign-in.

    InvalidInput unless `confirmed` is the word of today. Nobody does it by a number alone, or with what is left of a
    sign-in: NotSignedIn, DeviceTooNew. With the rows gone, the person's key is destroyed by who carries out `ERASED`,
    again and again until it is: what backups still hold of them can then be read by nobody. Whoever was joined with
    them goes along, with that key.
    """
    await lock_person(uow, caller.person)
    await trusted_device(uow, caller)
    if not hmac.compare_digest(confirmed.encode(), confirmation(uow, caller).encode()):
        raise InvalidInput(field="confirmation")
    told = leaving(uow, caller)
    await withdraw_all(uow, caller)
    theirs = await ever_been(uow, caller.person)
    uow.acts_for.update(theirs)
    for part in PARTS:
        if part.end is not None:
            for person_id in theirs:
                await part.end(uow, person_id)
    await record_change(uow, caller.person, "account_erased")
    await mark_erased(uow, theirs)
    gone = [{"person_id": str(person_id)} for person_id in theirs]
    await emit(uow, ERASED, *gone, expires_at=uow.now + _PATIENCE)
    return told


def rights_handlers(vault: Vault) -> dict[str, Handler]:
    """Destroys the key of who had all deleted. A second time there is none, which is as well."""

    async def destroy(payload: Payload) -> None:
        await vault.erase(UUID(payload["person_id"]))

    return {ERASED: destroy}
