"""Sealed fields and the keys they hang on. No database."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.adapters.keystore import FolderKeyStore
from app.adapters.vault import LocalVault, derive, load_master_key
from app.ports import ErasedError, TamperedError

MASTER = bytes(range(32))
FIELD = "identity_documents.fields"

MAKES_A_KEY = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from app.adapters.keystore import FolderKeyStore
sys.stdin.readline()
store = FolderKeyStore(Path(sys.argv[1]), bytes(32))
for number in range(20):
    print(asyncio.run(store.create(UUID(int=number))).hex(), flush=True)
"""
MAKES_THE_MASTER_KEY = """
import sys
from pathlib import Path
from app.adapters.vault import load_master_key
sys.stdin.readline()
print(load_master_key(Path(sys.argv[1])).hex())
"""


def vault(folder: Path, master: bytes = MASTER) -> LocalVault:
    """A fresh one, as a process that has just started has it."""
    return LocalVault(master, FolderKeyStore(folder, derive(master, "person-keys")))


def said_at_once(program: str, path: Path, count: int = 4) -> list[str]:
    """What `count` processes print that are all ready before any of them begins."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * count
    return said


@pytest.mark.slow
def test_processes_that_make_the_same_keys_at_once_get_the_same_ones(tmp_path: Path) -> None:
    said = said_at_once(MAKES_A_KEY, tmp_path)
    assert len(set(said)) == 1
    assert len(set(said[0].split())) == 20
    assert len(list(tmp_path.rglob("*.*"))) == 20, "no draft is left"


@pytest.mark.slow
def test_processes_that_make_the_master_key_at_once_get_the_same_one(tmp_path: Path) -> None:
    said = said_at_once(MAKES_THE_MASTER_KEY, tmp_path / "master.key")
    assert len(set(said)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600


def test_threads_that_make_the_same_key_at_once_get_the_same_one(tmp_path: Path) -> None:
    people = [uuid4() for _ in range(20)]
    barrier = threading.Barrier(8)
    got: dict[UUID, set[bytes]] = {person: set() for person in people}

    def make() -> None:
        store = FolderKeyStore(tmp_path, MASTER)
        for person in people:
            barrier.wait(30)
            got[person].add(asyncio.run(store.create(person)))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [len(keys) for keys in got.values()] == [1] * len(people)
    assert len(set.union(*got.values())) == len(people)


def test_a_master_key_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(bytes(31))
    with pytest.raises(ValueError, match="32 bytes"):
        load_master_key(tmp_path / "master.key")


async def test_what_was_sealed_opens_in_another_process(tmp_path: Path) -> None:
    person = uuid4()
    sealed = await vault(tmp_path).seal(person, FIELD, b"ERIKSSON")
    assert b"ERIKSSON" not in sealed
    assert await vault(tmp_path).open(person, FIELD, sealed) == b"ERIKSSON"
    assert await vault(tmp_path).seal(person, FIELD, b"ERIKSSON") != sealed


async def test_bytes_moved_to_another_person_or_field_do_not_open(tmp_path: Path) -> None:
    one, other = uuid4(), uuid4()
    own = vault(tmp_path)
    sealed = await own.seal(one, FIELD, b"ERIKSSON")
    await own.seal(other, FIELD, b"")
    for person, field in ((other, FIELD), (one, "accounts.phone"), (other, "accounts.phone")):
        with pytest.raises(TamperedError):
            await own.open(person, field, sealed)


async def test_a_key_file_moved_to_another_person_does_not_open(tmp_path: Path) -> None:
    one, other = UUID(int=1), UUID(int=2)
    sealed = await vault(tmp_path).seal(one, FIELD, b"ERIKSSON")
    (tmp_path / "00" / f"{one.hex}.key").rename(tmp_path / "00" / f"{other.hex}.key")
    with pytest.raises(TamperedError):
        await vault(tmp_path).open(other, FIELD, sealed)


@pytest.mark.parametrize("at", [0, 1, 12, 13, -1])
async def test_one_changed_byte_is_found(tmp_path: Path, at: int) -> None:
    person = uuid4()
    sealed = bytearray(await vault(tmp_path).seal(person, FIELD, b"ERIKSSON"))
    sealed[at] ^= 1
    with pytest.raises(TamperedError):
        await vault(tmp_path).open(person, FIELD, bytes(sealed))
    with pytest.raises(TamperedError):
        await vault(tmp_path).open(person, FIELD, bytes(sealed[:13]))


async def test_nobody_opens_what_an_erased_person_had(tmp_path: Path) -> None:
    person, other = uuid4(), uuid4()
    sealed = await vault(tmp_path).seal(person, FIELD, b"ERIKSSON")
    kept = await vault(tmp_path).seal(other, FIELD, b"SMITH")
    file = tmp_path / person.hex[:2] / f"{person.hex}.key"
    draft = file.with_name(f".{file.name}.0a1b2c")  # as a writer leaves it that is killed before it tidies up
    draft.write_bytes(file.read_bytes())
    await FolderKeyStore(tmp_path, derive(MASTER, "person-keys")).destroy(person)
    assert list(file.parent.glob(f"*{person.hex}*")) == []
    with pytest.raises(ErasedError):
        await vault(tmp_path).open(person, FIELD, sealed)
    assert await vault(tmp_path).open(other, FIELD, kept) == b"SMITH"
    # A new key for the same person brings nothing back.
    await vault(tmp_path).seal(person, FIELD, b"new")
    with pytest.raises(TamperedError):
        await vault(tmp_path).open(person, FIELD, sealed)


async def test_another_master_key_opens_nothing(tmp_path: Path) -> None:
    person = uuid4()
    own, foreign = vault(tmp_path), vault(tmp_path, bytes(32))
    sealed, system = await own.seal(person, FIELD, b"ERIKSSON"), own.seal_system("outbox_events", b"{}")
    with pytest.raises(TamperedError):
        await foreign.open(person, FIELD, sealed)
    with pytest.raises(TamperedError):
        foreign.open_system("outbox_events", system)
    assert own.blind_index("phone", "+79001234567") != foreign.blind_index("phone", "+79001234567")
    assert own.mac("code", b"1") != foreign.mac("code", b"1")


def test_equal_values_of_different_kinds_have_different_indexes(tmp_path: Path) -> None:
    own = vault(tmp_path)
    assert own.blind_index("phone", "1") == vault(tmp_path).blind_index("phone", "1")
    assert len({own.blind_index("phone", "1"), own.blind_index("passport", "1"), own.mac("phone", b"1")}) == 3
