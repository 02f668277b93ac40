"""The shipped schemas of extracts, and published schemas of the Local Government Association's kind."""

from __future__ import annotations

import pytest

from openoda.standards.uk import extracts, lga_schema, registry
from openoda.vocabulary.refusals import Misused, SchemaInvalid

LGA_DATE = (
    r"(^([0-2]\d|[3][0-1])\/([0]\d|[1][0-2])\/[1-2]\d{3}"
    r"((\s([0-1]\d|[2][0-3]):[0-5]\d(:[0-5]\d)?)?)|)$"
)
"""The pattern of dates in the LGA's premises licences schema."""


@pytest.mark.parametrize("name", extracts.names())
def test_shipped_schemas_are_sound(name: str) -> None:
    """Proves that each is a Table Schema with a key, a source, and kinds of standards that exist."""
    schema = extracts.schema(name)
    assert schema.primary_key
    assert set(schema.primary_key) <= set(schema.names)
    assert extracts.descriptor(name)["source"]
    assert extracts.kinds(name)["UPRN" if name == "licensing" else "uprn"] == "uprn"
    assert set(extracts.kinds(name).values()) <= set(registry.kinds())


def test_the_five_extracts_are_there() -> None:
    """Proves that none is missing, and that an unknown name is refused with those there are."""
    five = ["council-tax", "electoral-register", "housing", "licensing", "service-requests"]
    assert extracts.names() == five
    with pytest.raises(Misused, match="council-tax"):
        extracts.descriptor("parking")


def test_csvlint_schemas_are_taken() -> None:
    """Proves that types by address, date patterns and constraints come over, and the rest is said."""
    xsd = lga_schema.XSD
    given = {
        "title": "Premises licences",
        "fields": [
            {"name": "ExtractDate", "constraints": {"required": True, "pattern": LGA_DATE}},
            {"name": "URI", "constraints": {"type": f"{xsd}anyURI", "unique": True}},
            {"name": "Places", "constraints": {"type": f"{xsd}nonNegativeInteger"}},
            {"name": "From", "constraints": {"type": f"{xsd}date", "datePattern": "%d/%m/%Y"}},
            {"name": "Month", "constraints": {"type": f"{xsd}gYearMonth", "oddity": 1}},
            {"name": "Ahead", "constraints": {"pattern": "(?=x)"}},
        ],
    }
    made = lga_schema.as_table_schema(given)
    kinds = {each.name: each.type for each in made.schema.fields}
    assert kinds["Places"] == "integer"
    assert kinds["From"] == "date"
    fields = {each.name: each for each in made.schema.fields}
    assert fields["ExtractDate"].constraints.required
    assert fields["ExtractDate"].constraints.pattern == LGA_DATE
    assert fields["URI"].constraints.unique
    assert fields["Places"].constraints.minimum == 0
    assert fields["From"].format == "%d/%m/%Y"
    assert len(made.remarks) == 3
    assert all(word in " ".join(made.remarks) for word in ("gYearMonth", "oddity", "Ahead"))


def test_early_json_table_schemas_are_taken() -> None:
    """Proves that fmt: dates and currencies, as in data.gov.uk's schema of counter fraud, come over."""
    given = {
        "fields": [
            {"name": "Effective date", "type": "date", "format": "fmt:DD/MM/YYYY",
             "constraints": {"required": False}},
            {"name": "Fraud spent amount", "type": "number", "format": "currency"},
        ]
    }  # fmt: skip
    made = lga_schema.as_table_schema(given)
    day, amount = made.schema.fields
    assert day.format == "%d/%m/%Y"
    assert (amount.bare_number, amount.group_char) == (False, ",")
    assert made.remarks == []


@pytest.mark.parametrize("given", [None, [], {}, {"fields": []}, {"fields": [{"title": "x"}]}])
def test_what_is_no_schema_is_refused(given: object) -> None:
    """Proves that a file of another kind is refused with a remedy."""
    with pytest.raises(SchemaInvalid):
        lga_schema.as_table_schema(given)
