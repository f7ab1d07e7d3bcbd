"""Text that a spreadsheet must not take for a formula."""

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""What spreadsheets begin a formula or a command with, the full-width forms included (OWASP, CSV injection)."""


def neutral(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet might run it. White space before counts for nothing."""
    return f"'{text}" if text.startswith(_BEGINS) or text.lstrip().startswith(_BEGINS) else text
