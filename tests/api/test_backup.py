"""Crypto-erasure shown by a true backup: what it brings back of who left can be read by nobody."""

import asyncio
import io
import json
import shutil
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app.assembly import build_runtime
from app.db.unit_of_work import Reading
from app.errors import NotFound
from app.ports import ErasedError
from app.runtime import Runtime
from app.settings import Settings
from services.documents.upkeep import delete_doomed
from services.rights.queries import export
from tests.api.test_rights import leave, person_id, someone
from tests.support.backups import dump, restore
from tests.support.papers import page, stored
from tests.support.people import World
from tests.support.server import drop_region


async def test_a_backup_from_before_an_erasure_stays_unreadable(
    world: World, settings: Settings, worker: str, tmp_path: Path
) -> None:
    """The database by pg_dump and the object store as it lay; keys have a store apart, and no part in either."""
    person, other = await someone(world), await someone(world)
    papers = [await stored(one) for one in (person, other)]
    whose, others = await person_id(person), await person_id(other)
    wanted = await page(other, papers[1])
    backup = await asyncio.to_thread(dump, world.region.code)
    kept = shutil.copytree(settings.documents_folder, tmp_path / "documents")
    await erased(world, whose, await leave(person))

    name = f"b_{worker}"
    await asyncio.to_thread(restore, backup, world.region.code, name)
    back = build_runtime(settings.model_copy(update={"regions": [name], "documents_dir": kept}), clock=world.clock)
    try:
        async with back.database.reading(back.regions[name]) as uow:
            there, theirs = await sealed_of(uow, whose), await sealed_of(uow, others)
            assert set(there) == set(theirs), "all of it is back"
            assert {"details", "document_files", "identity_documents", "location_batches"} <= set(there)
            for values in there.values():
                for value in values:
                    with pytest.raises(ErasedError):
                        await back.database.vault.open(whose, "whatever", value)
            with pytest.raises((ErasedError, NotFound)):
                await export(uow, back.objects, whose)
            # The other's is read from the same backup: it is not for want of anything else.
            with zipfile.ZipFile(
                io.BytesIO(b"".join([piece async for piece in await export(uow, back.objects, others)]))
            ) as archive:
                assert "zarina@example.org" in json.dumps(json.loads(archive.read("profiles.json")))
                [file] = [one for one in archive.namelist() if one.startswith("documents/")]
                assert archive.read(file) == wanted
            assert await objects_of(uow, back, whose), "the files are back too"
    finally:
        await back.close()
        await asyncio.to_thread(drop_region, name)


async def erased(world: World, whose: UUID, told: object) -> None:
    """What workers do when somebody has left."""
    database = world.runtime.database
    while await world.relay():
        pass
    async with database.writing(world.region) as uow:
        assert await delete_doomed(uow, world.runtime.objects) > 0
    assert told
    with pytest.raises(ErasedError):
        await database.vault.open(whose, "whatever", b"\x01")


async def sealed_of(uow: Reading, person: UUID) -> dict[str, list[bytes]]:
    """Everything that is sealed with the person's key, by table."""
    columns = await uow.session.execute(
        text("""
            SELECT c.table_name, c.column_name FROM information_schema.columns c
                JOIN information_schema.columns p USING (table_schema, table_name)
            WHERE c.table_schema = current_schema() AND c.column_name LIKE '%sealed' AND c.data_type = 'bytea'
                AND p.column_name = 'person_id' AND c.table_name !~ '_[0-9]{4}_[0-9]{2}$'
        """)
    )
    found: dict[str, list[bytes]] = {}
    for table, column in columns.all():
        query = text(f"SELECT {column} FROM {table} WHERE person_id = :person AND {column} IS NOT NULL")  # noqa: S608
        if values := list(await uow.session.scalars(query, {"person": person})):
            found.setdefault(table, []).extend(values)
    return found


async def objects_of(uow: Reading, back: Runtime, person: UUID) -> list[bytes]:
    query = text("SELECT content FROM document_files WHERE person_id = :person AND content IS NOT NULL")
    return [await back.objects.get(name) for name in await uow.session.scalars(query, {"person": person})]
