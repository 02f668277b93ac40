"""GeoJSON features as records: their properties, their geometry and its reference system.

Source: RFC 7946; the member "crs" of the specification of 2008, which many exports still carry. It is
WGS 84 in longitude and latitude (OGC:CRS84) where nothing else is said.
"""

from typing import Any

from openoda.data.intake.geometry import BadGeometry, from_geojson
from openoda.data.intake.json_values import Pairs, Unsound, parsed, written

FEATURES = ("features",)
ID = "feature_id"
GEOMETRY, SRS = "geometry", "geometry_srs"
WGS84 = "OGC:CRS84"
_OWN = {"type", "properties", "geometry", "id", "bbox"}
NOT_FEATURE = "not a GeoJSON feature"


def feature_pairs(feature: Pairs) -> Pairs:
    """A feature's columns: its id, its properties, what else it holds, its geometry as JSON.

    Raises Unsound where it is no feature.
    """
    held = dict(feature)
    properties = held.get("properties")
    if held.get("type") != "Feature" or len(held) < len(feature):
        raise Unsound(NOT_FEATURE)
    if properties is not None and not isinstance(properties, Pairs):
        raise Unsound(NOT_FEATURE, "its properties are no object")
    found = Pairs([(ID, held["id"])] if "id" in held else [])
    found += properties or []
    found += [(name, value) for name, value in feature if name not in _OWN]
    geometry = held.get("geometry")
    found += [(GEOMETRY, None if geometry is None else written(geometry)), (SRS, None)]
    return found


def geometry_doubt(text: str | None, depth: int) -> tuple[str | None, str]:
    """The well-known text of a geometry's JSON, and why there is none (empty where there is)."""
    if text is None:
        return None, ""
    try:
        return from_geojson(parsed(text.encode("utf-8", "surrogatepass"), depth + 1)), ""
    except (BadGeometry, Unsound) as fault:
        return None, f"not a geometry: {fault}"


def srs_of(around: Any) -> str:
    """The reference system that a collection names, as the field writes it (EPSG:27700)."""
    named = around.get("crs") if isinstance(around, dict) else None
    properties = named.get("properties") if isinstance(named, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return WGS84
    parts = name.split(":")
    if parts[:3] == ["urn", "ogc", "def"] and len(parts) >= 6:
        return f"{parts[4]}:{parts[-1]}"
    return name
