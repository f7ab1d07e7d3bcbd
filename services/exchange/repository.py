"""SQL of agencies, of agreements, and of whom an agreement is about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.bookings.status import BookingStatus
from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import LIVE
from app.domain.exchange.agreements import Agreement, Version
from app.domain.exchange.sheltered import Sheltered
from app.domain.exchange.terms import Basis, Datum, ExchangePurpose, People, Terms, Way
from app.models.exchange import Agency, AgreementRow, AgreementVersion


async def put_agency(uow: Writing, organisation_id: UUID, kind: str, system: str, points: Sequence[UUID]) -> None:
    values = {"kind": kind, "system": system, "points": list(points)}
    added = upsert(Agency).values(organisation_id=organisation_id, **values)
    await uow.session.execute(added.on_conflict_do_update(index_elements=[Agency.organisation_id], set_=values))


async def agency(uow: Reading, organisation_id: UUID) -> Agency | None:
    return await uow.session.get(Agency, organisation_id, populate_existing=True)


async def agencies(uow: Reading) -> Sequence[Agency]:
    return (await uow.session.scalars(select(Agency).order_by(Agency.organisation_id))).all()


async def add_agreement(uow: Writing, agreement_id: UUID, agency_id: UUID) -> None:
    values = {"id": agreement_id, "agency_id": agency_id, "made_at": uow.now}
    await uow.session.execute(insert(AgreementRow).values(**values))


async def add_version(uow: Writing, agreement_id: UUID, number: int, terms: Terms, proposed_by: UUID) -> None:
    values = {
        "agreement_id": agreement_id,
        "number": number,
        "fields": sorted(terms.fields),
        "people": terms.people,
        "codes": list(terms.codes),
        "steps": list(terms.steps),
        "purpose": terms.purpose,
        "basis": terms.basis,
        "citation": terms.citation,
        "ways": sorted(terms.ways),
        "every_hours": terms.every_hours,
        "retention_days": terms.retention_days,
        "valid_from": terms.valid_from,
        "valid_to": terms.valid_to,
        "proposed_by": proposed_by,
        "proposed_at": uow.now,
    }
    await uow.session.execute(insert(AgreementVersion).values(**values))


async def approve(uow: Writing, agreement_id: UUID, number: int, by: UUID) -> bool:
    """False if somebody has approved it already."""
    approved = (
        update(AgreementVersion)
        .where(AgreementVersion.agreement_id == agreement_id, AgreementVersion.number == number)
        .where(AgreementVersion.approved_at.is_(None))
        .values(approved_by=by, approved_at=uow.now)
        .returning(AgreementVersion.number)
    )
    return await uow.session.scalar(approved) is not None


async def revoke(uow: Writing, agreement_id: UUID, by: UUID) -> bool:
    revoked = (
        update(AgreementRow)
        .where(AgreementRow.id == agreement_id, AgreementRow.revoked_at.is_(None))
        .values(revoked_at=uow.now, revoked_by=by)
        .returning(AgreementRow.id)
    )
    return await uow.session.scalar(revoked) is not None


async def agreement(uow: Reading, agreement_id: UUID) -> Agreement | None:
    found = await _agreements(uow, AgreementRow.id == agreement_id)
    return found[0] if found else None


async def agreements(uow: Reading, agency_id: UUID | None = None) -> list[Agreement]:
    """All, or those with one agency, oldest first."""
    return await _agreements(uow, *([AgreementRow.agency_id == agency_id] if agency_id else []))


async def _agreements(uow: Reading, *which: Any) -> list[Agreement]:
    # As they stand now, not as this unit of work may have seen them.
    fresh = {"populate_existing": True}
    query = select(AgreementRow).where(*which).order_by(AgreementRow.made_at, AgreementRow.id)
    rows = (await uow.session.scalars(query, execution_options=fresh)).all()
    worded: dict[UUID, list[Version]] = {row.id: [] for row in rows}
    versions = select(AgreementVersion).where(AgreementVersion.agreement_id.in_(worded))
    ordered = versions.order_by(AgreementVersion.agreement_id, AgreementVersion.number)
    for version in await uow.session.scalars(ordered, execution_options=fresh):
        worded[version.agreement_id].append(_version(version))
    return [Agreement(row.id, row.agency_id, tuple(worded[row.id]), row.revoked_at) for row in rows]


def _version(row: AgreementVersion) -> Version:
    terms = Terms(
        fields=frozenset(map(Datum, row.fields)),
        people=People(row.people),
        codes=tuple(row.codes),
        steps=tuple(row.steps),
        purpose=ExchangePurpose(row.purpose),
        basis=Basis(row.basis),
        citation=row.citation,
        ways=frozenset(map(Way, row.ways)),
        every_hours=row.every_hours,
        retention_days=row.retention_days,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    return Version(row.number, terms, row.proposed_by, row.proposed_at, row.approved_by, row.approved_at)


_VISITING = [status.value for status in (BookingStatus.CONFIRMED, BookingStatus.ARRIVED, BookingStatus.COMPLETED)]


@dataclass(frozen=True, slots=True)
class About:
    """Of whom an agreement is: its terms, the agency's own points, and the consent that it may stand on."""

    terms: Terms
    points: Collection[UUID]
    consent: ConsentPurpose | None


