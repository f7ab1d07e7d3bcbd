"""A report, or a section of it, as the bytes of a file. Each renderer is loaded when it is first needed."""

from app.domain.reports.report import Report, Section

FILE_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PICTURE_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def file_of(report: Report, form: str, language: str) -> bytes:
    """`form`: one of FILE_TYPES."""
    if form == "pdf":
        from app.rendering.pdf import as_pdf  # noqa: PLC0415 — altair and Typst take a second to load

        return as_pdf(report, language)
    from app.rendering.tables import as_xlsx  # noqa: PLC0415

    return as_xlsx(report, language)


def picture_of(section: Section, form: str, language: str) -> bytes:
    """`form`: one of PICTURE_TYPES, or `csv`."""
    if form == "csv":
        from app.rendering.tables import as_csv  # noqa: PLC0415

        return as_csv(section, language)
    from app.rendering.charts import as_png, as_svg  # noqa: PLC0415

    return as_png(section, language) if form == "png" else as_svg(section, language).encode()
