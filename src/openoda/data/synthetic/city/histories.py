"""What happens between agencies and people by date: payments, requests, visits, repairs.

Rates are chosen. Every row names the agency's own record, as such systems do, so that a history is
joined to a person only by way of the extract it belongs to.
"""

import numpy as np

from openoda.data.synthetic.city.draws import Draws, Whole
from openoda.data.synthetic.city.records import Records
from openoda.data.synthetic.city.scale import AS_AT, YEAR
from openoda.data.synthetic.city.text import Columns, chosen, digits, glue, take, whole_dates
from openoda.data.synthetic.city.truth import Truth

_QUARTER = 91
_QUARTERS = 4
_BAND_PENCE = np.array([130, 152, 174, 196, 239, 283, 327, 392]) * 250
"""A quarter's council tax by band in pence: ninths of band D (Local Government Finance Act 1992)."""
REQUESTS = (
    "missed bin", "fly-tipping", "noise", "pothole", "street light", "bulky waste", "benefit query",
    "council tax query", "parking", "pest control", "housing repair", "school admission",
)  # fmt: skip
REPAIRS = ("heating", "plumbing", "electrical", "damp and mould", "doors and windows", "roof")
VISITS = ("home care", "review", "occupational therapy", "telephone check")


def _events(records: Records, draws: Draws, many: Whole) -> tuple[Whole, Whole]:
    """The record of each event (`many` of each record), and a key for the event's own draws."""
    record = np.repeat(np.arange(len(records)), many)
    turn = np.arange(len(record)) - np.repeat(np.cumsum(many) - many, many)
    return record, records.keys[record] * 64 + turn


def _event_numbers(prefix: str, truth: Truth, keys: Whole) -> object:
    first = int(truth.people.index[0]) * 128
    return glue(prefix, digits((first + keys) * 387_420_489 % 10_000_000_000, 10))


def payments(truth: Truth, records: Records) -> Columns:
    """Council tax by the quarter for the last year: what was due, what was paid, when."""
    draws = truth.draws
    many = np.full(len(records), _QUARTERS)
    record, keys = _events(records, draws, many)
    turn = np.arange(len(record)) % _QUARTERS
    due_on = AS_AT - (_QUARTERS - turn) * _QUARTER
    due = _BAND_PENCE[truth.properties.band[records.home[record]]]
    struggles = draws.chance("payment/struggles", records.keys, 0.12)[record]
    late = np.where(
        struggles, draws.below("payment/late", keys, 90), draws.below("payment/few", keys, 6)
    )
    missed = draws.chance("payment/missed", keys, np.where(struggles, 0.3, 0.004))
    return {
        "account_ref": records.number.take(record),
        "due_on": whole_dates(due_on),
        "due_pence": due,
        "paid_on": whole_dates(np.where(missed, -1, np.minimum(due_on + late, AS_AT - 1))),
        "paid_pence": np.where(missed, 0, due),
    }


def requests(truth: Truth, records: Records) -> Columns:
    """Up to eight service requests of each customer since the record was made."""
    draws = truth.draws
    many = draws.below("request/many", records.keys, 4) * (
        1 + draws.chance("request/often", records.keys, 0.1)
    )
    record, keys = _events(records, draws, many)
    span = np.maximum(AS_AT - records.recorded[record], 1)
    opened = AS_AT - 1 - draws.below("request/day", keys, span)
    closed = opened + draws.below("request/took", keys, 40)
    return {
        "request_id": _event_numbers("R", truth, keys),
        "customer": records.number.take(record),
        "category": take(chosen(list(REQUESTS)), draws.below("request/what", keys, len(REQUESTS))),
        "opened_on": whole_dates(opened),
        "closed_on": whole_dates(np.where(closed < AS_AT, closed, -1)),
        "uprn": take(truth.properties.uprn, records.home[record]),
    }


def visits(truth: Truth, records: Records) -> Columns:
    """Visits to clients of adult social care in the last year, up to 24 of each."""
    draws = truth.draws
    many = draws.below("visit/many", records.keys, 25)
    record, keys = _events(records, draws, many)
    return {
        "visit_id": _event_numbers("V", truth, keys),
        "client_id": records.number.take(record),
        "visited_on": whole_dates(AS_AT - 1 - draws.below("visit/day", keys, YEAR)),
        "kind": take(chosen(list(VISITS)), draws.below("visit/kind", keys, len(VISITS))),
        "minutes": 15 * (1 + draws.below("visit/minutes", keys, 6)),
    }


def repairs(truth: Truth, records: Records) -> Columns:
    """Repairs of council homes in the last three years, named by tenancy."""
    draws = truth.draws
    many = draws.below("repair/many", records.keys, 4)
    record, keys = _events(records, draws, many)
    raised = AS_AT - 1 - draws.below("repair/day", keys, 3 * YEAR)
    done = raised + draws.below("repair/took", keys, 60)
    return {
        "repair_id": _event_numbers("W", truth, keys),
        "person_ref": records.number.take(record),
        "kind": take(chosen(list(REPAIRS)), draws.below("repair/kind", keys, len(REPAIRS))),
        "raised_on": whole_dates(raised),
        "done_on": whole_dates(np.where(done < AS_AT, done, -1)),
        "cost_pence": 2_500 + 100 * draws.below("repair/cost", keys, 900),
    }


HISTORIES = {
    "council_tax_payments": ("council_tax", payments),
    "service_requests": ("contact_centre", requests),
    "care_visits": ("adult_social_care", visits),
    "housing_repairs": ("housing", repairs),
}
"""Each history's name, the agency it belongs to, and what makes it."""
