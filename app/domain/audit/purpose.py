"""Why personal data is read. A repository that reads it is told; the person is shown it."""

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """`own_*`: the person's own request, through their own device, or what the service tells them and nobody else:
    no one learns anything, so no entry is written. Nor does anyone by `statistics`: the worker counts, and tells of ten
    people or more. Every other purpose leaves an entry that the person can see, with the ground beside it.
    """

    OWN_ACCESS = "own_access"
    OWN_SIGN_IN = "own_sign_in"
    OWN_REMINDERS = "own_reminders"
    OWN_MATCHING = "own_matching"
    VISIT_CHECK_IN = "visit_check_in"
    VISIT_LIST = "visit_list"
    VISIT_OUTCOME = "visit_outcome"
    VISIT_DOCUMENT = "visit_document"
    QUEUE_CALL = "queue_call"
    IDENTITY_CHECK = "identity_check"
    ACCOUNT_RECOVERY = "account_recovery"
    HOST_CONFIRMATION = "host_confirmation"
    COMPLAINT = "complaint"
    COMMENTS = "comments"
    MIRROR = "mirror"
    EMPLOYER_CARD = "employer_card"
    EMPLOYER_CONTACT = "employer_contact"
    AGENCY = "agency"
    STATISTICS = "statistics"

    @property
    def logged(self) -> bool:
        return not self.value.startswith("own_") and self is not Purpose.STATISTICS

    @property
    def told_for(self) -> timedelta:
        """For how long one entry tells of the same reader's further looks: a desk's list is read again and again."""
        return timedelta(hours=1) if self in _SEEN_AGAIN else timedelta(0)

    @property
    def ground(self) -> str:
        """The legal basis, as it is shown to the person (152-ФЗ art. 6 part 1)."""
        return _GROUNDS[self]


_SEEN_AGAIN = frozenset({Purpose.VISIT_LIST, Purpose.QUEUE_CALL, Purpose.MIRROR, Purpose.EMPLOYER_CARD})
_SERVICE = "152-FZ art. 6(1)(5): performance of the service that the person booked"
_GROUNDS = {
    Purpose.OWN_ACCESS: "152-FZ art. 14: the person's own access",
    Purpose.OWN_SIGN_IN: "152-FZ art. 14: the person's own access",
    Purpose.OWN_REMINDERS: "152-FZ art. 6(1)(5): the person is told of their own visits, deadlines and papers",
    Purpose.OWN_MATCHING: "152-FZ art. 6(1)(5): from when the person may work is reckoned for themselves",
    Purpose.VISIT_CHECK_IN: _SERVICE,
    Purpose.VISIT_LIST: _SERVICE,
    Purpose.VISIT_OUTCOME: _SERVICE,
    Purpose.VISIT_DOCUMENT: "152-FZ art. 6(1)(1): the person showed the document to this point, for this visit",
    Purpose.QUEUE_CALL: "152-FZ art. 6(1)(5): performance of the service that the person came for",
    Purpose.IDENTITY_CHECK: "152-FZ art. 21: data are put right when papers show how",
    Purpose.ACCOUNT_RECOVERY: "152-FZ art. 6(1)(5): the person's own request, in person, to get their account back",
    Purpose.HOST_CONFIRMATION: "152-FZ art. 6(1)(5): the confirmation that the person asked their host for",
    Purpose.COMPLAINT: "59-FZ art. 10: a complaint is examined and answered",
    Purpose.COMMENTS: "152-FZ art. 6(1)(5): what the person said of a visit, so that the service is put right",
    Purpose.AGENCY: "152-FZ art. 6(1)(2): what an agreement or a lawful request of an agency names, in its own entry",
    Purpose.STATISTICS: "152-FZ art. 6(1)(9): statistics, of data that are made anonymous first",
    Purpose.MIRROR: "152-FZ art. 6(1)(1): the person's consent to the mirror to the regional registry",
    Purpose.EMPLOYER_CARD: "152-FZ art. 6(1)(1): the person's consent to be found by employers, without a name",
    Purpose.EMPLOYER_CONTACT: "152-FZ art. 6(1)(1): the person's consent to show their contacts for this vacancy",
}
