"""Refusals: why the office said no, in the words of the person who asked.

One class a reason. Each carries `what` is wrong, `where`, and the `remedy`, so that a command line
can print one line of cause and one of remedy and a web page can show the same.
"""


class Refusal(Exception):
    """The office declines; nothing was changed.

    `what` is a sentence without a full stop; `where` names the file, line, column or option (may be
    empty); `remedy` says what to do next, as an order.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str) -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    @property
    def cause(self) -> str:
        """What is wrong and where, on one line."""
        text = f"{self.what} ({self.where})" if self.where else self.what
        return " ".join(text.split())

    def __str__(self) -> str:
        return f"{self.cause}. {self.remedy}"


class Misused(Refusal):
    """An option, argument or setting can't be used as given."""


class FileUnreadable(Refusal):
    """A file is absent, of an unknown format, or can't be read at all."""


class SchemaInvalid(Refusal):
    """A Table Schema, or the header of a file held against it, is wrong."""


class PersonalDataNeedsAgreement(Refusal):
    """Personal data is read only under an agreement that allows it."""


class NotPermitted(Refusal):
    """The permit held doesn't cover the act, the dataset or its class."""


class StorageUnwritable(Refusal):
    """The disk is full, failing or read-only; what was there before is whole."""


class VaultDamaged(Refusal):
    """A file of the vault is not what was written."""


class AuditUnavailable(Refusal):
    """The audit log can't be written or doesn't verify, so the read does not happen."""


class PackageInvalid(Refusal):
    """An intervention package is incomplete or wrong."""


class DataUnfit(Refusal):
    """The data can't carry the analysis asked for."""


class SourceUnavailable(Refusal):
    """A published source can't be reached, or isn't the file that was published."""
