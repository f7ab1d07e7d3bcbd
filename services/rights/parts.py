"""What there is of a person, feature by feature: each gives its part, and each but the ledgers ends it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from app.db.own import Own
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from services.audit import own as audit
from services.bookings import own as bookings
from services.consents import own as consents
from services.deliveries import own as deliveries
from services.documents import own as documents
from services.employers import own as employers
from services.exchange import own as exchange
from services.family import own as family
from services.feedback import own as feedback
from services.identity import own as identity
from services.locations import own as locations
from services.merges import own as merges
from services.numbers import own as numbers
from services.offers import own as offers
from services.pathways import own as pathways
from services.profiles import own as profiles
from services.queue import own as queue
from services.registry import own as registry
from services.reminders import own as reminders
from services.routing import own as routing

Give = Callable[[Reading, UUID, Purpose], Awaitable[Own]]
End = Callable[[Writing, UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Part:
    """A feature's part: the tables that it gives rows of, how, and how they end; None where they stay (`STAYS`)."""

    name: str
    tables: tuple[str, ...]
    give: Give
    end: End | None


# In the order in which they end: who refers to another goes before it.
PARTS = (
    Part("employers", employers.TABLES, employers.own, employers.erase),
    Part("feedback", feedback.TABLES, feedback.own, feedback.erase),
    Part("exchange", exchange.TABLES, exchange.own, exchange.erase),
    Part("deliveries", deliveries.TABLES, deliveries.own, deliveries.erase),
    Part("reminders", reminders.TABLES, reminders.own, reminders.erase),
    Part("registry", registry.TABLES, registry.own, None),
    Part("documents", documents.TABLES, documents.own, documents.erase),
    Part("locations", locations.TABLES, locations.own, locations.erase),
    Part("offers", offers.TABLES, offers.own, None),
    Part("routing", routing.TABLES, routing.own, routing.erase),
    Part("queue", queue.TABLES, queue.own, queue.erase),
    Part("bookings", bookings.TABLES, bookings.own, bookings.erase),
    Part("pathways", pathways.TABLES, pathways.own, pathways.erase),
    Part("merges", merges.TABLES, merges.own, merges.erase),
    Part("family", family.TABLES, family.own, family.erase),
    Part("profiles", profiles.TABLES, profiles.own, profiles.erase),
    Part("numbers", numbers.TABLES, numbers.own, numbers.erase),
    Part("identity", identity.TABLES, identity.own, identity.erase),
    Part("consents", consents.TABLES, consents.own, None),
    Part("audit", audit.TABLES, audit.own, None),
)


@dataclass(frozen=True, slots=True)
class Stay:
    """What stays after all was deleted, why, and which law has it stay."""

    tables: tuple[str, ...]
    why: str
    law: str


STAYS = (
    Stay(
        ("audit_entries", "chain_heads", "use_hidings"),
        "who used your data, when and on what ground: identifiers and times, none of the data",
        "152-FZ art. 18.1, 22.1; Roskomnadzor order 179 of 2022-10-28: destruction is proven from the log",
    ),
    Stay(
        ("consent_events", "consent_states"),
        "what you agreed to and took back: the proof of it, kept for as long as each consent's record says",
        "152-FZ art. 9 part 3: the operator has to prove the consent",
    ),
    Stay(
        ("mirror_people", "mirror_events", "mirror_erasures", "mirror_dead_letters"),
        "that something was passed to the regional registry, and the registry's receipts that it was erased there",
        "152-FZ art. 21 part 5; Roskomnadzor order 179 of 2022-10-28: destruction is proven",
    ),
    Stay(
        ("bookings", "waitlist", "offers"),
        "that a place at a point was taken at a time, by nobody who can be found any more",
        "152-FZ art. 6 part 1 item 9: statistics, once they name nobody",
    ),
    Stay(
        ("exchange_uses", "lawful_requests"),
        "how often agencies asked for somebody's data, and about whom a lawful request is that is under way: what they"
        " wrote of you is sealed with your key, and unreadable with the rest",
        "152-FZ art. 22.1: what was disclosed and on what ground is accounted for; art. 5 part 7: for a term",
    ),
    Stay(
        ("persons",),
        "a random number without anything that belongs to it, to which the above refers",
        "152-FZ art. 3 item 9: nobody can be told from it",
    ),
)
