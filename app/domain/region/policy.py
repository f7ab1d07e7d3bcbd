"""What differs from region to region."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.bookings.limits import Limits
from app.domain.consents.purposes import ConsentLaw
from app.domain.employers.law import EmploymentLaw
from app.domain.feedback.law import FeedbackLaw
from app.domain.identity.limits import CodeLimits
from app.domain.offers.terms import OfferTerms
from app.domain.pathways.rules import RuleBook
from app.domain.points.calendar import local_day
from app.domain.queue.terms import QueueTerms
from app.domain.region.retention import Retention
from app.domain.visits.terms import VisitTerms


@dataclass(frozen=True, slots=True)
class RegionPolicy:
    """A region: its code, the zone its legal days are counted in, its rule book, what consents say there, by what
    right people may work there, its terms of booking, of visits, of queues and of offers, what it says of complaints;
    its name by language; how long it keeps what no erasure reaches.
    """

    code: str
    zone: ZoneInfo
    book: RuleBook
    consents: ConsentLaw
    hold_for: timedelta
    calendar_days: int
    limits: Limits = field(default_factory=Limits)
    visits: VisitTerms = field(default_factory=VisitTerms)
    queue: QueueTerms = field(default_factory=QueueTerms)
    offers: OfferTerms = field(default_factory=OfferTerms)
    feedback: FeedbackLaw = field(default_factory=FeedbackLaw)
    name: Mapping[str, str] = field(default_factory=dict)
    codes: CodeLimits = field(default_factory=CodeLimits)
    employment: EmploymentLaw = field(default_factory=EmploymentLaw)
    retention: Retention = field(default_factory=Retention)

    def day_of(self, instant: datetime) -> date:
        """The legal day of an instant: a deadline ends when this region's day ends, wherever the server stands."""
        return local_day(self.zone, instant)
