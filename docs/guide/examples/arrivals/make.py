"""The files that the guide on arrivals reads: a database, its schema, and three weeks of visits.

Run with any Python in an empty folder: `python make.py database`, `python make.py week 1`, and so on.
Everything is made up.
"""

import csv
import json
import sqlite3
import sys
from pathlib import Path

SCHEMA = {
    "fields": [
        {"name": "premises", "type": "integer"},
        {"name": "name", "type": "string"},
        {"name": "opened", "type": "date", "format": "%Y-%m-%d"},
    ]
}


def database() -> None:
    """A SQLite database of three premises, one opened on a day that there isn't."""
    rows = [
        (1, "Mill Cafe", "2019-04-01"),
        (2, "The Bell", "2020-02-30"),
        (3, "Quay Hall", "2021-09-14"),
    ]
    with sqlite3.connect("licensing.db") as connection:
        connection.execute("create table premises (premises integer, name text, opened text)")
        connection.executemany("insert into premises values (?, ?, ?)", rows)
        connection.execute("create view open_now as select premises, name from premises")
    connection.close()
    Path("premises.json").write_text(json.dumps(SCHEMA, indent=2) + "\n", encoding="utf-8")


def week(number: int) -> None:
    """One delivery of visits; the second has drifted, the third has other columns."""
    rows, kinds, least = {1: (1000, "abc", 0), 2: (640, "abd", 60), 3: (660, "abd", 60)}[number]
    header = ["visit", "ward", "kind", "fee"]
    if number == 3:
        header = ["visit", "Ward name", "kind", "charge"]
    Path("drop").mkdir(exist_ok=True)
    with Path(f"drop/visits-{number}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for at in range(rows):
            ward = ("Abbey", "Bridge", "Castle")[at % 7 % 3]
            writer.writerow([f"{number}-{at:04}", ward, kinds[at % 3], least + at * 37 % 100])


if __name__ == "__main__":
    if sys.argv[1:] == ["database"]:
        database()
    elif sys.argv[1:2] == ["week"] and sys.argv[2:] in (["1"], ["2"], ["3"]):
        week(int(sys.argv[2]))
    else:
        sys.exit("python make.py database, or python make.py week 1 (2, 3)")