async def may_be_told_of(uow: Reading, person_id: UUID, kept: Sheltered) -> bool:
    """Whether anything of that person may leave at all."""
    return bool(await covered(uow, None, kept, person_id=person_id))


async def covered(
    uow: Reading,
    about: About | None,
    kept: Sheltered,
    *,
    person_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 1,
) -> list[UUID]:
    """People of whom something may leave and, unless `about` is None, whom an agreement is about; by id. That person
    only, or those after another.

    Nothing of refugees and of who seeks asylum leaves by default, nor of whom it is not known whether they are one.
    """
    of_whom = {
        People.VISITED: """
            EXISTS (SELECT FROM bookings b WHERE b.person_id = p.id AND b.service = ANY (CAST(:codes AS text[]))
                AND b.point_id = ANY (CAST(:points AS uuid[])) AND b.status = ANY (CAST(:visiting AS text[])))""",
        People.STEP_DONE: """
            EXISTS (SELECT FROM step_events s WHERE s.person_id = p.id AND s.step = ANY (CAST(:codes AS text[]))
                AND s.kind = 'done' AND s.annulled_at IS NULL)""",
        People.CONSENTED: """
            EXISTS (SELECT FROM consent_states c WHERE c.person_id = p.id AND c.purpose = :consent AND c.scope = ''
                AND c.status = ANY (CAST(:live AS text[])) AND c.expires_at > :now)""",
    }
    statement = f"""
        SELECT p.id FROM persons p JOIN profiles f ON f.person_id = p.id
        WHERE p.merged_into IS NULL AND p.erased_at IS NULL
            AND f.citizenship <> ALL (CAST(:citizenships AS text[]))
            AND EXISTS (SELECT FROM entries e WHERE e.person_id = p.id AND e.replaced_at IS NULL)
            AND NOT EXISTS (SELECT FROM entries e WHERE e.person_id = p.id AND e.replaced_at IS NULL
                AND e.purpose = ANY (CAST(:purposes AS text[])))
            AND NOT EXISTS (SELECT FROM identity_documents d WHERE d.person_id = p.id
                AND d.status IN ('valid', 'ended') AND d.kind = ANY (CAST(:papers AS text[])))
            AND NOT EXISTS (SELECT FROM stored_documents s WHERE s.person_id = p.id
                AND s.kind = ANY (CAST(:papers AS text[])))
            AND {of_whom[about.terms.people] if about else "true"}
            AND {"true" if person_id is None else "p.id = :person"}
            AND {"true" if after is None else "p.id > :after"}
        ORDER BY p.id LIMIT :limit
    """  # noqa: S608 — ours, all of it
    values: dict[str, Any] = {
        "citizenships": sorted(kept.citizenships),
        "purposes": sorted(kept.purposes),
        "papers": sorted(kept.papers),
        "codes": list(about.terms.codes) if about else [],
        "points": list(about.points) if about else [],
        "consent": about.consent.value if about and about.consent else None,
        "visiting": _VISITING,
        "live": sorted(LIVE),
        "now": uow.now,
        "person": person_id,
        "after": after,
        "limit": limit,
    }
    asked = text(statement)
    named = asked.compile().params
    return list(await uow.session.scalars(asked, {name: values[name] for name in named}))
