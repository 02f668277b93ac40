"""Which format a file has and how it is written, by its name, its first bytes and a sample of it."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from openoda.data.intake.archive import Archive
from openoda.data.intake.dialect import FORMATS, Dialect, inner_suffix
from openoda.data.intake.limits import Limits
from openoda.data.intake.propose.delimiter import layouts, propose_quote
from openoda.data.intake.propose.encoding import propose_encoding
from openoda.data.intake.propose.json_lists import find_lists
from openoda.data.intake.propose.positions import propose_positions
from openoda.data.intake.propose.sample import Sample, lines_of, take_sample
from openoda.data.intake.propose.sheets import propose_sheet
from openoda.data.intake.signatures import kind_of, refuse_other_kind
from openoda.data.intake.sources import FileSource, MemberSource, Source
from openoda.data.intake.zip_reader import data_members
from openoda.vocabulary.refusals import FileUnreadable

_BY_KIND = {"Parquet": "parquet", "an SQLite database": "sqlite",
            "a ZIP archive or a workbook": "xlsx"}  # fmt: skip


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FEW = 0.02  # of a text's characters; more of them are no text


@dataclass(frozen=True)
class Form:
    """A dialect with the evidence for it; `text` is the sample that intake is tried on (None where it
    is tried on the file itself), `fields` how many columns a text without a header has.
    """

    dialect: Dialect
    notes: tuple[str, ...] = ()
    text: str | None = None
    sampled: str = ""
    fields: int = 0


def open_source(
    path: Path, told: Dialect, limits: Limits, closing: ExitStack
) -> tuple[Source, Dialect]:
    """The file, or the member of an archive to look at, and what is told of it."""
    if FORMATS.get(inner_suffix(path)) != "zip":
        return FileSource(path, limits), told
    archive = Archive(path, limits)
    closing.callback(archive.close)
    (member, inner), *_ = data_members(archive, told.table)
    form = "" if told.format == "zip" else told.format
    return MemberSource(archive, member, limits, closing), replace(told, table=inner, format=form)


def propose_form(source: Source, told: Dialect, limits: Limits) -> Form:
    """The format and dialect of a file."""
    named = FORMATS.get(inner_suffix(source.name), "")
    form = told.format or named
    if form in ("", "csv", "fixed", "json", "jsonl", "geojson"):
        with source.stream() as stream:
            kind = kind_of(stream.start())
        if not form and kind in _BY_KIND:
            form = _BY_KIND[kind]
        elif kind:
            refuse_other_kind(_start(source), source.name.name)
    by = "name" if named else "first bytes"
    told = replace(told, format=form)
    if form == "xlsx":
        dialect, notes = propose_sheet(source.file(), told, limits)
        return Form(dialect, tuple(notes))
    if form in ("parquet", "sqlite", "gpkg"):
        return Form(told, (f"{form} by its {by}",))
    return _text_form(source, told)


def _start(source: Source) -> bytes:
    with source.stream() as stream:
        return stream.start()


def _text_form(source: Source, told: Dialect) -> Form:
    sample = take_sample(source)
    if not sample.size:
        raise FileUnreadable(
            "The file is empty",
            where=source.name.name,
            remedy="Ask for the file again; nothing was kept.",
        )
    encoding, why = (told.encoding, "as given") if told.encoding else propose_encoding(sample)
    told = replace(told, encoding=encoding)
    text = lines_of(sample, encoding)
    if len(_CONTROL.findall(text)) > _FEW * len(text):
        raise _cannot_tell(source)
    notes = (f"{encoding}: {why}",)
    start = text.lstrip()[:1]
    if told.format in ("json", "geojson") or (not told.format and start in ("[", "{")):
        return _json_form(told, sample, text, notes)
    if told.format == "jsonl":
        return Form(told, notes)
    if told.format == "fixed":
        return _fixed_form(source, told, sample, text, notes)
    return _delimited_form(source, told, sample, text, notes)


def _json_form(told: Dialect, sample: Sample, text: str, notes: tuple[str, ...]) -> Form:
    lines = text.splitlines()
    alone = [line for line in lines[:50] if line.strip()]
    by_line = all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in alone)
    if not told.format and len(alone) > 1 and by_line:
        why = f"each of the first {len(alone)} lines is an object of its own"
        return Form(replace(told, format="jsonl"), (*notes, why))
    lists, collection = find_lists(text.encode("utf-8", "replace"))
    if told.format == "geojson" or collection:
        why = "its type is FeatureCollection" if collection else "geojson by its name"
        return Form(replace(told, format="geojson"), (*notes, why))
    told = replace(told, format="json")
    if told.records or not lists:
        return Form(told, notes)
    told = replace(told, records=lists[0].keys)
    path = ".".join(("$", *lists[0].keys))
    others = [".".join(("$", *each.keys)) for each in lists[1:6]]
    beside = f"; other lists: {', '.join(others)}" if others else ""
    why = f"the largest list of objects seen is {path} ({lists[0].size:,} bytes of it){beside}"
    return Form(told, (*notes, why))


def _delimited_form(
    source: Source, told: Dialect, sample: Sample, text: str, notes: tuple[str, ...]
) -> Form:
    quote, quoted_by = propose_quote(text)
    found = [each for each in layouts(text, quote)
             if not told.delimiter or each.delimiter == told.delimiter]  # fmt: skip
    unlikely = bool(found) and (found[0].fields < 2 or found[0].share < 0.5)
    if not found or (unlikely and not told.delimiter):
        fixed = _fixed_form(source, told, sample, text, notes)
        if told.format != "csv" and fixed.dialect.positions:
            return fixed
    if not found:
        raise _cannot_tell(source)
    best = found[0]
    rivals = [f"{each.told()}" for each in found[1:2] if each.fields > 1]
    seen = [best.told(), *(f"(next likeliest: {each})" for each in rivals), f"quotes: {quoted_by}"]
    header = (best.header,) if best.header else ()
    if best.header:
        above = f", {best.header - 1} lines above it" if best.header > 1 else ""
        seen.append(f"header on line {best.header}: {best.fields} different words{above}")
    else:
        seen.append("the first record of that width looks like data: no header, names made up")
    dialect = replace(told, format="csv", delimiter=best.delimiter, quote=quote, header_rows=header)
    return Form(dialect, (*notes, *seen), text, sample.told(), best.fields)


def _fixed_form(
    source: Source, told: Dialect, sample: Sample, text: str, notes: tuple[str, ...]
) -> Form:
    positions, why = (told.positions, "as given") if told.positions else propose_positions(text)
    if not positions and told.format == "fixed":
        raise _cannot_tell(source)
    first = next((line for line in text.splitlines() if line.strip()), "")
    names = [first[start - 1 : end].strip() for start, end in positions]
    words = all(names) and len(set(names)) == len(names) and not any(
        char.isdigit() for char in first
    )  # fmt: skip
    header = (1,) if words else ()
    seen = "header on line 1" if words else "no header on line 1: names made up"
    dialect = replace(told, format="fixed", positions=positions, header_rows=header)
    return Form(dialect, (*notes, why, seen), text, sample.told(), len(positions))


def _cannot_tell(source: Source) -> FileUnreadable:
    return FileUnreadable(
        "Nothing in the file shows how it is written",
        where=source.name.name,
        remedy="Ask whoever made it how it is written, and give its delimiter (option --delimiter).",
    )
