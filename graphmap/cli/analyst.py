"""``graphmap query``: the read-only analyst door."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from graphmap.cli.context import answering, as_json, common, print_json, print_table, say, settings_of


@click.command()
@click.argument("name", required=False)
@click.option("--list", "list_", is_flag=True, help="The ready questions with their parameters.")
@click.option(
    "-p", "--parameter", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of the question."
)
@click.option("--cypher", help="Your own read-only statement.")
@click.option("--csv", "csv_", is_flag=True, help="CSV on stdout.")
@as_json
@common
def query(
    name: str | None, list_: bool, parameters: tuple[str, ...], cypher: str | None, csv_: bool, json_: bool,
    home: Path | None, store_uri: str | None, config_file: Path | None,
) -> None:  # fmt: skip
    """Ask the graph: a ready question by NAME, or read-only Cypher.

    Example: graphmap query single_thread_accounts --csv
    """
    from graphmap.services.plain import defused
    from graphmap.services.values import LOCAL_ADMIN

    if list_:
        _list(json_=json_)
        return
    if (name is None) == (cypher is None):
        raise click.UsageError(
            "give the name of a ready question or --cypher TEXT; --list shows the questions"
        )
    pairs = [p.partition("=") for p in parameters]
    if any(not separator for _, separator, _ in pairs):
        raise click.UsageError("a parameter is written KEY=VALUE")
    with answering(settings_of(home, store_uri, config_file)) as services:
        if cypher is not None:
            answer = services.run_cypher(LOCAL_ADMIN, cypher)
        else:
            answer = services.run_query(LOCAL_ADMIN, str(name), {key: value for key, _, value in pairs})
    if json_:
        print_json(
            {
                "columns": list(answer.columns),
                "rows": [list(row) for row in answer.rows],
                "truncated": answer.truncated,
                "elapsed_ms": answer.elapsed_ms,
            }
        )
    elif csv_:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([defused(cell) for cell in row] for row in answer.rows)
        click.echo(text.getvalue(), nl=False)
    else:
        print_table(f"{len(answer.rows)} rows in {answer.elapsed_ms} ms", answer.columns, answer.rows)
    if answer.truncated:
        say(f"only the first {len(answer.rows)} rows: the limit query.rows cut the rest")


def _list(*, json_: bool) -> None:
    from graphmap.store.library import named_queries

    known = named_queries()
    if json_:
        print_json(
            [
                {
                    "name": q.name, "question": q.question, "columns": list(q.columns),
                    "parameters": [{"name": p.name, "about": p.about, "default": p.default} for p in q.parameters],
                }
                for q in known
            ]
        )  # fmt: skip
        return
    rows = [(q.name, q.question, ", ".join(p.name for p in q.parameters)) for q in known]
    print_table("ready questions", ("name", "question", "parameters"), rows)
