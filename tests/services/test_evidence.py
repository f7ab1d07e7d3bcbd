"""What shows that a step was done: a visit once, a document as often as it does."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.models.pathways import StepEventRow
from app.runtime import Runtime
from services.pathways.commands import record_event, shown_by_document
from services.pathways.errors import StepUnknown
from services.pathways.queries import pathway_of, step_in
from tests.services.crowd import first_region
