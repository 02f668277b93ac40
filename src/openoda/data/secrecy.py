"""What must not be shown or kept: passwords, and addresses without theirs."""

import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from openoda.vocabulary.refusals import Misused

HIDDEN = "***"
_TELLING = re.compile(
    r"pass|pwd|secret|token|key|sig|auth|cred|jwt|session|sas|\bse\b|\bsp\b|\bsv\b", re.IGNORECASE
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_VARIABLES_ALONE = re.compile(r"(?:\$\{[A-Za-z_][A-Za-z0-9_]*\})+")


@dataclass(frozen=True)
class Secret:
    """A text that shows itself to nobody who doesn't ask by name; empty where there is none."""

    _text: str = ""

    def reveal(self) -> str:
        """The text, for the driver that needs it and for nobody else."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return HIDDEN if self._text else "nothing"

    __str__ = __repr__


def shown_url(url: str) -> str:
    """The address without user's password and without the values of telling parameters.

    A value that is only `${NAME}` is no secret and stays. Raises Misused for what is no address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise unclear_url() from None
    if "@" in parts.path or "@" in parts.fragment or "@" in (parts.netloc.rpartition("@")[0]):
        raise unclear_url()
    if ":" in host:
        host = f"[{host}]"
    user = f"{parts.username}@" if parts.username else ""
    where = host + (f":{port}" if port else "")
    pairs = [
        f"{name}={HIDDEN if _hides(name, value) else value}"
        for name, value in (pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    ]
    asked = f"?{'&'.join(pairs)}" if pairs else ""
    return f"{parts.scheme}://{user}{where}{parts.path}{asked}"


def holds_secret(url: str) -> bool:
    """Whether a password or a telling parameter's value stands in the address itself."""
    parts = urlsplit(url)
    if parts.password and not _VARIABLES_ALONE.fullmatch(unquote(parts.password)):
        return True
    pairs = parse_qsl(parts.query, keep_blank_values=False)
    return any(_hides(name, value) for name, value in pairs)


def _hides(name: str, value: str) -> bool:
    named = bool(_TELLING.search(unquote(name)))
    return named and bool(value) and not _VARIABLES_ALONE.fullmatch(unquote(value))


def filled_in(url: str) -> str:
    """The address with each `${NAME}` taken from the environment. Raises Misused where one isn't set."""
    missing = [name for name in _VARIABLE.findall(url) if not os.environ.get(name)]
    if missing:
        raise Misused(
            f"The address names {', '.join(missing)}, which the environment doesn't hold",
            where=shown_url(url),
            remedy=f"Set {missing[0]} in the environment of this command, and run it again.",
        )
    return _VARIABLE.sub(lambda found: quote(os.environ[found[1]], safe=""), url)


def unclear_url() -> Misused:
    """The refusal of an address that can't be taken apart; nothing of it is quoted."""
    return Misused(
        "The address can't be taken apart: a character in its user name or password has a meaning "
        "of its own there",
        remedy="Leave the password out of it (see ODA_PASSWORD), and write / as %2F, @ as %40, "
        "# as %23 and ? as %3F.",
    )
