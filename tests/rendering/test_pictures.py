"""Charts and pages. What they look like was looked at; here it is held that all of it is there."""

import io

import pypdf
import pytest
from PIL import Image

from app.domain.reports.report import Section
from app.rendering.charts import as_png, as_svg
from app.rendering.pdf import as_pdf
from tests.rendering.reports import EVIL, bars, cells, heat, lines, report


@pytest.mark.parametrize("section", [lines(), bars(12), heat(), cells()], ids=lambda section: section.key)
def test_a_chart_has_its_title_and_no_address_but_the_standards(section: Section) -> None:
    drawn = as_svg(section, "ru")
    assert section.title["ru"] in drawn
    addresses = {part.split('"')[0] for part in drawn.split("http")[1:]}
    assert all("www.w3.org" in address for address in addresses if "evil" not in address)


def test_what_was_withheld_is_not_drawn() -> None:
    section = bars(12)
    hidden = section.rows[4][0]
    assert section.rows[4][1] is None
    assert str(hidden) not in as_svg(section, "ru")
    assert as_svg(cells(), "ru").count('aria-roledescription="geoshape"') == sum(r[1] is not None for r in cells().rows)


def test_a_picture_is_a_picture() -> None:
    picture = Image.open(io.BytesIO(as_png(lines(), "en")))
    assert picture.width > 1000


def test_a_pdf_has_pages_with_numbers_repeated_headers_and_cyrillic() -> None:
    made = pypdf.PdfReader(io.BytesIO(as_pdf(report(), "ru")))
    pages = [page.extract_text() for page in made.pages]
    assert len(pages) >= 5
    assert all(f"Страница {number} из {len(pages)}" in text for number, text in enumerate(pages, 1))
    assert sum("Посещений" in text and "Не пришли" in text for text in pages) >= 3
    whole = "\n".join(pages)
    assert EVIL.replace(" ", "") in whole.replace(" ", "").replace("\n", "")
    assert "Прогноз предложения труда" in whole
    assert "скрыто" in whole
