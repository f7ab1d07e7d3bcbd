"""Is the data whole? Says so in plain words."""

from dataclasses import dataclass

from sqlalchemy import text

from app.db.unit_of_work import Reading
from app.runtime import Runtime
from migrations.catalogue import committed, guards_of
from services.audit.queries import broken_chains
from services.bookings.queries import ledger_faults
from services.consents.queries import consent_faults
from services.documents.upkeep import faults as document_faults
from services.employers.upkeep import faults as work_faults
from services.offers.queries import faults as offer_faults
from services.outbox.queries import late_events
from services.queue.queries import ticket_faults
from services.registry.queries import mirror_faults


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, and what is wrong: nothing, when the list is empty."""

    region: str
    question: str
    faults: list[str]

    def told(self) -> str:
        """In lines for a terminal."""
        answer = f"{'no ' if self.faults else 'yes'}  {self.question}  ({self.region})"
        return "\n".join([answer, *(f"       {fault}" for fault in self.faults)])


async def examine(runtime: Runtime) -> list[Finding]:
    """Asks every question of every region, each in one consistent snapshot."""
    findings: list[Finding] = []
    for region in runtime.regions.values():
        async with runtime.database.reading(region) as uow:
            await uow.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            if not await uow.session.scalar(text("SELECT to_regclass('persons') IS NOT NULL")):
                findings.append(Finding(region.code, "Is the database migrated?", ["run `manzil migrate`"]))
                continue
            findings += [
                Finding(region.code, question, faults)
                for question, faults in (
                    ("Does the capacity ledger equal the bookings?", await ledger_faults(uow)),
                    ("Is what is offered kept, and is a place sought for whoever has none?", await offer_faults(uow)),
                    ("Are the tickets of each day numbered without gaps?", await ticket_faults(uow)),
                    ("Do the audit and consent chains and their seals hold?", await broken_chains(uow)),
                    ("Are consents what their ledger says?", await consent_faults(uow)),
                    ("Do the database's own guards stand?", await _missing_guards(uow)),
                    ("Does the application own nothing?", await _powers(uow)),
                    ("Is every copy of a paper in the store?", await document_faults(uow, runtime.objects)),
                    ("Can every work profile be read?", await work_faults(uow)),
                    ("Has every event left the outbox?", await late_events(uow)),
                    ("Is what is mirrored applied, and what is withdrawn erased?", await mirror_faults(uow)),
                )
            ]
    return findings


async def _missing_guards(uow: Reading) -> list[str]:
    wanted, found = committed(), await guards_of(uow.session)
    missing = [f"missing or changed: {guard}" for guard in wanted if guard not in found]
    return missing + [f"not ours: {guard}" for guard in found if guard not in wanted]


async def _powers(uow: Reading) -> list[str]:
    rows = await uow.session.execute(
        text("""
            SELECT 'it is a superuser' FROM pg_roles WHERE rolname = current_user AND rolsuper
            UNION ALL SELECT 'it owns ' || relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
            WHERE r.rolname = current_user AND relnamespace = current_schema()::regnamespace
            UNION ALL SELECT 'it may change ' || t
            FROM unnest(ARRAY['audit_entries', 'consent_events', 'chain_seals', 'consent_notices', 'consent_states',
                'use_hidings']) t
            WHERE has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(t, 'UPDATE')
        """)
    )
    return list(rows.scalars())
