"""Geometries as well-known text, from GeoJSON and from the binary form of GeoPackage.

Sources: OGC 06-103r4 (Simple Features: well-known text and binary, and ISO's codes for Z and M), RFC
7946 (GeoJSON), OGC 12-128r18 (GeoPackage, clause 2.1.3: the header before the binary geometry).
Numbers of GeoJSON keep their digits; those of the binary form are the shortest that read back alike.
"""

import struct
from typing import Any

from openoda.data.intake.json_values import Number, Pairs

NAMES = {
    1: "POINT",
    2: "LINESTRING",
    3: "POLYGON",
    4: "MULTIPOINT",
    5: "MULTILINESTRING",
    6: "MULTIPOLYGON",
    7: "GEOMETRYCOLLECTION",
}
_LEVELS = {"POINT": 0, "LINESTRING": 1, "POLYGON": 2, "MULTIPOINT": 1, "MULTILINESTRING": 2,
           "MULTIPOLYGON": 3}  # fmt: skip
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_MOST_LEVELS = 16


class BadGeometry(ValueError):
    """A geometry that can't be read; the message says why."""


def from_geojson(value: Any, level: int = 0) -> str | None:
    """The well-known text of a GeoJSON geometry; None for null. Raises BadGeometry."""
    if value is None:
        return None
    if not isinstance(value, Pairs):
        raise BadGeometry("not a geometry")
    held = dict(value)
    name = str(held.get("type", "")).upper()
    if name == "GEOMETRYCOLLECTION":
        members = held.get("geometries")
        if not isinstance(members, list) or isinstance(members, Pairs) or level > _MOST_LEVELS:
            raise BadGeometry("a collection without its geometries")
        texts = [from_geojson(each, level + 1) or "GEOMETRYCOLLECTION EMPTY" for each in members]
        return f"{name} ({', '.join(texts)})" if texts else f"{name} EMPTY"
    if name not in _LEVELS:
        raise BadGeometry("a type that GeoJSON doesn't have")
    coordinates = held.get("coordinates")
    if coordinates == [] and isinstance(coordinates, list):
        return f"{name} EMPTY"
    sizes: set[int] = set()
    text = _nested(coordinates, _LEVELS[name], sizes)
    if len(sizes) > 1:
        raise BadGeometry("positions of different sizes")
    dimension = " Z" if sizes == {3} else ""
    return f"{name}{dimension} {text if _LEVELS[name] else f'({text})'}"


def _nested(value: Any, level: int, sizes: set[int]) -> str:
    if not isinstance(value, list) or isinstance(value, Pairs):
        raise BadGeometry("coordinates that are no list")
    if level:
        inner = [_nested(each, level - 1, sizes) for each in value]
        if not inner:
            return "EMPTY"
        return f"({', '.join(inner)})"
    if not 2 <= len(value) <= 3 or not all(isinstance(each, Number) for each in value):
        raise BadGeometry("a position that is no two or three numbers")
    sizes.add(len(value))
    return " ".join(map(str, value))


def from_geopackage(blob: bytes) -> tuple[str | None, int]:
    """The well-known text of a GeoPackage geometry and the number of its reference system.

    The text is None where the geometry is said to be empty and holds nothing. Raises BadGeometry.
    """
    if len(blob) < 8 or blob[:2] != b"GP":
        raise BadGeometry("not a GeoPackage geometry")
    flags = blob[3]
    order = "<" if flags & 1 else ">"
    envelope = _ENVELOPES.get(flags >> 1 & 7)
    if envelope is None or flags & 0x20:
        raise BadGeometry("a GeoPackage geometry of an extended kind")
    (srs,) = struct.unpack_from(order + "i", blob, 4)
    reader = _Binary(blob, 8 + envelope)
    text = reader.geometry()
    if reader.at != len(blob):
        raise BadGeometry("bytes after the geometry")
    return text, srs


class _Binary:
    """Well-known binary, read from `at`."""

    def __init__(self, blob: bytes, at: int) -> None:
        self.blob, self.at = blob, at

    def _numbers(self, form: str) -> tuple[Any, ...]:
        try:
            found = struct.unpack_from(form, self.blob, self.at)
        except struct.error:
            raise BadGeometry("a geometry that ends too early") from None
        self.at += struct.calcsize(form)
        return found

    def geometry(self, level: int = 0, *, inner: bool = False) -> str:
        """The geometry that starts here; `inner` leaves out the name, as inside a MULTI type."""
        (mark,) = self._numbers("B")
        if mark > 1 or level > _MOST_LEVELS:
            raise BadGeometry("not well-known binary")
        order = "<" if mark else ">"
        (code,) = self._numbers(order + "I")
        name, dimension = NAMES.get(code % 1000), code // 1000
        if name is None or dimension > 3:
            raise BadGeometry("a type of geometry that isn't a simple feature")
        size = 2 + (dimension in (1, 3)) + (dimension in (2, 3))
        body = self._body(name, order, size, level)
        label = ("", " Z", " M", " ZM")[dimension]
        return body if inner else f"{name}{label} {body}"

    def _body(self, name: str, order: str, size: int, level: int) -> str:
        if name == "POINT":
            position = self._numbers(f"{order}{size}d")
            empty = all(each != each for each in position)
            return "EMPTY" if empty else f"({_position(position)})"
        if name == "LINESTRING":
            return self._line(order, size)
        count = self._count(order, 4)
        if name == "POLYGON":
            return _joined([self._line(order, size) for _ in range(count)])
        inner = name != "GEOMETRYCOLLECTION"
        return _joined([self._member(level, inner, name) for _ in range(count)])

    def _member(self, level: int, inner: bool, name: str) -> str:
        text = self.geometry(level + 1, inner=inner)
        return text[1:-1] if name == "MULTIPOINT" and text.startswith("(") else text

    def _line(self, order: str, size: int) -> str:
        count = self._count(order, 8 * size)
        numbers = self._numbers(f"{order}{count * size}d")
        return _joined([_position(numbers[at : at + size]) for at in range(0, len(numbers), size)])

    def _count(self, order: str, least: int) -> int:
        """A number of parts, each of at least so many bytes; checked before room is made."""
        (count,) = self._numbers(order + "I")
        if count * least > len(self.blob) - self.at:
            raise BadGeometry("a geometry that ends too early")
        return int(count)


def _joined(parts: list[str]) -> str:
    return f"({', '.join(parts)})" if parts else "EMPTY"


def _position(numbers: tuple[float, ...]) -> str:
    return " ".join(str(int(each)) if each.is_integer() and abs(each) < 1e15 else repr(each)
                    for each in numbers)  # fmt: skip
