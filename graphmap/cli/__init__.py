"""The command line: the one place where settings, store, importers, services and the site are put together.

Exit codes: 0 fine, 1 finished but something was set aside or refused, 2 wrong use or wrong input (nothing written),
3 internal error, 4 interrupted and resumable.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from graphmap.cli import (
    accounts,
    analyst,
    decisions,
    demo,
    departures,
    exports,
    forgetting,
    history,
    identities,
    imports,
    paths,
    people,
    planning,
    plans,
    quarantine,
    runs,
    site,
    stores,
    trust,
)
from graphmap.errors import GraphmapError
from graphmap.interrupts import is_interruption

INTERNAL, INTERRUPTED, WRONG_USE = 3, 4, 2


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: graphmap demo   (a sample company; needs nothing else)",
)
@click.version_option(package_name="graphmap-crm", prog_name="graphmap")
def cli() -> None:
    """How much every customer account depends on a single person of ours, and what to do about it."""


for command in (
    demo.demo,
    imports.import_command,
    imports.importers,
    runs.runs_group,
    quarantine.quarantine,
    accounts.score,
    accounts.accounts,
    accounts.account,
    accounts.group,
    accounts.served,
    departures.simulate,
    plans.plan,
    planning.cover,
    paths.path,
    paths.doors,
    history.compare,
    trust.backtest,
    trust.stability_command,
    trust.tune,
    history.trend,
    planning.exposure,
    decisions.decide,
    people.person,
    forgetting.forget,
    identities.identity,
    analyst.query,
    exports.export,
    stores.store,
    stores.config,
    site.serve_command,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: list[str]) -> int:
    """Runs the command line and returns the exit code; talk and errors go to stderr."""
    as_json = "--json" in arguments
    try:
        code = cli.main(args=arguments, prog_name="graphmap", standalone_mode=False)
    except GraphmapError as error:
        _say(error.as_json(), f"graphmap: {error}", as_json=as_json)
        return error.exit_code
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        known: dict[str, object] = {
            "code": "usage",
            "message": error.format_message(),
            "file": None,
            "line": None,
            "column": None,
            "remedy": "see --help",
        }
        if as_json:
            _say(known, "", as_json=True)
        else:
            error.show()
        return WRONG_USE
    except (KeyboardInterrupt, click.Abort):
        return _interrupted(as_json=as_json)
    except BrokenPipeError:
        return 0
    except OSError as error:
        if is_interruption(error):
            return _interrupted(as_json=as_json)
        file = None if error.filename is None else str(error.filename)
        message, remedy = (
            error.strerror or str(error),
            "mend that (space, permission), then run the command again",
        )
        known = {
            "code": "system",
            "message": message,
            "file": file,
            "line": None,
            "column": None,
            "remedy": remedy,
        }
        where = "" if file is None else f"{file}: "
        _say(known, f"graphmap: {where}{message}. Remedy: {remedy}", as_json=as_json)
        return WRONG_USE
    except Exception as error:  # the last line of defence: a bug is shown as one, with its trace
        if is_interruption(error):
            return _interrupted(as_json=as_json)
        if as_json:
            internal = {
                "code": "internal",
                "message": f"{type(error).__name__}: {error}",
                "file": None,
                "line": None,
                "column": None,
            }
            _say({**internal, "remedy": "please report this"}, "", as_json=True)
        else:
            import traceback

            traceback.print_exc()
            click.echo("graphmap: this is a fault of the program; please report it", err=True)
        return INTERNAL
    return code if isinstance(code, int) else 0


def _interrupted(*, as_json: bool) -> int:
    known: dict[str, object] = {
        "code": "interrupted",
        "message": "interrupted",
        "file": None,
        "line": None,
        "column": None,
        "remedy": "run it again",
    }
    _say(known, "graphmap: interrupted", as_json=as_json)
    return INTERRUPTED


def _say(known: dict[str, object], text: str, *, as_json: bool) -> None:
    click.echo(json.dumps({"error": known}, ensure_ascii=False) if as_json else text, err=True)
