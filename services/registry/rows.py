"""Rows of the sequence, and the events that they are over the wire."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.domain.registry.mirror import MirrorStatus, source_of
from app.ports import Vault
from app.wire.bodies import Act, Event, body_of, digest_of

CONTENT_FIELD = "mirror_events.content"


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a person's sequence, as it is written."""

    person_id: UUID
    subject: UUID
    seq: int
    id: UUID
    act: Act
    created_at: datetime
    kind: str = ""
    key: str = ""
    purpose: str = ""
    scope: str = ""
    ground: str = ""
    consent_id: UUID | None = None
    content_sealed: bytes | None = None
    digest: bytes = b""
    supersedes: UUID | None = None
    reason: str = ""
    status: MirrorStatus = MirrorStatus.QUEUED
    attempts: int = 0

    def event(self, region: str, content: dict[str, Any], salt: str) -> Event:
        return Event(
            id=self.id,
            source=source_of(region),
            act=self.act,
            subject=self.subject,
            sequence=self.seq,
            time=self.created_at,
            purpose=self.purpose,
            scope=self.scope,
            ground=self.ground,
            consent=self.consent_id,
            kind=self.kind,
            key=self.key,
            content=content,
            salt=salt,
            supersedes=self.supersedes,
            reason=self.reason,
        )

    def digested(self, region: str, content: dict[str, Any] | None = None, salt: str = "") -> "Line":
        return replace(self, digest=digest_of(body_of(self.event(region, content or {}, salt))))

    def buried(self, region: str, reason: str, now: datetime) -> "Line":
        """The tombstone that takes its place: nothing of the content, and the name of what it supersedes."""
        return Line(
            person_id=self.person_id,
            subject=self.subject,
            seq=self.seq,
            id=uuid4(),
            act=Act.TOMBSTONE,
            created_at=now,
            supersedes=self.id,
            reason=reason,
        ).digested(region)


async def body_of_line(vault: Vault, region: str, line: Line) -> bytes:
    """As it goes over the wire. ErasedError when the person's key is gone, TamperedError when the row was changed."""
    content, salt = {}, ""
    if line.content_sealed is not None:
        opened = json.loads(await vault.open(line.person_id, CONTENT_FIELD, line.content_sealed))
        content, salt = opened["content"], opened["salt"]
    return body_of(line.event(region, content, salt))
