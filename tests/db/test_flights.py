"""Askers who come together share a reading; nobody is given one that began before they asked."""

import asyncio

from app.db.flights import Flights


class Book:
    """Something that is read slowly: each reading tells what was written when it began."""

    def __init__(self) -> None:
        self.page, self.readings = 0, 0
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def read(self) -> int:
        self.readings += 1
        self.begun.set()
        page = self.page
        await self.go_on.wait()
        return page


async def test_askers_of_one_moment_share_one_reading() -> None:
    book, flights = Book(), Flights[int]()
    book.go_on.set()
    assert await asyncio.gather(*(flights.share("page", book.read) for _ in range(50))) == [0] * 50
    assert book.readings == 1
    assert await flights.share("page", book.read) == 0
    assert book.readings == 2


async def test_who_comes_while_it_is_read_is_told_what_holds_since_they_came() -> None:
    book, flights = Book(), Flights[int]()
    early = asyncio.create_task(flights.share("page", book.read))
    await book.begun.wait()
    book.page = 1  # written before the others ask
    late = [asyncio.create_task(flights.share("page", book.read)) for _ in range(20)]
    await asyncio.sleep(0)
    book.go_on.set()
    assert await early == 0
    assert await asyncio.gather(*late) == [1] * 20
    assert book.readings == 2


async def test_different_questions_do_not_wait_for_each_other() -> None:
    slow, quick, flights = Book(), Book(), Flights[int]()
    waiting = asyncio.create_task(flights.share("slow", slow.read))
    await asyncio.sleep(0)
    quick.go_on.set()
    assert await asyncio.wait_for(flights.share("quick", quick.read), 1) == 0
    slow.go_on.set()
    await waiting


async def test_who_hangs_up_takes_nothing_from_the_others() -> None:
    book, flights = Book(), Flights[int]()
    impatient, patient = [asyncio.create_task(flights.share("page", book.read)) for _ in range(2)]
    await book.begun.wait()
    impatient.cancel()
    book.go_on.set()
    assert await patient == 0


async def test_an_error_is_shared_and_the_next_reading_is_made_anew() -> None:
    flights, tries = Flights[int](), 0

    async def read() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ConnectionError
        return tries

    failed = await asyncio.gather(*(flights.share("page", read) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in failed] == [ConnectionError] * 3
    assert await flights.share("page", read) == 2
