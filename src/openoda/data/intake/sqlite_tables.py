"""Which table of an SQLite database to read, and what a GeoPackage says of it."""

import sqlite3
from dataclasses import dataclass

from openoda.vocabulary.refusals import FileUnreadable

_OWN = ("sqlite_", "gpkg_", "rtree_")
_VIRTUAL, _STORED = 2, 3


@dataclass(frozen=True)
class Layer:
    """A table: its columns, its number of rows, its column of geometries (empty for none) with the
    number and the name of their reference system, and what is worth saying of it.
    """

    name: str
    columns: list[str]
    rows: int
    geometry: str = ""
    srs_id: int = 0
    srs: str = ""
    notes: tuple[str, ...] = ()


class Refused:
    """The refusals of a database by one name."""

    def __init__(self, where: str) -> None:
        self.where = where

    def not_a_database(self) -> FileUnreadable:
        """The first bytes are another kind of file's."""
        return FileUnreadable(
            "The file's name says SQLite or GeoPackage, but it isn't one",
            where=self.where,
            remedy="Name it for what it is, or ask for the file again.",
        )

    def damaged(self) -> FileUnreadable:
        """SQLite itself finds fault with it, or it changed while it was read."""
        return FileUnreadable(
            "The database is damaged, or changed while it was read",
            where=self.where,
            remedy="Ask for the file again; nothing of it was kept.",
        )

    def unfinished(self, beside: str) -> FileUnreadable:
        """Changes wait in a file beside it."""
        return FileUnreadable(
            f"The database is still in use: changes wait in {beside}",
            where=self.where,
            remedy="Close the program that uses it, or save a copy from there (VACUUM INTO).",
        )

    def several(self, names: list[str], wanted: str) -> FileUnreadable:
        """No table of that name, or several to choose from."""
        if not names:
            what, remedy = "The database holds no table of data", "Ask for the file again."
        else:
            what = f"There is no table called {wanted}" if wanted else "There are several tables"
            shown = ", ".join(name[:60] for name in names[:10])
            remedy = f"Name one of them (option --table): {shown}."
        return FileUnreadable(what, where=self.where, remedy=remedy)

    def no_geopackage(self) -> FileUnreadable:
        """A database without a GeoPackage's tables."""
        return FileUnreadable(
            "The database is no GeoPackage: it has no table gpkg_contents",
            where=self.where,
            remedy="Name it .sqlite to read its plain tables.",
        )


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def table_names(base: sqlite3.Connection, form: str, refused: Refused) -> list[str]:
    """The tables that hold data: plain ones, and in a GeoPackage those that it lists."""
    listed = base.execute("PRAGMA table_list").fetchall()
    plain = [str(name) for space, name, kind, *_ in listed if space == "main" and kind == "table"]
    if form == "gpkg":
        if "gpkg_contents" not in plain:
            raise refused.no_geopackage()
        rows = base.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
        ).fetchall()
        return sorted(str(name) for (name,) in rows if name in plain)
    return sorted(name for name in plain if not name.lower().startswith(_OWN))


def chosen_layer(base: sqlite3.Connection, form: str, wanted: str, refused: Refused) -> Layer:
    """The table asked for, or the only one; refuses to choose among several."""
    names = table_names(base, form, refused)
    if wanted not in names and (wanted or len(names) != 1):
        raise refused.several(names, wanted)
    name = wanted or names[0]
    described = base.execute(f"PRAGMA table_xinfo({quoted(name)})").fetchall()
    columns = [str(column) for _, column, _, _, _, _, hidden in described if hidden in (0, _STORED)]
    computed = [str(column) for _, column, *_, hidden in described if hidden == _VIRTUAL]
    rows = int(base.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0])  # noqa: S608
    notes = [f"table {name}"]
    if computed:
        notes.append("computed columns are not read: " + ", ".join(computed[:10]))
    if form != "gpkg":
        return Layer(name, columns, rows, notes=tuple(notes))
    geometry, srs_id, srs = _reference_system(base, name)
    if geometry:
        notes.append(f"geometry in {geometry}: {srs}, as the GeoPackage says")
    return Layer(name, columns, rows, geometry, srs_id, srs, tuple(notes))


def _reference_system(base: sqlite3.Connection, name: str) -> tuple[str, int, str]:
    """A layer's column of geometries, its reference system's number and name (EPSG:27700)."""
    try:
        found = base.execute(
            "SELECT g.column_name, g.srs_id, s.organization, s.organization_coordsys_id "
            "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s USING (srs_id) "
            "WHERE g.table_name = ?",
            (name,),
        ).fetchone()
    except sqlite3.OperationalError:  # a GeoPackage of attributes alone needs no such table
        return "", 0, ""
    if found is None:
        return "", 0, ""
    column, srs_id, organisation, number = found
    named = {-1: "undefined (Cartesian)", 0: "undefined (geographic)"}.get(srs_id)
    if named is None:
        named = f"{str(organisation).upper()}:{number}" if organisation else f"srs_id {srs_id}"
    return str(column), int(srs_id), named
