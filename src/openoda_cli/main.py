"""`oda`: the entry point, and what its exit codes mean.

0 done; 1 done with findings (rows quarantined, nothing releasable, a file not the same); 2 refused
or misused; 3 a fault of our own. An interrupted command ends with 130, as shells expect.
"""

import errno
import os
import sys
import traceback
from importlib.metadata import version
from typing import Annotated

import typer
from typer._click import exceptions as click

from openoda.vocabulary.refusals import Misused, Refusal
from openoda_cli import screen
from openoda_cli.commands import (
    addresses,
    custody,
    data,
    index,
    link,
    quality,
    readiness,
    runs,
    schedule,
    schemas,
    standards,
    synthetic,
)

DONE, FINDINGS, REFUSED, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

_TOO_LONG = (
    "The name of a file or folder is longer than this system allows",
    "Give it a shorter name, and name it again.",
)

app = typer.Typer(
    name="oda",
    help="Run an Office of Data Analytics: from a raw file to a worklist an officer trusts.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for module in (
    addresses,
    custody,
    data,
    index,
    link,
    quality,
    readiness,
    runs,
    schedule,
    schemas,
    standards,
    synthetic,
):
    module.add_to(app)


@app.callback(invoke_without_command=True)
def options(
    show_version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False,
) -> None:
    """Run an Office of Data Analytics: from a raw file to a worklist an officer trusts."""
    if show_version:
        screen.say(f"oda {version('openoda')}")
        raise typer.Exit


def main() -> None:
    """Run one command and leave with its code."""
    screen.show_log()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of `oda` with these arguments; errors are one line of cause, one of remedy."""
    as_json = "--json" in arguments
    try:
        _must_be_text(arguments)
        code = app(args=arguments, standalone_mode=False)
    except Refusal as refusal:
        screen.refuse(refusal.cause, refusal.remedy, as_json)
        return REFUSED
    except click.NoArgsIsHelpError as error:
        screen.say(error.format_message())
        return REFUSED
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "oda"
        screen.refuse(error.format_message(), f"See: {path} --help", as_json)
        return REFUSED
    except (KeyboardInterrupt, typer.Abort):
        screen.warn("Stopped. The workspace is as it was before the step that was stopped.")
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            screen.refuse(*_TOO_LONG, as_json)
            return REFUSED
        return _fault(error, as_json)
    return code if isinstance(code, int) else DONE


def _must_be_text(arguments: list[str]) -> None:
    """Refuse (Misused) an argument whose bytes are no text: it could be neither shown nor stored."""
    for place, argument in enumerate(arguments, 1):
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise Misused(
                "A name isn't text in this system's encoding",
                where=f"argument {place}",
                remedy="Rename the file, or write the argument in UTF-8.",
            )


def _fault(error: Exception, as_json: bool) -> int:
    """A fault of our own. The message may hold data, so only its kind and place are shown."""
    if os.environ.get("ODA_DEBUG"):
        traceback.print_exc()
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119
    screen.refuse(
        f"OpenODA itself failed ({where})",
        "Run it again with ODA_DEBUG=1 in the environment and report what it prints, without data.",
        as_json,
        key="fault",
    )
    return FAULT
