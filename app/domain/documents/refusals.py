"""Why a file is refused once its content was looked at, as the person is told."""

from enum import StrEnum


class Refusal(StrEnum):
    UNKNOWN_TYPE = "unknown_type"
    HEIC = "heic"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    UNPACKS_TOO_FAR = "unpacks_too_far"
    PROTECTED = "protected"
    HIDDEN_CONTENT = "hidden_content"
    INFECTED = "infected"


WORDS: dict[Refusal, dict[str, str]] = {
    Refusal.UNKNOWN_TYPE: {
        "en": "This file is neither a picture nor a PDF. Take a photo of the paper, or choose a JPEG, PNG, WebP or PDF "
        "file.",
        "ru": "Этот файл не картинка и не PDF. Сфотографируйте бумагу или выберите файл JPEG, PNG, WebP или PDF.",
    },
    Refusal.HEIC: {
        "en": "This photo is in the HEIC format, which cannot be read here. Set your camera to JPEG, or send a "
        "screenshot of the photo.",
        "ru": "Это фото в формате HEIC, который здесь не читается. Переключите камеру на JPEG или отправьте снимок "
        "экрана с этим фото.",
    },
    Refusal.DAMAGED: {
        "en": "This file cannot be opened: it is damaged or not whole. Take the photo again, or save the file anew.",
        "ru": "Файл не открывается: он повреждён или неполон. Сфотографируйте ещё раз или сохраните файл заново.",
    },
    Refusal.TOO_MANY_PIXELS: {
        "en": "This picture is far larger than any photo of a paper. Take an ordinary photo of it.",
        "ru": "Эта картинка намного больше любого фото документа. Сделайте обычную фотографию.",
    },
    Refusal.TOO_MANY_PAGES: {
        "en": "This PDF has too many pages. Send only the pages that are needed.",
        "ru": "В этом PDF слишком много страниц. Отправьте только нужные.",
    },
    Refusal.UNPACKS_TOO_FAR: {
        "en": "This file unpacks to far more than a document holds, so it was not opened. Take a photo of the paper.",
        "ru": "Этот файл распаковывается в намного больший, чем бывает документ, поэтому его не открыли. "
        "Сфотографируйте бумагу.",
    },
    Refusal.PROTECTED: {
        "en": "This PDF is protected by a password. Save it without one, or take a photo of the paper.",
        "ru": "Этот PDF защищён паролем. Сохраните его без пароля или сфотографируйте бумагу.",
    },
    Refusal.HIDDEN_CONTENT: {
        "en": "This file holds something else beside the document. Take a photo of the paper and send that.",
        "ru": "В этом файле, кроме документа, спрятано что-то ещё. Сфотографируйте бумагу и отправьте фото.",
    },
    Refusal.INFECTED: {
        "en": "A virus was found in this file, so it was not kept. Take a photo of the paper and send that.",
        "ru": "В этом файле найден вирус, поэтому он не сохранён. Сфотографируйте бумагу и отправьте фото.",
    },
}
