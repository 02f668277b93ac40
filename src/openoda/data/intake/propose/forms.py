"""Which format a file has and how it is written, by its name, its first bytes and a sample of it."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from openoda.data.intake.archive import Archive
from openoda.data.intake.byte_source import GZIP_MAGIC
from openoda.data.intake.dialect import FORMATS, Dialect, format_of, inner_suffix
from openoda.data.intake.limits import Limits
from openoda.data.intake.propose.encoding import Encoded, propose_encoding
from openoda.data.intake.propose.json_form import propose_json
from openoda.data.intake.propose.sample import lines_of, take_sample
from openoda.data.intake.propose.sheets import propose_sheet
from openoda.data.intake.propose.text_form import (
    Form,
    cannot_tell,
    propose_delimited,
    propose_fixed,
)
from openoda.data.intake.signatures import kind_of, refuse_other_kind
from openoda.data.intake.sources import FileSource, MemberSource, Source
from openoda.data.intake.zip_reader import data_members
from openoda.vocabulary.refusals import FileUnreadable

_BY_KIND = {"Parquet": "parquet", "an SQLite database": "sqlite",
            "a ZIP archive or a workbook": "xlsx"}  # fmt: skip
_NEVER = (".xlsb", ".ods", ".numbers", ".duckdb", ".ddb")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FEW, _A_FEW = 0.02, 3  # control characters: a share and a number; more than both are no text


@dataclass(frozen=True)
class Opened:
    """What is to be looked at, what is told of it, and its name in the archive if it is alone there.

    `others`: the archive's other tables, which intake takes too if their columns are the same.
    """

    source: Source
    told: Dialect
    member: str = ""
    others: tuple[str, ...] = ()


def open_source(path: Path, told: Dialect, limits: Limits, closing: ExitStack) -> Opened:
    """The file, or the member of an archive to look at."""
    if FORMATS.get(inner_suffix(path)) != "zip":
        return Opened(FileSource(path, limits), told)
    archive = Archive(path, limits)
    closing.callback(archive.close)
    members = data_members(archive, told.table)
    member, inner = members[0]
    form = "" if told.format == "zip" else told.format
    source = MemberSource(archive, member, limits, closing)
    alone = member if len(members) == 1 else ""
    others = tuple(name for name, _ in members[1:])
    return Opened(source, replace(told, table=inner, format=form), alone, others)


def propose_form(source: Source, told: Dialect, limits: Limits) -> Form:
    """The format and dialect of a file."""
    if inner_suffix(source.name) in _NEVER and not told.format:
        format_of(source.name, None)  # refuses it, with what to do
    named = FORMATS.get(inner_suffix(source.name), "")
    form = told.format or named
    if form in ("", "csv", "fixed", "json", "jsonl", "geojson", "xlsx"):
        form = _checked(source, form)
    by = "name" if named else "first bytes"
    told = replace(told, format=form)
    if form == "xlsx":
        dialect, notes = propose_sheet(source.file(), told, limits)
        return Form(dialect, tuple(notes))
    if form in ("parquet", "sqlite", "gpkg"):
        return Form(told, (f"{form} by its {by}",))
    return _text_form(source, told, limits)


def _checked(source: Source, form: str) -> str:
    """The format, found by the first bytes where nothing says it; refuses one that they belie."""
    with source.stream() as stream:
        start = stream.start()
    if start.startswith(GZIP_MAGIC):
        raise FileUnreadable(
            "The file is compressed twice",
            where=source.name.name,
            remedy="Unpack it once (gunzip), and give what comes out under a name ending in .gz.",
        )
    kind = kind_of(start)
    if form == "xlsx":
        if _BY_KIND.get(kind) != "xlsx" and start:
            _refuse_no_workbook(start, kind, source.name.name)
    elif not form and kind in _BY_KIND:
        return _BY_KIND[kind]
    elif kind:
        refuse_other_kind(start, source.name.name)
    return form


def _refuse_no_workbook(start: bytes, kind: str, where: str) -> None:
    """What to do with a file that is called a workbook of the present kind, and is none."""
    try:
        refuse_other_kind(start, where)
        remedy = "If it is text, name it .csv and let `oda propose` look at it under that name."
    except FileUnreadable as other:
        remedy = other.remedy
    what = f"The file is {kind or 'not a workbook'}, though its name says .xlsx"
    raise FileUnreadable(what, where=where, remedy=remedy)


def _text_form(source: Source, told: Dialect, limits: Limits) -> Form:
    sample = take_sample(source)
    if not sample.size:
        raise FileUnreadable(
            "The file is empty",
            where=source.name.name,
            remedy="Ask for the file again; nothing was kept.",
        )
    found = Encoded(told.encoding, "as given") if told.encoding else propose_encoding(sample)
    told = replace(told, encoding=found.name)
    text = lines_of(sample, found.name)
    plain = text.removeprefix("\ufeff").rstrip("\x1a")
    if not plain.strip():
        raise FileUnreadable(
            "The file holds nothing but blank lines",
            where=source.name.name,
            remedy="Ask for the file again; nothing was kept.",
        )
    if len(_CONTROL.findall(plain)) > max(_FEW * len(plain), _A_FEW):
        raise cannot_tell(source.name.name)
    given = Form(told, (f"{found.name}: {found.why}",), text, sample.told(), 0, found.doubtful)
    if told.format in ("json", "geojson") or (not told.format and plain.lstrip()[:1] in ("[", "{")):
        return propose_json(given, source.name.name)
    if told.format == "jsonl":
        return replace(given, text=None, sampled="")
    if told.format == "fixed":
        return propose_fixed(given, source.name.name)
    return propose_delimited(given, source.name.name, limits)
