"""The pages that `app.pages` serves: HTML, style, ES modules and their texts. No build: what is here runs."""

from pathlib import Path

FOLDER = Path(__file__).parent
