"""Write the hashes that a version of the synthetic city must keep.

    python -m tests.golden.city.pin

Run it once for a new version of the generator (`VERSION` in `data/synthetic/city/scale.py`): figures
quote the version, so what a version gives never changes.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from openoda.data.synthetic.city.folder import make_in_folder
from openoda.data.synthetic.city.scale import LEAST_PEOPLE, VERSION

SEED = 1


def pin_file(version: str = VERSION) -> Path:
    """Where the hashes of a version are kept."""
    return Path(__file__).with_name(f"{version}.json")


def pinned(manifest: dict[str, Any]) -> dict[str, Any]:
    """What of a manifest is pinned: all but what it was written with where files are concerned."""
    return {
        **{key: manifest[key] for key in ("generator", "people", "seed", "as_at", "written_by")},
        "tables": {
            entry["table"]: {key: entry[key] for key in ("rows", "content_sha256", "sha256")}
            for entry in manifest["tables"]
        },
    }


def main() -> int:
    """Write the file of this version, unless it is there."""
    if pin_file().exists():
        print(f"{pin_file().name} is there: a version's hashes never change. Give a new VERSION.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        manifest = make_in_folder(LEAST_PEOPLE, SEED, Path(folder) / "city")
    text = json.dumps(pinned(manifest), indent=1) + "\n"
    pin_file().write_text(text, encoding="utf-8", newline="\n")
    print(f"Wrote {pin_file().name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
