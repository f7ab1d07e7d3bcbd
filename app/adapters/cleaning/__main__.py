"""The process that opens what strangers sent: one file from its standard input, then it ends.

It has no more memory, time and files than it needs, and whatever becomes of it becomes of nothing else. Nothing is
written to a disk. Out goes a line of JSON, then the content, then the preview.
"""

import json
import resource
import sys

from app.domain.documents.limits import CLEANING_MEMORY, CLEANING_SECONDS
from app.domain.documents.refusals import Refusal
from app.domain.documents.sniffing import FileType, look
from app.ports import Cleaned


def clean(content: bytes) -> Cleaned | Refusal:
    looked = look(content)
    if looked.refusal is not None:
        return looked.refusal
    # Each is loaded only where it is used: the start of this process is most of what it takes.
    if looked.type is FileType.PDF:
        from app.adapters.cleaning.pdfs import clean_pdf  # noqa: PLC0415

        return clean_pdf(content)
    from app.adapters.cleaning.pictures import clean_picture  # noqa: PLC0415

    return clean_picture(content, FileType(looked.type or ""))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (CLEANING_MEMORY, CLEANING_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CLEANING_SECONDS, CLEANING_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    done = clean(sys.stdin.buffer.read())
    out = sys.stdout.buffer
    if isinstance(done, Refusal):
        out.write(json.dumps({"refusal": done}).encode() + b"\n")
        return
    sizes = {"media_type": done.media_type, "content": len(done.content), "preview": len(done.preview or b"")}
    out.write(json.dumps(sizes).encode() + b"\n" + done.content + (done.preview or b""))


if __name__ == "__main__":
    main()
