"""What is shown before a consent is asked for, in English as the catalogues know it (context `notice`).

A notice is one text: what is asked, what for and to whom data go, then what holds of every consent. Its version is
made from the English text, so that no rewording can be forgotten; each translation has a hash of its own.
"""

from hashlib import sha256
from typing import Final

from app.domain.consents.consent import Notice
from app.domain.consents.purposes import ConsentPurpose
from app.domain.reminders.words import Phrase, Words, filled

CONTEXT: Final = "notice"
TITLES: Final = {
    ConsentPurpose.MIRROR_LOCATION: Phrase("Your location to the regional registry"),
    ConsentPurpose.MIRROR_DOCUMENT: Phrase("A document to the regional registry: {paper}"),
    ConsentPurpose.VISIBLE_TO_EMPLOYERS: Phrase("Employers may find you"),
    ConsentPurpose.REVEAL_CONTACTS: Phrase("Your contacts to one employer"),
    ConsentPurpose.NOTICES_PUSH: Phrase("Messages by push"),
    ConsentPurpose.NOTICES_SMS: Phrase("Messages by SMS"),
    ConsentPurpose.SHARE_WITH_ADAPTATION: Phrase("Your name and e-mail to the adaptation centre"),
}
BODIES: Final = {
    ConsentPurpose.MIRROR_LOCATION: Phrase(
        "We pass the place where you are to the regional registry, as exactly as you choose. It keeps the latest "
        "place only; your way is never passed on."
    ),
    ConsentPurpose.MIRROR_DOCUMENT: Phrase(
        "We pass a copy of this document and what stands in it to the regional registry, and each new version of it."
    ),
    ConsentPurpose.VISIBLE_TO_EMPLOYERS: Phrase(
        "Employers of the region see your skills, experience and languages, and from when you may work. They do not "
        "see your name, photo, citizenship or contacts."
    ),
    ConsentPurpose.REVEAL_CONTACTS: Phrase(
        "The employer of this one vacancy sees your name, phone number and e-mail address. No other employer does."
    ),
    ConsentPurpose.NOTICES_PUSH: Phrase(
        "We pass the address of your phone to the push service of Google, which brings our messages. They hold no "
        "name, place or step unless you choose that."
    ),
    ConsentPurpose.NOTICES_SMS: Phrase(
        "We pass your phone number to the mobile operator that brings our messages. They hold no name, place or step "
        "unless you choose that."
    ),
    ConsentPurpose.SHARE_WITH_ADAPTATION: Phrase(
        "The adaptation centre of the region sees your name, your e-mail address and which steps you have done, to "
        "offer you courses of the language and free legal help. You see each time when it looks."
    ),
}
COMMON: Final = (
    Phrase("The ministry of digital development of the region answers for it."),
    Phrase("You are free to refuse: everything else works all the same, and nobody is shown that you refused."),
    Phrase("It holds for one year. You can withdraw it in the app at any time, at once and without a reason."),
)
MONTHS: Final = 12
"""What the last of these says."""


def phrases() -> list[Phrase]:
    """All of them, to be translated."""
    return [*TITLES.values(), *BODIES.values(), *COMMON]


def title(purpose: ConsentPurpose, paper: str | None, words: Words) -> str:
    """The first line. `paper`: the name of the document that it is about, in the same language."""
    return filled(words.say(CONTEXT, TITLES[purpose]), {"paper": paper} if paper else {}, words)


def text(purpose: ConsentPurpose, paper: str | None, words: Words) -> str:
    """All that is shown: paragraphs, with a line feed between them."""
    body = [words.say(CONTEXT, phrase) for phrase in (BODIES[purpose], *COMMON)]
    return "\n".join([title(purpose, paper, words), *body])


def digest(shown: str) -> bytes:
    """32 bytes: SHA-256 of the text in UTF-8."""
    return sha256(shown.encode()).digest()


def notice(purpose: ConsentPurpose, scope: str | None, language: str, shown: str, english: str) -> Notice:
    """What the record keeps of the text that was shown, and of the English one that it is a translation of."""
    named = f"{purpose}/{scope}" if scope and purpose is ConsentPurpose.MIRROR_DOCUMENT else purpose.value
    return Notice(named, digest(english).hex()[:12], language, digest(shown))
