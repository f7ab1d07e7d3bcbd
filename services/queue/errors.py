"""What can be wrong in a queue."""

from typing import ClassVar

from app.errors import AppError


class TicketChanged(AppError):
    """`present`: the ticket's `status` and `version` as they are now."""

    code = "ticket_changed"
    status = 412
    title: ClassVar = {
        "en": "This ticket has changed meanwhile. Look at it again.",
        "ru": "Этот талон тем временем изменился. Посмотрите на него снова.",
    }


class MoveNotPossible(AppError):
    """`ticket_status`: where the ticket stands, from which this is not possible."""

    code = "move_not_possible"
    status = 409
    title: ClassVar = {
        "en": "This cannot be done with the ticket as it stands.",
        "ru": "С талоном в таком состоянии этого сделать нельзя.",
    }


class AlreadyInLine(AppError):
    code = "already_in_line"
    status = 409
    title: ClassVar = {
        "en": "This person is in line here already.",
        "ru": "Этот человек уже стоит здесь в очереди.",
    }


class NotGivenHere(AppError):
    code = "not_given_here"
    status = 409
    title: ClassVar = {
        "en": "No counter of this point gives this service in this language.",
        "ru": "Ни одно окно этого пункта не оказывает эту услугу на этом языке.",
    }


class HallCodeWrong(AppError):
    code = "hall_code_wrong"
    status = 422
    title: ClassVar = {
        "en": "Take the code from the screen in the hall: it changes every few minutes.",
        "ru": "Возьмите код с экрана в зале: он меняется каждые несколько минут.",
    }


class CounterBusy(AppError):
    """`number`: whose turn it is at the counter, as far as it is known."""

    code = "counter_busy"
    status = 409
    title: ClassVar = {
        "en": "Somebody is at this counter, or called to it. Finish with them first.",
        "ru": "У этого окна уже кто-то есть или вызван. Сначала закончите с ним.",
    }


class CounterTaken(AppError):
    code = "counter_taken"
    status = 409
    title: ClassVar = {
        "en": "Another clerk stands at this counter.",
        "ru": "За этим окном стоит другой сотрудник.",
    }


class StandsElsewhere(AppError):
    code = "stands_elsewhere"
    status = 409
    title: ClassVar = {
        "en": "You stand at another counter. Close it first.",
        "ru": "Вы стоите за другим окном. Сначала закройте его.",
    }


class CounterClosed(AppError):
    """The counter is closed, given up, or another clerk's."""

    code = "counter_closed"
    status = 409
    title: ClassVar = {
        "en": "You have not opened this counter.",
        "ru": "Вы не открывали это окно.",
    }


class NotCalledEnough(AppError):
    """`calls`: after so many calls somebody may be marked as absent."""

    code = "not_called_enough"
    status = 409
    title: ClassVar = {
        "en": "Call this number again before you mark the visitor as absent.",
        "ru": "Вызовите этот номер ещё раз, прежде чем отмечать неявку.",
    }


class OutcomeNeeded(AppError):
    """A booked visit ends with an outcome, a walk-in's without."""

    code = "outcome_needed"
    status = 422
    title: ClassVar = {
        "en": "Say how a booked visit went; a walk-in's has no outcome.",
        "ru": "Укажите исход визита по записи; у визита без записи исхода нет.",
    }
