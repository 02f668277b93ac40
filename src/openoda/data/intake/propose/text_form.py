"""How a delimited or a fixed-width text is written: its delimiter, quotes and header, or its columns."""

import re
from dataclasses import dataclass, replace

from openoda.data.intake.dialect import Dialect
from openoda.data.intake.limits import Limits
from openoda.data.intake.propose.delimiter import Layout, unusual_delimiter
from openoda.data.intake.propose.heading import Heading, faults_of, judge_heading
from openoda.data.intake.propose.positions import propose_positions
from openoda.data.intake.propose.quoting import Quoted, propose_quoting
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

_BENEATH = 300


@dataclass(frozen=True)
class Form:
    """A dialect with the evidence for it; `text` is the sample that intake is tried on (None where it
    is tried on the file itself), `fields` how many columns a text without a header has. `doubtful`:
    something of it must be looked at, and the evidence says what.
    """

    dialect: Dialect
    notes: tuple[str, ...] = ()
    text: str | None = None
    sampled: str = ""
    fields: int = 0
    doubtful: bool = False


def propose_delimited(given: Form, where: str, limits: Limits) -> Form:
    """The likeliest delimiter, quotes and header of a text; fixed width where no delimiter parts it.

    `given` holds the text and what is known of it. Refuses a header that intake would refuse.
    """
    told, text = given.dialect, given.text or ""
    quoting = propose_quoting(text, told.delimiter, limits)
    rare = ""
    if _unlikely(quoting) and not told.delimiter:
        fixed = propose_fixed(given, where) if told.format != "csv" else given
        if fixed.dialect.positions:
            return fixed
        if not quoting.found or quoting.found[0].fields < 2:
            rare = unusual_delimiter(text)
            quoting = propose_quoting(text, rare, limits) if rare else quoting
    if not quoting.found:
        raise cannot_tell(where)
    best = quoting.found[0]
    if best.header:
        _refuse_faulty(best, where)
    seen = [best.told(), *_rivals(quoting), f"quotes: {quoting.why}", _header_told(best)]
    header = (best.header,) if best.header else ()
    dialect = replace(
        told, format="csv", delimiter=best.delimiter, quote=quoting.quote, header_rows=header
    )
    doubtful = given.doubtful or quoting.doubtful or best.unsure or bool(rare)
    return Form(dialect, (*given.notes, *seen), text, given.sampled, best.fields, doubtful)


def _unlikely(quoting: Quoted) -> bool:
    return not quoting.found or quoting.found[0].fields < 2 or quoting.found[0].share < 0.5


def _rivals(quoting: Quoted) -> list[str]:
    return [f"(next likeliest: {each.told()})" for each in quoting.found[1:2] if each.fields > 1]


def _header_told(best: Layout) -> str:
    look = "; look at it" if best.unsure else ""
    if not best.header:
        return "the first record of that width looks like data: no header, names made up" + look
    above = f", {best.header - 1} lines above it" if best.header > 1 else ""
    return f"header on line {best.header}: {best.fields} different words{above}{look}"


def _refuse_faulty(best: Layout, where: str) -> None:
    """A header with columns that have no name, or one name twice, is no use to intake."""
    if faults := faults_of(best.names):
        raise SchemaInvalid(
            f"The header on line {best.header} has columns with {'; '.join(faults)}",
            where=where,
            remedy="Give each of them a name of its own on that line of the file, then look again.",
        )


def propose_fixed(given: Form, where: str) -> Form:
    """The columns of a fixed-width text, by what is always blank."""
    told, text = given.dialect, (given.text or "").removeprefix("\ufeff")
    positions, why = (told.positions, "as given") if told.positions else propose_positions(text)
    if not positions and told.format == "fixed":
        raise cannot_tell(where)
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    first, *beneath = [
        [line[start - 1 : end].strip() for start, end in positions]
        for line in lines[: _BENEATH + 1]
    ]
    heading = judge_heading(first, beneath)
    if heading.is_header and faults_of(first):
        heading = Heading(False, True)
    seen = "header on line 1" if heading.is_header else "no header on line 1: names made up"
    seen += "; look at it" if heading.doubtful else ""
    header = (1,) if heading.is_header else ()
    dialect = replace(told, format="fixed", positions=positions, header_rows=header)
    notes = (*given.notes, why, seen)
    doubtful = given.doubtful or heading.doubtful
    return Form(dialect, notes, given.text, given.sampled, len(positions), doubtful)


def cannot_tell(where: str) -> FileUnreadable:
    """What to do where no look at the file shows how it is written."""
    return FileUnreadable(
        "Nothing in the file shows how it is written",
        where=where,
        remedy="Ask whoever made it how it is written, and give its delimiter (option --delimiter).",
    )
