"""Files larger than the memory they may take: read in pieces, whatever the format."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

MIB = 1 << 20
GROWTH = 24 * MIB
READ = """
import resource, sys
from pathlib import Path
from openoda.data.intake import Dialect, Limits, open_delivery
small = Limits(block=1 << 20)
told = Dialect(positions=((1, 8), (10, 40)), format="fixed") if sys.argv[1].endswith("dat") else None
def read(name):
    with open_delivery(Path(name), dialect=told, limits=small) as delivery:
        for batch in delivery:
            pass
    return delivery.report.accepted
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
read(sys.argv[1])
before = peak()
print(read(sys.argv[2]), peak() - before)
"""


def rows(form: str, count: int) -> bytes:
    """The records of a file, over and over."""
    if form == "x.csv":
        return b"00000001,High Street in some town,2024-01-31\n" * count
    if form == "x.dat":
        return b"00000001 High Street in some town\n" * count
    record = b'{"id": "00000001", "street": "High Street in some town", "n": [1, 2]}'
    if form == "x.jsonl":
        return (record + b"\n") * count
    return b"[" + (record + b",\n") * (count - 1) + record + b"]"


def made(folder: Path, form: str, count: int) -> Path:
    """A file of a format with so many records."""
    path = folder / f"{count}-{form}"
    if form == "x.xlsx":
        row = "<row>" + '<c t="n"><v>45322</v></c>' * 8 + "</row>"
        head = "".join(f'<c t="str"><v>c{n}</v></c>' for n in range(8))
        body = f"<row>{head}</row>" + row * count
        ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        with zipfile.ZipFile(path, "w") as book:
            book.writestr(
                "xl/worksheets/sheet1.xml",
                f"<worksheet {ns}><sheetData>{body}</sheetData></worksheet>",
            )
            book.writestr(
                "xl/workbook.xml",
                f'<workbook {ns} xmlns:r="{rel}"><sheets>'
                '<sheet name="D" sheetId="1" r:id="r1"/></sheets></workbook>',
            )
            book.writestr("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" "
                          'Target="worksheets/sheet1.xml"/></Relationships>')  # fmt: skip
        return path
    header = {"x.csv": b"id,street,day\n", "x.dat": b"id       street\n"}.get(form, b"")
    encoding = "utf-16" if form == "x.csv" else "utf-8"
    content = header + rows(form, count)
    path.write_bytes(content if encoding == "utf-8" else content.decode().encode(encoding))
    return path


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read by a POSIX call")
@pytest.mark.parametrize("form", ["x.csv", "x.dat", "x.json", "x.jsonl", "x.xlsx"])
def test_a_file_larger_than_the_memory_it_may_take(tmp_path: Path, form: str) -> None:
    """Proves that reading a large file takes hardly more memory than reading a small one: each is
    well over what the process may grow by."""
    count = {"x.xlsx": 160_000, "x.dat": 1_000_000}.get(form, 500_000)
    small, large = made(tmp_path, form, 60_000), made(tmp_path, form, count)
    assert large.stat().st_size > 1.2 * GROWTH
    done = subprocess.run([sys.executable, "-c", READ, str(small), str(large)],
                          capture_output=True, text=True, check=True)  # fmt: skip
    accepted, growth = map(int, done.stdout.split())
    assert accepted == count
    assert growth < GROWTH
