class SmsPocket:
    """The SMS port for tests: keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send(self, phone: str, text: str, **_: str | None) -> None:
        self.sent.append((phone, text))

    def code_for(self, phone: str) -> str:
        text = next(text for number, text in reversed(self.sent) if number == phone)
        return next(word for word in text.split() if word.isdigit() and len(word) == 6)
