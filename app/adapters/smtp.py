"""E-mail by SMTP (RFC 5321), one message a connection."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.domain.reminders.delivery import PATIENCE, Answer, Verdict
from app.ports import Attachment

_PORTS = {"smtp": 587, "smtps": 465}
_PERMANENT = 500


class SmtpEmail:
    """`url`: `smtp://user:password@host:port`, with STARTTLS where the server has it; `smtps://` is TLS from the start.

    `sender` is the address that messages come from.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("an SMTP address is smtp://host or smtps://host")
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._tls = parts.scheme == "smtps"
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._sender, self._domain = sender, sender.rpartition("@")[2]

    async def send(
        self,
        address: str,
        subject: str,
        text: str,
        *,
        key: str,
        language: str,
        attachments: Sequence[Attachment] = (),
    ) -> Answer:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, address, subject
        message["Date"], message["Message-ID"] = formatdate(), f"<{key}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message["Content-Language"] = language  # setting the content drops whatever was said of one
        for file in attachments:
            main, _, sub = file.media_type.partition("/")
            message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
        try:
            _, said = await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                use_tls=self._tls,
                username=self._login[0] if self._login else None,
                password=self._login[1] if self._login else None,
                timeout=PATIENCE.total_seconds(),
            )
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError) as error:
            return Answer(Verdict.BUSY, reason=type(error).__name__)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refusal(max(refused.code for refused in error.recipients), Verdict.GONE)
        except aiosmtplib.SMTPResponseException as error:
            return _refusal(error.code, Verdict.REFUSED)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Answer(Verdict.UNKNOWN, reason=type(error).__name__)
        return Answer(Verdict.ACCEPTED, said[:200])


def _refusal(code: int, for_good: Verdict) -> Answer:
    """4yz may pass, 5yz does not (RFC 5321 §4.2.1)."""
    return Answer(for_good if code >= _PERMANENT else Verdict.BUSY, reason=str(code))
