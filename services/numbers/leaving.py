"""A host leaves: nothing but a number and phones hangs on them, and no person's key seals it."""

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller
from services.identity.devices import trusted_device
from services.identity.own import end_accounts
from services.numbers.own import drop_moves


async def leave(uow: Writing, host: Caller) -> None:
    """Deletes the account, its phones and sign-ins. What they confirmed stays with whose step it was, without them.

    NotSignedIn; DeviceTooNew: whoever holds only the SIM deletes nothing.
    """
    await trusted_device(uow, host)
    await drop_moves(uow, [host.account_id])
    await end_accounts(uow, [host.account_id])
