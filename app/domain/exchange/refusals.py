"""Lists that are given to nobody, whatever is agreed; and why."""

from enum import StrEnum


class NeverListed(StrEnum):
    """What is asked for again and again elsewhere. Asking for it here is refused, counted, and told why."""

    CITIZENSHIP = "citizenship"
    RISK = "risk"
    MISSED_DEADLINE = "missed_deadline"
    PREDICTED_STATUS = "predicted_status"
    EVERYBODY = "everybody"
    BULK_LOCATION = "bulk_location"
    LIVE_LOCATION = "live_location"


WHY = {
    NeverListed.CITIZENSHIP: "by_origin",
    NeverListed.RISK: "by_origin",
    NeverListed.MISSED_DEADLINE: "pathway_is_help",
    NeverListed.PREDICTED_STATUS: "pathway_is_help",
    NeverListed.EVERYBODY: "no_agreement_can_say_so",
    NeverListed.BULK_LOCATION: "nobody_is_followed",
    NeverListed.LIVE_LOCATION: "nobody_is_followed",
}
OF_PLACES = frozenset({NeverListed.BULK_LOCATION, NeverListed.LIVE_LOCATION})
