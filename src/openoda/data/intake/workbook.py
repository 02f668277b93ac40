"""A workbook's parts: its sheets, its shared texts, and which of its styles show dates.

Source: ECMA-376 part 1 (SpreadsheetML), clauses 18.2 (workbook), 18.4 (shared strings), 18.8.30
(number formats). Read by expat with document types refused, so that no entity is ever expanded and
nothing outside the file is fetched. Formulas are never computed, macros never run.
"""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from openoda.data.intake.archive import Archive
from openoda.data.intake.limits import Limits
from openoda.vocabulary.refusals import FileUnreadable

DATE, TIME, DATETIME, ELAPSED = "date", "time", "datetime", "elapsed"
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), TIME),
    22: DATETIME,
    46: ELAPSED,
}
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the archive member that holds it, and whether it is hidden."""

    name: str
    member: str
    hidden: bool


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


class XmlReader:
    """Feeds one member of a workbook through expat, piece by piece."""

    def __init__(self, archive: Archive, member: str) -> None:
        self._archive, self._member = archive, member
        self.parser: Any = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = 65_536
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def _refuse_doctype(self, *_: object) -> None:
        raise FileUnreadable(
            "The workbook holds a document type, which no spreadsheet program writes",
            where=self._archive.where,
            remedy="Open it in a spreadsheet program and save it again.",
        )

    def pieces(self) -> Any:
        """Parse piece after piece; yields after each."""
        try:
            for piece in self._archive.pieces(self._member):
                self.parser.Parse(piece, False)
                yield
            self.parser.Parse(b"", True)
            yield
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise self._archive.damaged() from error

    def run(self, start: Callable[[str, dict[str, str]], None]) -> None:
        """Parse all of it for its elements alone."""
        self.parser.StartElementHandler = start
        for _ in self.pieces():
            pass


class Workbook:
    """An opened workbook. Refuses (FileUnreadable) what is no sound one."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.archive, self._limits = archive, limits
        self.from_1904 = False
        self._relations: dict[str, str] = {}
        main = self._main_part()
        self._read_relations(main)
        self.sheets = self._read_sheets(main)
        if not self.sheets:
            raise archive.damaged()

    def _main_part(self) -> str:
        if "xl/workbook.xml" not in self.archive.members:
            raise FileUnreadable(
                "The file is a ZIP archive, but no workbook",
                where=self.archive.where,
                remedy="Name it .zip if that is what it is; save other workbooks as .xlsx.",
            )
        return "xl/workbook.xml"

    def _read_relations(self, main: str) -> None:
        folder, name = posixpath.split(main)
        member = f"{folder}/_rels/{name}.rels"
        if member not in self.archive.members:
            raise self.archive.damaged()

        def start(_: str, attributes: dict[str, str]) -> None:
            if "Id" in attributes and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(
                    posixpath.join("/" + folder, attributes.get("Target", ""))
                )
                self._relations[attributes["Id"]] = target.lstrip("/")

        XmlReader(self.archive, member).run(start)

    def _read_sheets(self, main: str) -> list[Sheet]:
        found: list[Sheet] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "workbookPr":
                self.from_1904 = attributes.get("date1904") in ("1", "true", "on")
            if local(name) == "sheet":
                key = next((v for k, v in attributes.items() if ":" in k and local(k) == "id"), "")
                member = self._relations.get(key, "")
                if member in self.archive.members and "worksheets/" in member:
                    hidden = attributes.get("state", "visible") != "visible"
                    found.append(Sheet(attributes.get("name", ""), member, hidden))

        XmlReader(self.archive, main).run(start)
        return found

    def _part(self, name: str) -> str | None:
        """A member by name, whatever the case in which a program wrote it."""
        return next((each for each in self.archive.members if each.lower() == name.lower()), None)

    def texts(self) -> list[str]:
        """The shared texts, their runs joined and their readings (phonetic runs) left out."""
        member = self._part("xl/sharedStrings.xml")
        if member is None:
            return []
        return _SharedTexts(XmlReader(self.archive, member)).found

    def moments(self) -> list[str]:
        """For each style of a cell, what kind of moment it shows; empty where it shows none."""
        member = self._part("xl/styles.xml")
        if member is None:
            return []
        codes: dict[int, str] = {}
        styles: list[str] = []
        inside = {"cellXfs": False}

        def start(name: str, attributes: dict[str, str]) -> None:
            name = local(name)
            if name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside["cellXfs"] = name == "cellXfs"
            elif name == "numFmt":
                codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "xf" and inside["cellXfs"]:
                number = _whole(attributes.get("numFmtId"))
                code = codes.get(number)
                styles.append(_BUILT_IN.get(number, "") if code is None else moment_of(code))

        XmlReader(self.archive, member).run(start)
        return styles


class _SharedTexts:
    """Collects the shared texts, one for each `si`."""

    def __init__(self, reader: XmlReader) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._taking = self._phonetic = False
        reader.parser.StartElementHandler, reader.parser.EndElementHandler = self._start, self._end
        reader.parser.CharacterDataHandler = self._text
        for _ in reader.pieces():
            pass

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = local(name)
        self._phonetic = self._phonetic or name == "rPh"
        self._taking = name == "t" and not self._phonetic

    def _end(self, name: str) -> None:
        name = local(name)
        self._taking = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.found.append(unescaped("".join(self._parts)))
            self._parts.clear()

    def _text(self, data: str) -> None:
        if self._taking:
            self._parts.append(data)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def moment_of(code: str) -> str:
    """What kind of moment a number format shows: its first section, texts and colours left out."""
    bare = _NOT_CODE.sub("", code.partition(";")[0]).lower()
    if "general" in bare:
        return ""
    if "[" in bare:
        return ELAPSED
    day, clock = bool(re.search("[dy]", bare)), bool(re.search("[hs]", bare))
    if day or ("m" in bare and not clock):
        return DATETIME if clock else DATE
    return TIME if clock else ""


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Characters that XML can't hold, written as _x000D_ and the like (ECMA-376, 22.9.2.19)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
