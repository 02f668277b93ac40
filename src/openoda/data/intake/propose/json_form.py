"""Which kind of JSON a text is, and where in it the records are."""

import re
from dataclasses import replace

from openoda.data.intake.dialect import Dialect
from openoda.data.intake.propose.json_lists import find_lists
from openoda.data.intake.propose.text_form import Form
from openoda.vocabulary.refusals import FileUnreadable


def propose_json(given: Form, where: str) -> Form:
    """One object a line, a collection of features, or the largest list of objects in it.

    `given` holds the text and what is known of it. Refuses a text without such a list.
    """
    told, notes, text = given.dialect, given.notes, (given.text or "").removeprefix("\ufeff")

    def found(dialect: Dialect, why: str) -> Form:
        return Form(dialect, (*notes, *[why] * bool(why)), doubtful=given.doubtful)

    alone = [line for line in re.split(r"[\r\n]+", text)[:50] if line.strip()]
    by_line = all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in alone)
    if not told.format and len(alone) > 1 and by_line:
        why = f"each of the first {len(alone)} lines is an object of its own"
        return found(replace(told, format="jsonl"), why)
    lists, collection = find_lists(text.encode("utf-8", "replace"))
    if told.format == "geojson" or collection:
        if not collection and not any(each.keys == ("features",) for each in lists):
            raise _no_collection(where)
        why = "its type is FeatureCollection" if collection else "geojson by its name"
        return found(replace(told, format="geojson"), why)
    told = replace(told, format="json")
    if told.records:
        return found(told, "")
    if not lists and not text.lstrip().startswith("["):
        raise _no_list(where)
    if not lists:
        return found(told, "")
    told = replace(told, records=lists[0].keys)
    path = ".".join(("$", *lists[0].keys))
    others = [".".join(("$", *each.keys)) for each in lists[1:6]]
    beside = f"; other lists: {', '.join(others)}" if others else ""
    why = f"the largest list of objects seen is {path} ({lists[0].size:,} bytes of it){beside}"
    return found(told, why)


def _no_list(where: str) -> FileUnreadable:
    return FileUnreadable(
        "The JSON holds no list of objects, which its records would be",
        where=where,
        remedy='Ask for a list of objects, one a record ([{"id": 1}, {"id": 2}]), for one object a '
        "line under a name ending in .jsonl, or for the table as CSV.",
    )


def _no_collection(where: str) -> FileUnreadable:
    return FileUnreadable(
        "The GeoJSON is no collection of features, which its records would be",
        where=where,
        remedy='Ask for {"type": "FeatureCollection", "features": [...]}, with each feature in the '
        "list, or name the file .json if it is no GeoJSON.",
    )
