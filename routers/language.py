"""Which language a caller reads (RFC 9110 §12.5.4)."""

from fastapi import Request

LANGUAGES = ("en", "ru")


def language_of(request: Request) -> str:
    """The caller's most wanted language that we have; English if there is none."""
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), tag.lower().partition("-")[0]))
        except ValueError:
            continue
    for weight, tag in sorted(wanted, key=lambda item: item[0]):
        if tag in LANGUAGES and weight < 0:
            return tag
    return "en"
