"""Reports as PDF, set by Typst: page numbers, headers of tables on every page, charts as vectors."""

import tempfile
from math import ceil
from pathlib import Path

import typst

from app.domain.reports.report import Report, Section
from app.rendering.charts import as_svg
from app.rendering.drawn import drawable
from app.rendering.words import WORDS, made_at, written

_HEAD = """
#set document(title: {title}, date: none)
#set page(paper: "a4", margin: (x: 18mm, top: 22mm, bottom: 20mm),
  header: context if counter(page).get().first() > 1 [
    #set text(size: 8pt, fill: rgb("#555555"))
    #{title} #h(1fr) #{region}
  ],
  footer: context [
    #set text(size: 8pt, fill: rgb("#555555"))
    #{made} #h(1fr) #{page} #counter(page).display() #{of} #counter(page).final().first()
  ])
#set text(font: ("Libertinus Serif",), size: 10pt, lang: {language}, ligatures: false)
#set par(justify: false)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set text(size: 14pt)
#show heading.where(level: 2): set block(above: 1.6em, below: 0.8em)
#show table: set text(size: 9pt)
#set table.cell(breakable: false)
#show table.cell.where(y: 0): strong
#show table.cell.where(y: 0): set text(hyphenate: true)
#set table(stroke: (x, y) => (bottom: if y == 0 {{ 0.8pt + rgb("#1F5F99") }} else {{ 0.3pt + rgb("#CCCCCC") }}),
  inset: (x: 5pt, y: 3.5pt))
"""
_RIGHT, _LEFT = "right", "left"
_WIDEST, _WIDEST_OF_MANY, _MANY, _WHOLE, _AROUND = 42, 30, 4, 11, 2
"""Characters of a name before it goes on in the next line, and beside so many numbers; of a title that is not broken;
and of the space around a value."""
_BOLD = 1.2


def as_pdf(report: Report, language: str) -> bytes:
    """Bytes of a PDF. The charts are drawn anew from the report."""
    words = WORDS[language]
    with tempfile.TemporaryDirectory(prefix="manzil-report-") as folder:
        parts = [
            _HEAD.format(
                title=_text(report.title[language]),
                region=_text(report.region[language]),
                made=_text(f"{words['made']}: {made_at(report, language)}"),
                page=_text(words["page"]),
                of=_text(words["of"]),
                language=_text(language),
            ),
            _front(report, language),
        ]
        for number, section in enumerate(report.sections):
            if drawable(section):
                (Path(folder) / f"chart{number}.svg").write_text(
                    as_svg(section, language, titled=False), encoding="utf-8"
                )
            parts.append(_section(section, language, number, Path(folder)))
        if any(section.withheld for section in report.sections):
            parts.append(f'\n#text(size: 8pt, fill: rgb("#555555"))[#{_text(words["withheld"])}]\n')
        source = Path(folder) / "report.typ"
        source.write_text("\n".join(parts), encoding="utf-8")
        made: bytes = typst.compile(str(source), root=folder, ignore_system_fonts=True)
    return made


def _front(report: Report, language: str) -> str:
    """The title, and what there is."""
    words = WORDS[language]
    told = f"{report.region[language]}. {words['made']}: {made_at(report, language)}."
    contents = f'#text(size: 12pt, weight: "bold")[#{_text(words["contents"])}]'
    contents += "\n#outline(title: none, target: heading.where(level: 2))"
    return f"= #{_text(report.title[language])}\n#{_text(told)}\n#v(1em)\n{contents}\n"


def _section(section: Section, language: str, number: int, folder: Path) -> str:
    lines = ["#block(above: 2em, breakable: false, sticky: true)[", f"== #{_text(section.title[language])}"]
    lines += [f"#{_text(section.note[language])}", ""]
    if (folder / f"chart{number}.svg").exists():
        lines.append(f'#align(center, image("chart{number}.svg", width: 94%))')
    lines.append("]")
    if not section.rows:
        return "\n".join([*lines, f"#{_text(WORDS[language]['nothing'])}"])
    align = ", ".join(_RIGHT if column.kind.numeric else _LEFT for column in section.columns)
    widths = ", ".join(f"{_share(section, place, language)}fr" for place in range(len(section.columns)))
    head = ", ".join(f"[#{_text(column.title[language])}]" for column in section.columns)
    lines.append(f"#table(columns: ({widths},), align: ({align},), table.header(repeat: true, {head}),")
    for row in section.rows:
        cells = zip(row, section.columns, strict=True)
        lines.append("  " + ", ".join(f"[#{_text(written(v, column.kind, language))}]" for v, column in cells) + ",")
    lines.append(")")
    return "\n".join(lines)


def _share(section: Section, place: int, language: str) -> int:
    """Of the table's width, in characters: so that no word of a title and no number is broken."""
    column = section.columns[place]
    many = sum(each.kind.numeric for each in section.columns) >= _MANY
    longest = max(len(written(row[place], column.kind, language)) for row in section.rows)
    title = column.title[language]
    parts = [title] if len(title) <= _WHOLE else title.split()
    return _AROUND + max(
        min(longest, _WIDEST_OF_MANY if many else _WIDEST), *(ceil(_BOLD * len(part)) for part in parts)
    )


def _text(text: str) -> str:
    """A string of Typst's: nothing in it is taken for markup."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{{{ord(c):x}}}" if c < " " else c for c in escaped) + '"'
