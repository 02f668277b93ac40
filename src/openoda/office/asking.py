"""Asking for a permit: what is refused is in the audit log too."""

from openoda.custody.workspace import Workspace
from openoda.governance.permits import Permit, permit_to_read
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.refusals import PersonalDataNeedsAgreement


def ask_to_read(workspace: Workspace, dataset: Dataset, purpose: str) -> Permit:
    """The permit to read the dataset. A refusal is logged before it is raised."""
    try:
        return permit_to_read(dataset, purpose)
    except PersonalDataNeedsAgreement:
        detail = {"class": dataset.data_class.value, "outcome": "refused"}
        workspace.audit.record("read", dataset.name, detail, purpose)
        raise
