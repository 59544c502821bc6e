"""Small workbooks made by hand, cell by cell, also such as no program would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
DAY, TIME = "day", "time"
"""Marks a number as a date: ``(DAY, 46053)``."""


def xlsx(
    sheets: Mapping[str, Mapping[str, object]], *, head: str = "", more: Mapping[str, bytes] | None = None
) -> bytes:
    """A workbook of sheets of cells by their place (``B17``): text, numbers, truth, dates, or None for an error."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        names = list(sheets)
        parts = [
            ("xl/styles.xml", "styles"),
            *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in range(len(names))),
        ]
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n + 1}" r:id="r{n + 1}"/>'
            for n, name in enumerate(names)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        related = "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{name.removeprefix("xl/")}"/>'
            for n, (name, kind) in enumerate(parts)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        )
        book.writestr("xl/styles.xml", _STYLES)
        for number, name in enumerate(names):
            book.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{_MAIN}"><sheetData>{_rows(sheets[name])}</sheetData></worksheet>',
            )
        for name, data in (more or {}).items():
            book.writestr(name, data)
    return out.getvalue()


def _rows(cells: Mapping[str, object]) -> str:
    rows: dict[int, list[str]] = {}
    for place, value in cells.items():
        rows.setdefault(int("".join(filter(str.isdigit, place))), []).append(_cell(place, value))
    return "".join(f'<row r="{row}">{"".join(found)}</row>' for row, found in sorted(rows.items()))


def _cell(place: str, value: object) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value) if not value.startswith("&") else value}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, tuple):
        return f'<c r="{place}" s="{1 if value[0] == DAY else 2}"><v>{value[1]}</v></c>'
    return f'<c r="{place}" t="e"><v>#N/A</v></c>' if value is None else f'<c r="{place}"><v>{value}</v></c>'
