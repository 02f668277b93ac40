"""The files of a profile, in memory: a function of its document and its JSON."""

from typing import Any

from openoda.rendering import machine
from openoda.rendering.profile_documents import ProfileDocument
from openoda.rendering.profile_files import issues_csv, issues_xlsx
from openoda.rendering.profile_pages import issues_html, profile_html


def files_of(document: ProfileDocument, answer: dict[str, Any]) -> dict[str, bytes]:
    """Every file of the profile, by name."""
    return {
        "profile.html": profile_html(document).encode(),
        "profile.json": machine.as_json(answer, indent=2).encode() + b"\n",
        "issues.html": issues_html(document).encode(),
        "issues.csv": issues_csv(document),
        "issues.xlsx": issues_xlsx(document),
    }
