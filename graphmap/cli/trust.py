"""``graphmap backtest``, ``stability`` and ``tune``: how far the number can be trusted, and what other weights would change."""

from __future__ import annotations

from pathlib import Path

import click

from graphmap.cli.context import answering, as_json, common, print_json, print_table, say, settings_of
from graphmap.config import Settings
from graphmap.errors import ConfigError


@click.command()
@as_json
@common
def backtest(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """How well the number did on the departures the records hold, with sample sizes; too few is said.

    Example: graphmap backtest
    """
    from graphmap.services.plain import backtest_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.back_test(LOCAL_ADMIN)
    if json_:
        print_json(backtest_json(page))
        return
    found, verdict = page.found, page.found.verdict
    click.echo(page.sentence)
    click.echo(
        f"departures looked at: {found.departures}; accounts: {len(found.cases)}, lost: {found.lost} (measured by {found.measure}: "
        f"the year after brought at most half of the year before); departures without a year after or enough before: {found.too_short}"
    )
    if verdict is None:
        return
    precision = "nobody held 60 %" if verdict.precision is None else f"{100 * verdict.precision:.0f} %"
    print_table(
        "the leaver's part, against the plain share",
        ("figure", "value"),
        [
            ("AUC of the number", f"{100 * verdict.auc:.1f} %"),
            ("AUC of the plain share", f"{100 * verdict.auc_plain:.1f} %"),
            ("accounts of which the leaver held 60 % or more", verdict.flagged),
            ("of those lost (precision)", precision),
            ("of the lost ones among those (recall)", f"{100 * verdict.recall:.0f} %"),
            ("rank correlation with the loss beyond the usual", f"{verdict.rank:.2f}"),
            ("loss that went along with a whole share", f"{100 * verdict.ceiling:.0f} %"),
        ],
    )


@click.command(name="stability")
@as_json
@common
def stability_command(
    json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """Every weight a quarter less and a quarter more: does the order of accounts stay, and which flags change?

    Example: graphmap stability
    """
    from graphmap.services.plain import stability_json
    from graphmap.services.values import LOCAL_ADMIN

    with answering(settings_of(home, store_uri, config_file)) as services:
        page = services.stability(LOCAL_ADMIN)
    if json_:
        print_json(stability_json(page))
        return
    click.echo(page.sentence)
    rows = [
        (
            s.weight,
            f"{s.value:g}",
            s.accounts,
            "-" if s.tau is None else f"{s.tau:.3f}",
            s.moved,
            s.flagged,
            s.most,
        )
        for s in page.shifts
    ]
    columns = ("weight", "value", "accounts", "tau", "other band", "other flag", "largest change")
    print_table("weights times 0.75 and 1.25", columns, rows)


@click.command()
@click.argument("values", nargs=-1, metavar="[SETTING=VALUE]...")
@click.option("--preset", help="A set of weights by name (graphmap tune --list).")
@click.option("--list", "listing", is_flag=True, help="The presets and what they set.")
@click.option("--save", is_flag=True, help="Write the values into graphmap.toml of the home folder.")
@as_json
@common
def tune(
    values: tuple[str, ...], preset: str | None, listing: bool, save: bool, json_: bool, home: Path | None, store_uri: str | None,
    config_file: Path | None,
) -> None:  # fmt: skip
    """What other weights or limits would change, account by account, before anything is saved.

    Example: graphmap tune --preset fast-moving scoring.weight_meeting=4
    """
    from graphmap.scoring.presets import PRESETS
    from graphmap.services.plain import tuning_json
    from graphmap.services.trust import tuning_values
    from graphmap.services.values import LOCAL_ADMIN

    if listing:
        if json_:
            print_json([{"name": p.name, "about": p.about, "values": dict(p.values)} for p in PRESETS])
            return
        rows = [(p.name, p.about, " ".join(f"{k}={v:g}" for k, v in p.values.items())) for p in PRESETS]
        print_table("presets", ("name", "for", "values"), rows)
        return
    asked = tuning_values(preset, dict(_pair(value) for value in values))
    if not asked:
        raise ConfigError(
            "nothing to try", remedy="name a preset or a setting: graphmap tune scoring.half_life_days=90"
        )
    settings = settings_of(home, store_uri, config_file)
    with answering(settings) as services:
        page = services.tuning(LOCAL_ADMIN, asked)
    if save:
        file = _save(settings, config_file, page.values)
        say(f"written to {file}; graphmap score --recalibrate makes the numbers with it")
    if json_:
        print_json(tuning_json(page))
        return
    rows = [
        (
            one.account.name, one.before.dependence, one.after.dependence, one.before.band or one.before.status,
            one.after.band or one.after.status, ", ".join(one.new), ", ".join(one.resolved),
        )
        for one in page.accounts
    ]  # fmt: skip
    tried = ", ".join(f"{name} = {value}" for name, value in page.values.items()) or "what is set already"
    columns = ("account", "dependence", "then", "band", "then", "new flags", "flags gone")
    print_table(f"{len(rows)} accounts change with {tried}", columns, rows)
    if not save:
        click.echo("Nothing was saved; --save writes it into graphmap.toml.")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ConfigError(f'"{text}" is not SETTING=VALUE', remedy="write scoring.half_life_days=90")
    return name.strip(), value.strip()


def _save(settings: Settings, config_file: Path | None, values: object) -> Path:
    """Writes the values into the settings' file and keeps its comments and order."""
    import tomlkit

    file = config_file or settings.home / "graphmap.toml"
    document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.is_file() else tomlkit.document()
    assert isinstance(values, dict)
    for name, value in values.items():
        *tables, last = name.split(".")
        place = document
        for table in tables:
            place = place.setdefault(table, tomlkit.table())
        place[last] = value
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".new")
    beside.write_text(tomlkit.dumps(document), encoding="utf-8")
    beside.replace(file)
    return file
