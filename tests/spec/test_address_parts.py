"""Addresses to BS 7666 parts, one line each: what the parser promises.

The shapes follow public style guides: GeoPlace's Data Entry Conventions (SAON and PAON of flats, units,
floors, ranges, letters, names), Royal Mail's guidance on clear addressing (order of lines), the One
Scotland Gazetteer's notations for flats of a tenement, and the Post Office's counties that need no
part. Everything here is made up.
"""

import pyarrow as pa
import pytest

from openoda.data.standardise.addresses import PARTS, parse_addresses

CASES = [
    # houses
    ("12 High Street, Leeds LS1 4AB", "12|HIGH STREET|LEEDS|LS1 4AB", "paon street town postcode"),
    ("12 high st leeds", "12|HIGH STREET|LEEDS", "paon street town"),
    ("12A Mill La., Leeds", "12A|MILL LANE|LEEDS", "paon street town"),
    ("12 A Mill Lane", "12A|MILL LANE", "paon street"),
    ("34-40 Midland Rd Bedford", "34-40|MIDLAND ROAD|BEDFORD", "paon street town"),
    ("34 to 40 Midland Rd", "34-40|MIDLAND ROAD|TO", "paon street rest"),
    ("111/113 Swan St", "111-113|SWAN STREET", "paon street"),
    ("No. 7 Bath Road", "7|BATH ROAD|NO", "paon street rest"),
    ("57 N Street", "57|NORTH STREET", "paon street"),
    # saints and streets
    ("3 St Paul's Sq, Bath", "3|ST PAULS SQUARE|BATH", "paon street town"),
    ("9 Old St Marys Rd", "9|OLD ST MARYS ROAD", "paon street"),
    ("9 Church St St Albans", "9|CHURCH STREET|ST ALBANS", "paon street town"),
    ("8 Upper St, Bury St Edmunds", "8|UPPER STREET|BURY ST EDMUNDS", "paon street town"),
    # flats
    ("Flat 2 12 High St", "FLAT 2|12|HIGH STREET", "saon paon street"),
    ("12 High Street Flat 2", "FLAT 2|12|HIGH STREET", "saon paon street"),
    ("Apt. 39, 1 Dock Rd, London", "APARTMENT 39|1|DOCK ROAD|LONDON", "saon paon street town"),
    ("F 3, 9 Dock Rd", "FLAT 3|9|DOCK ROAD", "saon paon street"),
    ("2, 12 High St", "2|12|HIGH STREET", "saon paon street"),
    ("Flat A, 12-14 Dock Rd", "FLAT A|12-14|DOCK ROAD", "saon paon street"),
    ("Ground Floor Flat 12 Dock Rd", "GROUND FLOOR FLAT|12|DOCK ROAD", "saon paon street"),
    ("1st flr 12 Dock Rd", "FIRST FLOOR|12|DOCK ROAD", "saon paon street"),
    ("Basement, 12 Dock Rd", "BASEMENT|12|DOCK ROAD", "saon paon street"),
    ("Rear of 14 Market Pl", "REAR OF|14|MARKET PLACE", "saon paon street"),
    ("Units 3-4, Dock Rd", "UNITS 3-4|DOCK ROAD", "saon street"),
    ("Flat 3 Rose House 9 Dock Rd", "FLAT 3|ROSE HOUSE 9|DOCK ROAD", "saon paon street"),
    # Scottish flats
    ("12/2 Dock Road, Edinburgh", "2|12|DOCK ROAD|EDINBURGH", "saon paon street town"),
    ("2/1, 12 Dock Rd, Glasgow", "2/1|12|DOCK ROAD|GLASGOW", "saon paon street town"),
    ("1F2, 12 Dock Walk, Edinburgh", "1F2|12|DOCK WALK|EDINBURGH", "saon paon street town"),
    # names and businesses
    (
        "Rose Cottage, Church Lane, Little Ham, Fakenham",
        "ROSE COTTAGE|CHURCH LANE|LITTLE HAM|FAKENHAM",
        "paon street locality town",
    ),
    ("Acme Stores Ltd, 1 Dock Rd", "ACME STORES LIMITED|1|DOCK ROAD", "organisation paon street"),
    ("The Blue Boar 39 High St", "THE BLUE BOAR 39|HIGH STREET", "paon street"),
    ("Acme & Son Ltd 5 Dock Rd", "ACME AND SON LIMITED|5|DOCK ROAD", "organisation paon street"),
    # places
    (
        "12 Hutton Rd Shenfield Brentwood Essex",
        "12|HUTTON ROAD|SHENFIELD|BRENTWOOD|ESSEX",
        "paon street locality town county",
    ),
    ("5 Dock Rd, Anyham, UK", "5|DOCK ROAD|ANYHAM|UK", "paon street town county"),
    ("1 The Green, Anyham", "1|THE GREEN|ANYHAM", "paon street town"),
    # postcodes as they are typed
    ("1 Dock Rd LS14AB", "1|DOCK ROAD|LS1 4AB", "paon street postcode"),
    ("1 Dock Rd LSI 4AB", "1|DOCK ROAD|LSI 4AB", "paon street postcode"),
    ("1 Dock Rd, SW1A 1AA, London", "1|DOCK ROAD|LONDON|SW1A 1AA", "paon street town postcode"),
    ("1 Dock Rd, Leeds LS1", "1|DOCK ROAD|LEEDS|LS1", "paon street town postcode"),
    ("1 Dock Rd, Leeds LS1 1ST", "1|DOCK ROAD|LEEDS|LS1 1ST", "paon street town postcode"),
    ("1 Dock Rd, Leeds LS1 4A", "1|DOCK ROAD|LEEDS|LS1 4A", "paon street town postcode"),
    # slips of the keyboard
    ("Frst Floot Flat, 12 Dock Rd", "FIRST FLOOR FLAT|12|DOCK ROAD", "saon paon street"),
    ("The Old Flour Mill, Dock Rd", "THE OLD FLOUR MILL|DOCK ROAD", "paon street"),
    ("Flat2,12 high st", "FLAT 2|12|HIGH STREET", "saon paon street"),
    ("9 Manor 5treet", "9|MANOR STREET", "paon street"),
    ("9 Bedf0rd Rd", "9|BEDFORD ROAD", "paon street"),
    ("9 Café Row", "9|CAFE ROW", "paon street"),
    ("3–5 Dock Rd", "3-5|DOCK ROAD", "paon street"),
]


@pytest.mark.parametrize(("given", "values", "names"), CASES, ids=[case[0] for case in CASES])
def test_parts(given: str, values: str, names: str) -> None:
    """The address has exactly these parts, and no others."""
    expected = dict.fromkeys(PARTS) | dict(zip(names.split(), values.split("|"), strict=True))
    assert parse_addresses([pa.array([given])]).to_pylist()[0] == expected
