"""What can be wrong with an upload or a document."""

from typing import ClassVar

from app.errors import AppError


class TusVersionWrong(AppError):
    """The header `Tus-Resumable` has to be 1.0.0; `Tus-Version` of the answer says so."""

    code = "tus_version"
    status = 412
    title: ClassVar = {
        "en": "This app uploads in a way that is not served here. Update it.",
        "ru": "Это приложение отправляет файлы способом, который здесь не поддерживается. Обновите его.",
    }


class ContentTypeWrong(AppError):
    """A part of a file comes as `application/offset+octet-stream`."""

    code = "content_type_wrong"
    status = 415
    title: ClassVar = {
        "en": "This app sends the file in a form that is not served here. Update it.",
        "ru": "Это приложение отправляет файл в виде, который здесь не принимается. Обновите его.",
    }


class OffsetWrong(AppError):
    """`offset`: how much of the file is here. Ask by HEAD, and go on from there."""

    code = "offset_wrong"
    status = 409
    title: ClassVar = {
        "en": "The file is here up to another place. Go on from there.",
        "ru": "Файл получен до другого места. Продолжите оттуда.",
    }


class ChecksumWrong(AppError):
    """Nothing of what was sent is kept: send it again from the same offset (tus, extension `checksum`)."""

    code = "checksum_wrong"
    status = 460
    title: ClassVar = {
        "en": "A part of the file came damaged. It has to be sent again.",
        "ru": "Часть файла пришла с ошибкой. Её нужно отправить ещё раз.",
    }


class FileTooLarge(AppError):
    """`limit`: in bytes."""

    code = "file_too_large"
    status = 413
    title: ClassVar = {
        "en": "The file is larger than what is taken. Take a photo of the paper, or send fewer pages.",
        "ru": "Файл больше, чем принимается. Сфотографируйте бумагу или отправьте меньше страниц.",
    }


class PageTaken(AppError):
    """`upload_id`: the file that is there, or on its way: resume it, or delete it first."""

    code = "page_taken"
    status = 409
    title: ClassVar = {
        "en": "This page is here already, or on its way.",
        "ru": "Эта страница уже есть или уже отправляется.",
    }


class UploadFinished(AppError):
    code = "upload_finished"
    status = 409
    title: ClassVar = {
        "en": "This file belongs to a document that is complete. Delete the document, or add a new version of it.",
        "ru": "Этот файл относится к готовому документу. Удалите документ или добавьте его новую версию.",
    }


class TooManyUploads(AppError):
    """`limit`: how many files of one person may be on their way at once."""

    code = "too_many_uploads"
    status = 409
    title: ClassVar = {
        "en": "Too many files are on their way. Finish or delete some of them first.",
        "ru": "Отправляется слишком много файлов. Сначала завершите или удалите некоторые.",
    }


class StorageFull(AppError):
    """`limit`: bytes of all files of one person."""

    code = "storage_full"
    status = 409
    title: ClassVar = {
        "en": "Your papers take all the room that there is for them. Delete one that you do not need any more.",
        "ru": "Место для ваших документов закончилось. Удалите тот, который больше не нужен.",
    }


class TooManyStored(AppError):
    """`limit`: of documents of one person, or of versions of one document."""

    code = "too_many_stored"
    status = 409
    title: ClassVar = {
        "en": "No more documents fit. Delete one that you do not need any more.",
        "ru": "Больше документов не помещается. Удалите тот, который больше не нужен.",
    }


class DocumentNotReady(AppError):
    """Its pages are not all here, or not all checked."""

    code = "document_not_ready"
    status = 409
    title: ClassVar = {
        "en": "This document is not complete yet.",
        "ru": "Этот документ ещё не готов.",
    }


class NoPreview(AppError):
    """Pictures and scans have one; other PDFs do not."""

    code = "no_preview"
    status = 404
    title: ClassVar = {
        "en": "There is no small picture of this file. Open the file itself.",
        "ru": "У этого файла нет уменьшенного изображения. Откройте сам файл.",
    }


class VisitNotAhead(AppError):
    code = "visit_not_ahead"
    status = 409
    title: ClassVar = {
        "en": "A document is shown for a visit that is booked and not over.",
        "ru": "Документ можно показать только для назначенного визита, который ещё не завершён.",
    }
