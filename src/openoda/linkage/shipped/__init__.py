"""Specs that come with OpenODA: one TOML file each, by name."""

from importlib.resources import files

from openoda.linkage.preparing import DERIVATIONS
from openoda.linkage.spec.model import Spec
from openoda.linkage.spec.reading import spec_from


def shipped_names() -> tuple[str, ...]:
    """The names of the shipped specs, in order."""
    return tuple(sorted(each.name.removesuffix(".toml") for each in files(__name__).iterdir()
                        if each.name.endswith(".toml")))  # fmt: skip


def shipped_text(name: str) -> str:
    """The TOML of a shipped spec, as it stands. `name`: one of `shipped_names`."""
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")


def shipped_spec(name: str) -> Spec:
    """A shipped spec. `name`: one of `shipped_names`."""
    return spec_from(shipped_text(name), f"{name}.toml", DERIVATIONS)
