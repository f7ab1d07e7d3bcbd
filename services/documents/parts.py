"""SQL of a file while it comes in: on the driver, one round trip each, since phones send many small parts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db.unit_of_work import Deciding
from app.domain.audit.purpose import Purpose
from app.models.documents import DocumentFile
from services.audit.access import account_for
from services.documents.sealing import Part


async def upload(uow: Deciding, person_id: UUID, file_id: UUID, purpose: Purpose) -> DocumentFile | None:
    """What has to be known of a file of this person's while it comes in, by one look that holds no connection."""
    await account_for(uow, person_id, purpose)
    statement = """
        SELECT id, person_id, state, length, received, expires_at, secret_sealed FROM document_files
        WHERE id = $1 AND person_id = $2
    """
    rows = await uow.driver.rows(statement, file_id, person_id)
    return DocumentFile(**rows[0]) if rows else None


async def advance(uow: Deciding, file_id: UUID, parts: Sequence[Part], expires_at: datetime) -> bool:
    """Parts follow what is here, one after the other. False when something else is here, or nothing any more.

    One statement on the driver: it is a transaction of its own, and committed when this returns.
    """
    first, end = parts[0].first, parts[-1].first + parts[-1].size
    statement = """
        WITH moved AS (
            UPDATE document_files SET received = $3,
                state = CASE WHEN $3 = length THEN 'checking' ELSE state END,
                expires_at = CASE WHEN $3 = length THEN NULL ELSE $4::timestamptz END
            WHERE id = $1 AND received = $2 AND state = 'uploading' AND $3 <= length RETURNING id
        )
        INSERT INTO upload_parts (file_id, first, size, object)
        SELECT moved.id, p.* FROM moved, unnest($5::int[], $6::int[], $7::text[]) p RETURNING file_id
    """
    listed = [part.first for part in parts], [part.size for part in parts], [part.object for part in parts]
    return bool(await uow.driver.rows(statement, file_id, first, end, expires_at, *listed))
