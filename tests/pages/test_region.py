"""The region's page: figures for everybody, and the operator's report as a file."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from benchmarks.browsing import sign_in_staff
from tests.pages.people import Looks, accounts
from tests.pages.test_accessible import faults, settled
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_figures_are_for_everybody_and_the_report_comes_as_a_file(
    looks: Looks, pages_copy: Copy, tmp_path: Path
) -> None:
    page = looks.page("/region", "en")
    expect(page.get_by_role("heading", name="Public figures")).to_be_visible()
    expect(page.locator("table").first).to_be_visible()
    sign_in_staff(page, next(each for each in accounts(pages_copy) if each.get("role") == "region_operator"))
    expect(page.get_by_role("button", name="Download XLSX")).to_be_visible()
    settled(page)
    assert faults(page) == []
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download XLSX").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    book = openpyxl.load_workbook(file, read_only=True)
    assert book.sheetnames
    book.close()
    for part in ("What if", "Companies", "Agreements", "Public figures"):
        page.get_by_role("button", name=part, exact=True).click()
        settled(page)
        assert faults(page) == [], part
