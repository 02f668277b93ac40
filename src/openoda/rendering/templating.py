"""The one environment that every page is rendered in: text escaped, nothing undefined passed over."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from openoda.rendering import wording
from openoda.rendering.documents import Metric, OrderRole


def template(name: str) -> Template:
    """A template by its file's name; `say` words figures, `Metric` and `OrderRole` are the enums."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("openoda.rendering", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update({"say": wording, "Metric": Metric, "OrderRole": OrderRole})
    return environment
