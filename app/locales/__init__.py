"""Texts in the languages of those who read them: gettext catalogues, a folder for each language. See README.md."""
