"""Which columns of a gazetteer hold what, for the layouts that Ordnance Survey publishes.

Source: Ordnance Survey's technical specifications of AddressBase Core, AddressBase Plus and AddressBase
Premium (docs.os.uk, "Feature types" and "CSV header files") and of OS Open UPRN. Names are compared in
capitals without signs, so SAO_START_NUMBER, SaoStartNumber and sao start number are one.
"""

import re
from dataclasses import dataclass

from openoda.vocabulary.refusals import DataUnfit

Number = tuple[str, str, str, str]  # start, its letter, end, its letter


@dataclass(frozen=True)
class Layout:
    """What a layout is called, the columns it is known by, and the columns of each part.

    A part's columns are joined in order; of a group in inner brackets the first that is filled
    counts. `numbers` are the columns of a part's number, put before its text.
    """

    name: str
    known_by: frozenset[str]
    parts: dict[str, tuple[tuple[str, ...], ...]]
    numbers: dict[str, Number]


_LPI_NUMBERS: dict[str, Number] = {
    part: (f"{code}STARTNUMBER", f"{code}STARTSUFFIX", f"{code}ENDNUMBER", f"{code}ENDSUFFIX")
    for part, code in (("saon", "SAO"), ("paon", "PAO"))
}
_PROPERTY_IDENTIFIERS = Layout(
    "AddressBase Plus or Premium, land and property identifiers",
    frozenset({"UPRN", "PAOSTARTNUMBER", "PAOTEXT", "STREETDESCRIPTION"}),
    {
        "organisation": (("LAORGANISATION", "RMORGANISATIONNAME", "ORGANISATION"),),
        "saon": (("SAOTEXT",),),
        "paon": (("PAOTEXT",),),
        "street": (("STREETDESCRIPTION",),),
        "locality": (("LOCALITY", "LOCALITYNAME"),),
        "town": (("TOWNNAME",), ("POSTTOWN",)),
        "postcode": (("POSTCODELOCATOR", "POSTCODE"),),
    },
    _LPI_NUMBERS,
)
_DELIVERY_POINTS = Layout(
    "AddressBase Plus or Premium, delivery points",
    frozenset({"UPRN", "BUILDINGNUMBER", "BUILDINGNAME", "THOROUGHFARE", "POSTTOWN"}),
    {
        "organisation": (("ORGANISATIONNAME", "RMORGANISATIONNAME"), ("DEPARTMENTNAME",)),
        "saon": (("SUBBUILDINGNAME",),),
        "paon": (("BUILDINGNAME",), ("BUILDINGNUMBER",)),
        "street": (("DEPENDENTTHOROUGHFARE",), ("THOROUGHFARE",)),
        "locality": (("DOUBLEDEPENDENTLOCALITY",), ("DEPENDENTLOCALITY",)),
        "town": (("POSTTOWN",),),
        "postcode": (("POSTCODE",),),
    },
    {},
)
_CORE = Layout(
    "AddressBase Core",
    frozenset({"UPRN", "BUILDINGNUMBER", "STREETNAME"}),
    {
        "organisation": (("ORGANISATION",),),
        "saon": (("SUBBUILDING",),),
        "paon": (("BUILDINGNAME",), ("BUILDINGNUMBER",)),
        "street": (("STREETNAME",),),
        "locality": (("LOCALITY",),),
        "town": (("TOWNNAME",), ("POSTTOWN",)),
        "postcode": (("POSTCODE",),),
    },
    {},
)
_PARTS = Layout(
    "BS 7666 parts",
    frozenset({"UPRN", "PAON", "STREET"}),
    {
        "organisation": (("ORGANISATION",),),
        **{
            part: ((part.upper(),),)
            for part in ("saon", "paon", "street", "locality", "town", "postcode")
        },
    },
    {},
)
LAYOUTS = (_PROPERTY_IDENTIFIERS, _CORE, _DELIVERY_POINTS, _PARTS)

LINES = ("SINGLELINEADDRESS", "FULLADDRESS", "ADDRESS", "ADDRESSCONCAT", "ADDRESSLINE", "LOCATION")
_NUMBERED = re.compile(r"(?:ADDRESS|ADDRESSLINE|ADDR|LINE|ADD)\d{1,2}\Z")
_AFTER_LINES = ("LOCALITY", "TOWN", "POSTTOWN", "CITY", "POSTCODE")


def plain(name: str) -> str:
    """A column's name in capitals without signs; STREET and STREETDESCRIPTION are one."""
    bare = re.sub(r"[^A-Z0-9]", "", name.upper())
    return {"THOROUGHFARENAME": "THOROUGHFARE", "POSTCODES": "POSTCODE"}.get(bare, bare)


def layout_of(columns: list[str]) -> Layout | None:
    """The layout that the columns have, or None. Refuses (DataUnfit) one that holds no addresses."""
    names = {plain(name) for name in columns}
    if "STREETDESCRIPTION" not in names and {"PAOTEXT", "STREET"} <= names:
        names.add("STREETDESCRIPTION")
    for layout in LAYOUTS:
        if layout.known_by <= names:
            return layout
    if "UPRN" in names and not address_lines(columns):
        _refuse_without_addresses(names)
    return None


def address_lines(columns: list[str]) -> list[str]:
    """The columns that hold an address as text, in the file's order, the postcode last."""
    single = [name for word in LINES for name in columns if plain(name) == word]
    lines = single[:1] or [name for name in columns if _NUMBERED.match(plain(name))]
    if not lines:
        return []
    after = [name for word in _AFTER_LINES for name in columns if plain(name) == word]
    if single:
        after = [name for name in after if plain(name) == "POSTCODE"]
    return [*lines, *after]


def _refuse_without_addresses(names: set[str]) -> None:
    if {"XCOORDINATE", "YCOORDINATE"} <= names or {"LATITUDE", "LONGITUDE"} <= names:
        raise DataUnfit(
            "This gazetteer has UPRNs and positions but no addresses, as OS Open UPRN has",
            where=", ".join(sorted(names)[:6]),
            remedy="Give a gazetteer with addresses: AddressBase Core, Plus or Premium, or your own.",
        )
    if "PAOTEXT" in names:
        raise DataUnfit(
            "These property identifiers name their street by USRN only",
            where="no column STREET_DESCRIPTION",
            remedy="Join the street descriptors (record 15) to the identifiers (record 24) by USRN "
            "first, and the postcode locators of the properties (record 21) by UPRN.",
        )
