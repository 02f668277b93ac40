"""An archive of one table: its members read one after another, each as if delivered by itself."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath

from openoda.data.intake.archive import Archive
from openoda.data.intake.batch import Batch
from openoda.data.intake.dialect import FORMATS, Dialect, format_of
from openoda.data.intake.hashing import hash_of
from openoda.data.intake.readers import Reader, Wanted, reader_of
from openoda.data.intake.report import IntakeReport
from openoda.data.intake.sources import MemberSource
from openoda.vocabulary.refusals import FileUnreadable, Refusal, SchemaInvalid

_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".zst")


class ZipReader:
    """Reads the members that hold data; all of them must have the same columns.

    What an operating system leaves behind is passed over, and named in the report's notes.
    """

    def __init__(self, path: Path, how: Wanted) -> None:
        self._how, self._where = how, path.name
        self._closing = ExitStack()
        archive = Archive(path, how.limits)
        self._closing.callback(archive.close)
        self._archive = archive
        try:
            self._sha256, self._size = hash_of(archive.file)
            self._litter = [name for name in archive.members if _is_litter(name)]
            self._members = data_members(archive, how.dialect.table)
            self._reader = self._open(self._members[0])
        except BaseException:
            self.close()
            raise
        self.columns = self._reader.columns
        self.arrow_schema = self._reader.arrow_schema

    def close(self) -> None:
        """Close the archive and whatever is open of it."""
        self._closing.close()

    def _open(self, member: tuple[str, str]) -> Reader:
        name, inner = member
        told = self._told(inner)
        source = MemberSource(self._archive, name, self._how.limits, self._closing)
        try:
            form = format_of(source.name, told)
            reader = reader_of(form, source, replace(self._how, told=told))
        except Refusal as refusal:
            if len(self._members) > 1:
                refusal.remedy += " Or name the one member to read (option --table)."
            raise
        self._closing.callback(reader.close)
        return reader

    def _told(self, inner: str) -> Dialect | None:
        """What is told of the archive, as it holds for a member of it."""
        told = self._how.told
        if told is None:
            return None
        form = "" if told.format == "zip" else told.format
        return replace(told, table=inner, format=form)

    def batches(self) -> Iterator[Batch]:
        """Yield the members' records, member after member."""
        reports: list[tuple[str, IntakeReport]] = []
        for place, member in enumerate(self._members):
            reader = self._reader if place == 0 else self._open(member)
            self._require_alike(reader, member[0])
            for batch in reader.batches():
                yield replace(batch, part=member[0])
            reports.append((member[0], reader.report))
            reader.close()
        if hash_of(self._archive.file)[0] != self._sha256:
            raise FileUnreadable(
                "The file changed while it was read",
                where=self._where,
                remedy="Load it again once nothing writes to it.",
            )
        self.report = self._together(reports)

    def _require_alike(self, reader: Reader, member: str) -> None:
        if reader.arrow_schema != self.arrow_schema:
            raise SchemaInvalid(
                "The archive's members have different columns",
                where=f"{self._where}: {member}",
                remedy="Load each by itself (option --table): "
                + ", ".join(name for name, _ in self._members[:10])
                + ".",
            )

    def _together(self, reports: list[tuple[str, IntakeReport]]) -> IntakeReport:
        each = [report for _, report in reports]
        notes = [f"{name}: {note}" for name, report in reports for note in report.notes]
        if self._litter:
            notes.append("passed over: " + ", ".join(self._litter[:10]))
        return IntakeReport(
            rows_in=sum(report.rows_in for report in each),
            accepted=sum(report.accepted for report in each),
            quarantined=sum(report.quarantined for report in each),
            flagged_values=sum(report.flagged_values for report in each),
            problems=tuple(
                replace(problem, part=name)
                for name, report in reports
                for problem in report.problems
            ),
            sha256=self._sha256,
            bytes=self._size,
            header_lines=sum(report.header_lines for report in each),
            columns=tuple(self.columns),
            format="zip",
            encoding=", ".join(
                dict.fromkeys(report.encoding for report in each if report.encoding)
            ),
            notes=tuple(notes),
        )


def data_members(archive: Archive, wanted: str) -> list[tuple[str, str]]:
    """The members that hold data, each with the table wanted of it.

    `wanted` is a member's name, a slash and a table of it where it has several; empty for all. Where
    the archive holds one workbook or database alone, a table's name is enough.
    Refuses an archive without data, without that member, or with an archive inside.
    """
    names, inner = [name for name in archive.members if not _is_litter(name)], ""
    if wanted and not _is_table(names, wanted):
        inside = [name for name in names if f"{wanted}/".startswith(f"{name}/")]
        if not inside:
            raise _refused(archive, f"The archive has no member called {wanted}", names)
        name = max(inside, key=len)
        names, inner = [name], wanted[len(name) + 1 :]
    elif wanted:
        inner = wanted
    if not names:
        raise _refused(archive, "The archive is empty", names)
    if any(PurePosixPath(name).suffix.lower() in _NESTED for name in names):
        raise _refused(archive, "The archive holds another archive", names)
    return [(name, inner) for name in names]


def _is_table(names: list[str], wanted: str) -> bool:
    """Whether a name that no member has can be that of a table in the only member."""
    if len(names) != 1 or f"{wanted}/".startswith(f"{names[0]}/"):
        return False
    return FORMATS.get(PurePosixPath(names[0]).suffix.lower()) in ("xlsx", "sqlite", "gpkg")


def _refused(archive: Archive, what: str, names: list[str]) -> FileUnreadable:
    shown = ", ".join(name[:80] for name in names[:10]) or "nothing that holds data"
    return FileUnreadable(
        what, where=archive.where, remedy=f"Unpack it and load what it holds: {shown}."
    )


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _LITTER for part in parts) or parts[-1].startswith("._")
