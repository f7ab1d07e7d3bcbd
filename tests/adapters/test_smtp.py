"""E-mail by SMTP against a server that speaks as much of it as is needed, and refuses as it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy

import pytest

from app.adapters.smtp import SmtpEmail
from app.domain.reminders.delivery import Answer, Verdict
from tests.processes.commands import free_port

SUBJECT, TEXT = "Manzil: 1 yangi xabar", "Tez orada e’tiboringiz kerak bo‘ladi."


@dataclass
class Server:
    """`replies` by command, instead of its own; "" hangs up."""

    replies: dict[str, str] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            command = line.split(maxsplit=1)[0].upper()
            self.heard.append(line)
            reply = self.replies.get(command, _USUAL.get(command, "250 ok"))
            if not reply:
                break
            writer.write(f"{reply}\r\n".encode())
            if command == "DATA" and reply.startswith("354"):
                letter = (await reader.readuntil(b"\r\n.\r\n")).decode()
                self.letters.append(letter)
                if not (taken := self.replies.get("END", "250 queued as 4711")):
                    break
                writer.write(f"{taken}\r\n".encode())
            if command == "QUIT":
                break
        writer.close()


_USUAL = {"EHLO": "250-here\r\n250 SMTPUTF8", "DATA": "354 go on", "QUIT": "221 bye"}


@asynccontextmanager
async def listening(**replies: str) -> AsyncIterator[Server]:
    server = Server(replies)
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0, limit=2**24) as listener:
        server.port = listener.sockets[0].getsockname()[1]
        yield server


async def send(port: int) -> Answer:
    email = SmtpEmail(f"smtp://127.0.0.1:{port}", "noreply@manzil.example")
    return await email.send("someone@example.org", SUBJECT, TEXT, key="2f7c1c1e", language="uz-Latn")


async def test_a_letter_arrives_whole_and_the_same_letter_has_the_same_id() -> None:
    async with listening() as server:
        answers = [await send(server.port) for _ in range(2)]
    assert {answer.verdict for answer in answers} == {Verdict.ACCEPTED}
    assert answers[0].reference == "queued as 4711"
    first, second = (message_from_string(letter, policy=policy.default) for letter in server.letters)
    assert first["Subject"] == SUBJECT
    assert first["To"] == "someone@example.org"
    assert first["From"] == "noreply@manzil.example"
    assert first["Content-Language"] == "uz-Latn"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == second["Message-ID"] == "<2f7c1c1e@manzil.example>"
    assert first.get_content().strip().removesuffix("\r\n.").startswith(TEXT)


@pytest.mark.parametrize(
    ("replies", "verdict"),
    [
        ({"RCPT": "550 no such mailbox"}, Verdict.GONE),
        ({"RCPT": "450 mailbox busy"}, Verdict.BUSY),
        ({"MAIL": "553 not from here"}, Verdict.REFUSED),
        ({"MAIL": "421 closing"}, Verdict.BUSY),
        ({"END": "554 it is spam"}, Verdict.REFUSED),
        ({"END": "451 not now"}, Verdict.BUSY),
        ({"END": ""}, Verdict.UNKNOWN),
    ],
)
async def test_what_the_server_says_decides(replies: dict[str, str], verdict: Verdict) -> None:
    """4yz may pass, 5yz does not; who hangs up after the letter may have it."""
    async with listening(**replies) as server:
        assert (await send(server.port)).verdict is verdict


async def test_where_nobody_listens_nothing_has_left() -> None:
    assert (await send(free_port())).verdict is Verdict.BUSY


@pytest.mark.parametrize("url", ["https://mail.example", "smtp://", "mail.example:25"])
def test_an_address_that_is_none_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        SmtpEmail(url, "noreply@manzil.example")
