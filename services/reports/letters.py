"""What e-mails with reports say. To operators, in Russian or in English."""

from datetime import date

from babel.dates import format_date

_CODE = {
    "ru": (
        "Manzil: подтвердите адрес для отчётов",
        (
            "Чтобы отчёты приходили на этот адрес, введите код: {code}\n"
            "Код действует один час. Если вы ничего не заказывали, ничего не делайте: отчёты не придут.\n"
        ),
    ),
    "en": (
        "Manzil: confirm the address for reports",
        (
            "For reports to come to this address, enter the code: {code}\n"
            "It is good for one hour. If you asked for nothing, do nothing: no reports will come.\n"
        ),
    ),
}
_REPORT = {
    "ru": (
        "Manzil: {title}, {day}",
        (
            "{title}. Отчёт приложен к письму. В нём только сводные числа: за каждым не меньше 10 человек.\n\n"
            "Чтобы отчёты больше не приходили, откройте «Отчёты по почте» на рабочем месте оператора или отправьте"
            " без входа в систему POST /v1/report-subscriptions/stop с этим ключом:\n{token}\n"
        ),
    ),
    "en": (
        "Manzil: {title}, {day}",
        (
            "{title}. The report is attached. It has nothing but totals, each of 10 people or more.\n\n"
            "To get no more reports, open “Reports by e-mail” at the operator's workstation, or send, without"
            " signing in, POST /v1/report-subscriptions/stop with this key:\n{token}\n"
        ),
    ),
}


def code_letter(code: str, language: str) -> tuple[str, str]:
    """Subject and text."""
    subject, text = _CODE[language]
    return subject, text.format(code=code)


def report_letter(title: str, day: date, token: str, language: str) -> tuple[str, str]:
    """Subject and text. `token` ends the subscription."""
    subject, text = _REPORT[language]
    told = format_date(day, "d MMMM y", locale=language)
    return subject.format(title=title, day=told), text.format(title=title, token=token)
