"""One block, made whole: every table of it as a record batch, labelled synthetic."""

from typing import Any

import pyarrow as pa

from openoda.data.synthetic.city import labels, premises
from openoda.data.synthetic.city.agencies import AGENCIES, HOUSING, share
from openoda.data.synthetic.city.businesses import inspect, make_businesses
from openoda.data.synthetic.city.extracts import EXTRACTS
from openoda.data.synthetic.city.histories import HISTORIES
from openoda.data.synthetic.city.irregularities import Planted, plant
from openoda.data.synthetic.city.records import Records, collect
from openoda.data.synthetic.city.scale import LABEL, VERSION
from openoda.data.synthetic.city.text import Columns
from openoda.data.synthetic.city.truth import Truth, make_truth

Tables = dict[str, pa.RecordBatch]
METADATA = {
    "openoda.class": "synthetic",
    "openoda.label": LABEL,
    "openoda.generator": f"city {VERSION}",
}


def make_block(seed: int, block: int, people: int) -> Tables:
    """All tables of one block by name (`extracts/council_tax`, `truth/people`, …).

    Depends on the three numbers alone: blocks can be made in any order, or at once.
    """
    truth = make_truth(seed, block, people)
    planted = plant(truth)
    held = {agency.name: _records(truth, planted, agency) for agency in AGENCIES}
    delivered = {name: EXTRACTS[name](truth, planted, records) for name, records in held.items()}
    made: dict[str, Columns] = {f"extracts/{name}": each for name, each in delivered.items()}
    for name, (agency, make) in HISTORIES.items():
        made[f"histories/{name}"] = make(truth, held[agency])
    batches = {name: _batch(columns) for name, columns in made.items()}
    batches |= _of_premises_and_truth(truth, planted, held)
    batches["linkage/residents"] = _stacked(
        [labels.residents(truth, records, delivered[name]) for name, records in held.items()]
    )
    return batches


def _records(truth: Truth, planted: Planted, agency: Any) -> Records:
    adopted = planted.tenancy_elsewhere if agency is HOUSING else None
    return collect(truth, agency, share(agency, truth, planted), adopted)


def _of_premises_and_truth(truth: Truth, planted: Planted, held: dict[str, Records]) -> Tables:
    """The tables of premises and of the truth, and whom every record is about."""
    firms = make_businesses(truth)
    kept = [
        premises.business_rates(truth, firms),
        premises.food_premises(truth, firms),
        premises.hmo_licences(truth, planted),
    ]
    about = [labels.records_of_people(truth, records) for records in held.values()]
    about += [labels.records_of_premises(truth, each) for each in kept]
    return {
        **{f"extracts/{each.agency}": _batch(each.columns) for each in kept},
        "extracts/gazetteer": _batch(premises.gazetteer(truth)),
        "histories/food_inspections": _batch(premises.inspections(firms, inspect(truth, firms))),
        "truth/people": _batch(labels.people(truth)),
        "truth/households": _batch(labels.households(truth)),
        "truth/properties": _batch(labels.properties(truth)),
        "truth/businesses": _batch(labels.businesses(truth, firms)),
        "truth/records": _stacked(about),
        "truth/irregularities": _stacked(labels.irregularities(truth, planted, firms, held)),
    }


def _batch(columns: Columns) -> pa.RecordBatch:
    batch = pa.RecordBatch.from_pydict(columns)
    return batch.replace_schema_metadata(METADATA)


def _stacked(parts: list[Columns]) -> pa.RecordBatch:
    """Tables of the same columns, one after the other."""
    table = pa.concat_tables([pa.table(part) for part in parts]).combine_chunks()
    arrays = [
        column.chunk(0) if column.num_chunks else pa.array([], column.type)
        for column in table.columns
    ]
    batch = pa.RecordBatch.from_arrays(arrays, names=table.column_names)
    return batch.replace_schema_metadata(METADATA)
