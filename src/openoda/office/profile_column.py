"""One column of a profile in plain words."""

from openoda.data.quality import kinds
from openoda.data.quality.columns import ColumnProfile, Counted, Scale
from openoda.rendering import wording
from openoda.rendering.profile_documents import Bar, ColumnBlock

Fact = tuple[str, str]
_QUANTILES = {0.05: "5%", 0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 0.95: "95%"}
_FREQUENT = 0.01


def block_of(one: ColumnProfile, number: int, values: bool) -> ColumnBlock:
    """The column's block. Without `values` it holds counts alone."""
    held = one.completeness
    return ColumnBlock(
        name=one.name,
        anchor=f"column-{number}",
        type=_type(one),
        filled=held.filled,
        placeholder=held.placeholder,
        empty=held.empty,
        null=held.null,
        distinct=wording.number(one.distinct)
        if one.exact
        else f"about {wording.number(one.distinct)}",
        range=f"{one.spread.lowest} to {one.spread.highest}" if values and one.spread else "",
        facts=tuple(_facts(one, values)),
        histogram=_histogram(one) if values else (),
        top=_top(one) if values else (),
        shapes=tuple(Bar(each.value, each.rows) for each in one.shapes) if values else (),
    )


def _type(one: ColumnProfile) -> str:
    kind = kinds.KINDS[one.kind].title if one.kind in kinds.KINDS and one.kind != "date" else ""
    if one.reads_as is not one.type:
        return f"{kind or one.reads_as.value}, written as text"
    return kind or one.type.value


def _facts(one: ColumnProfile, values: bool) -> list[Fact]:
    held = one.completeness
    facts = [("Holds", _type(one)), ("Filled", _filled(one))]
    gaps = [("nothing", held.null), ("empty text", held.empty), ("a placeholder", held.placeholder)]
    told = [f"{wording.number(count)} with {what}" for what, count in gaps if count]
    facts += [("Not filled", ", ".join(told))] if told else []
    if held.unreadable:
        facts.append(("Could not be typed", wording.plural(held.unreadable, "value", "values")))
    if values and held.placeholders:
        facts.append(("Placeholders", _counted(held.placeholders)))
    facts.append(("Different values", _distinct(one)))
    facts += _ranges(one) if values else []
    if one.outliers:
        facts.append(("Far from the others", _outliers(one, values)))
    if one.shortest is not None and one.longest is not None:
        facts.append(("Length", _length(one.shortest, one.longest)))
    if one.spellings:
        rows = wording.plural(one.spellings, "row has", "rows have")
        facts.append(("Spellings", f"{rows} a less common spelling of another value"))
    if values and len(one.shapes) == 1 and not one.shapes_of:
        facts.append(("Written as", one.shapes[0].value))
    if one.shapes_of:
        facts.append(("Shapes", f"taken from {one.shapes_of:,} evenly spaced values"))
    return facts


def _filled(one: ColumnProfile) -> str:
    held = one.completeness
    of_all = f"{wording.number(held.filled)} of {wording.number(held.rows)} rows"
    return f"{of_all} ({wording.percent(held.share)})"


def _distinct(one: ColumnProfile) -> str:
    if not one.exact:
        return f"about {wording.number(one.distinct)} (approximate: usually within 5%)"
    return wording.number(one.distinct) + (", one for each row" if one.is_key else "")


def _ranges(one: ColumnProfile) -> list[Fact]:
    if one.spread is None:
        return []
    facts = [("From and to", f"{one.spread.lowest} to {one.spread.highest}")]
    if one.spread.quantiles:
        said = [
            f"{_QUANTILES[share]} up to {value}" for share, value in one.spread.quantiles.items()
        ]
        approximate = "" if one.exact else " (approximate)"
        facts.append(("How far the rows reach", ", ".join(said) + approximate))
    if one.spread.mean is not None:
        spread = (
            ""
            if one.spread.deviation is None
            else f", standard deviation {_rounded(one.spread.deviation)}"
        )
        facts.append(("Average", f"{_rounded(one.spread.mean)}{spread}"))
    return facts


def _rounded(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"


def _length(shortest: int, longest: int) -> str:
    if shortest == longest:
        return wording.plural(longest, "character", "characters")
    return f"{shortest:,} to {longest:,} characters"


def _outliers(one: ColumnProfile, values: bool) -> str:
    found = one.outliers
    assert found is not None  # noqa: S101  (the caller has looked)
    if not found.below + found.above:
        return "none"
    if not values:
        return f"{found.below:,} low, {found.above:,} high"
    besides = ", besides what can't be right" if one.kind else ""
    return f"{found.below:,} below {found.low}, {found.above:,} above {found.high}{besides}"


def _counted(some: tuple[Counted, ...]) -> str:
    return ", ".join(f"{each.value} ({wording.number(each.rows)})" for each in some)


def _histogram(one: ColumnProfile) -> tuple[Bar, ...]:
    bars = one.spread.bars if one.spread else ()
    return tuple(Bar(each.value, each.rows) for each in bars)


def _top(one: ColumnProfile) -> tuple[Bar, ...]:
    """The most frequent values, where some value is frequent at all: twice and 1% of the rows."""
    least = max(2, _FREQUENT * one.completeness.filled)
    if one.reads_as not in (Scale.TEXT, Scale.FLAG) or not one.top or one.top[0].rows < least:
        return ()
    return tuple(Bar(each.value, each.rows) for each in one.top)
