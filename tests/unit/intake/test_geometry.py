"""Geometries as well-known text."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.intake.geometry import BadGeometry, from_geojson, from_geopackage
from openoda.data.intake.json_values import parsed


def geojson(value: object) -> str | None:
    return from_geojson(parsed(json.dumps(value).encode(), 64))


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "POINT (1 2)"),
        ({"type": "Point", "coordinates": [1, 2, 3.5]}, "POINT Z (1 2 3.5)"),
        ({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "LINESTRING (1 2, 3 4)"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]], []]},
         "POLYGON ((0 0, 1 0, 0 0), EMPTY)"),
        ({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "MULTIPOINT (1 2, 3 4)"),
        ({"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 1], [0, 0]]]]},
         "MULTIPOLYGON (((0 0, 1 1, 0 0)))"),
        ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
         "GEOMETRYCOLLECTION (POINT (1 2))"),
        ({"type": "Polygon", "coordinates": []}, "POLYGON EMPTY"),
        (None, None),
    ],
)  # fmt: skip
def test_geojson_as_text(shape: object, text: str | None) -> None:
    """Every type of RFC 7946."""
    assert geojson(shape) == text


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Point"},
        {"type": "Point", "coordinates": {"x": 1}},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "LineString", "coordinates": [[1, 2], [1, 2, 3]]},
        {"type": "GeometryCollection", "geometries": 3},
        [1, 2],
        "POINT (1 2)",
    ],
)
def test_what_is_no_geojson_geometry(shape: object) -> None:
    """Refused in words, never half read."""
    with pytest.raises(BadGeometry):
        geojson(shape)


def blob(body: bytes, *, flags: int = 1, envelope: bytes = b"", srs: int = 27700) -> bytes:
    return b"GP\0" + bytes([flags]) + struct.pack("<i", srs) + envelope + body


def wkb(order: str, code: int, *more: bytes) -> bytes:
    return bytes([order == "<"]) + struct.pack(order + "I", code) + b"".join(more)


@pytest.mark.parametrize("order", ["<", ">"])
def test_binary_as_text(order: str) -> None:
    """Both orders of bytes, Z and M, several parts, an empty point, an envelope passed over."""
    point = struct.pack(order + "2d", 1, 2.5)
    count = struct.pack(order + "I", 2)
    nan = struct.pack(order + "2d", float("nan"), float("nan"))
    single = wkb(order, 1, point)
    line = wkb(order, 2, count, point, point)
    for body, text in (
        (single, "POINT (1 2.5)"),
        (wkb(order, 1001, struct.pack(order + "3d", 1, 2, 3)), "POINT Z (1 2 3)"),
        (wkb(order, 2001, struct.pack(order + "3d", 1, 2, 3)), "POINT M (1 2 3)"),
        (wkb(order, 1, nan), "POINT EMPTY"),
        (line, "LINESTRING (1 2.5, 1 2.5)"),
        (wkb(order, 4, count, single, single), "MULTIPOINT (1 2.5, 1 2.5)"),
        (wkb(order, 5, count, line, line),
         "MULTILINESTRING ((1 2.5, 1 2.5), (1 2.5, 1 2.5))"),
        (wkb(order, 3, struct.pack(order + "I", 0)), "POLYGON EMPTY"),
        (wkb(order, 7, count, single, line),
         "GEOMETRYCOLLECTION (POINT (1 2.5), LINESTRING (1 2.5, 1 2.5))"),
    ):  # fmt: skip
        assert from_geopackage(blob(body)) == (text, 27700)
        assert from_geopackage(blob(body, flags=3, envelope=bytes(32)))[0] == text


@given(st.binary(max_size=80), st.booleans())
def test_bytes_that_are_no_geometry_are_refused(noise: bytes, headed: bool) -> None:
    """Proves that no bytes do more than raise BadGeometry, and that a count alone makes no room."""
    huge = wkb("<", 2, struct.pack("<I", 2**32 - 1))
    for content in (blob(noise) if headed else noise, blob(huge), blob(huge + noise)):
        try:
            text, _ = from_geopackage(content)
        except BadGeometry:
            continue
        assert text
