"""Workbooks for the tests, written part by part so that each may be as odd as a test needs."""

import zipfile
from pathlib import Path

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet {_NS}><numFmts><numFmt numFmtId="164" formatCode="[$-809]dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" '
    'formatCode="&quot;days&quot; 0"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="20"/>'
    '<xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>'
)
PLAIN, DAY, MOMENT, CLOCK, ELAPSED, WORDED = range(6)


def workbook(
    path: Path,
    sheets: dict[str, str],
    *,
    texts: str = "",
    after: str = "",
    from_1904: bool = False,
    hidden: tuple[str, ...] = (),
    extra: dict[str, bytes] | None = None,
) -> Path:
    """A workbook of sheets by name; each is the XML of its rows, `after` what follows the rows."""
    named, related = "", ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for number, (name, rows) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            named += f'<sheet name="{name}" sheetId="{number}"{state} r:id="r{number}"/>'
            related += (
                f'<Relationship Id="r{number}" Type="{_REL}/worksheet" '
                f'Target="worksheets/sheet{number}.xml"/>'
            )
            xml = f"<worksheet {_NS}><sheetData>{rows}</sheetData>{after}</worksheet>"
            book.writestr(f"xl/worksheets/sheet{number}.xml", xml)
        dated = '<workbookPr date1904="1"/>' if from_1904 else ""
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {_NS} xmlns:r="{_REL}">{dated}<sheets>{named}</sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{related}</Relationships>",
        )
        book.writestr("xl/styles.xml", STYLES)
        if texts:
            book.writestr("xl/sharedStrings.xml", f"<sst {_NS}>{texts}</sst>")
        for name, content in (extra or {}).items():
            book.writestr(name, content)
    return path


def text(reference: str, value: str) -> str:
    """A cell of text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def number(reference: str, value: object, style: int = PLAIN) -> str:
    """A cell of a number."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def row(place: int, *cells: str) -> str:
    """A row of cells."""
    return f'<row r="{place}">{"".join(cells)}</row>'


def texts_row(place: int, *values: str) -> str:
    """A row of texts from column A."""
    return row(place, *(text(f"{chr(65 + at)}{place}", each) for at, each in enumerate(values)))
