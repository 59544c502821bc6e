"""One table of settings -> one frozen ``Settings``: flag > environment > graphmap.toml > default, each with its origin."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphmap.errors import ConfigError

Value = str | int | float | bool | None


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError("must be text")  # noqa: TRY004  # the caller turns any wrong value into one error
    return raw


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError("must be a number")  # noqa: TRY004
    return float(raw)


def _whole(raw: object) -> int:
    number = _number(raw)
    if number != int(number):
        raise ValueError("must be a whole number")
    return int(number)


def _optional_number(raw: object) -> float | None:
    return None if raw in ("", None) else _number(raw)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its dotted name, its default, what it does, how text becomes a value and what a value must satisfy."""

    name: str
    default: Value
    about: str
    parse: Callable[[object], Value]
    check: Callable[[Value], bool] = lambda _value: True
    must: str = ""
    secret: bool = False

    @property
    def environment(self) -> str:
        """The environment variable: ``scoring.baseline`` is ``GRAPHMAP_SCORING_BASELINE``."""
        return "GRAPHMAP_" + self.name.replace(".", "_").upper()


def _positive(value: Value) -> bool:
    return isinstance(value, int | float) and value > 0


def _not_negative(value: Value) -> bool:
    return value is None or (isinstance(value, int | float) and value >= 0)


def _positive_or_none(value: Value) -> bool:
    return value is None or _positive(value)


def _positive_to_thousand(value: Value) -> bool:
    return isinstance(value, int | float) and 0 < value <= 1000


def _unit(value: Value) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _percent(value: Value) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 100


def _weight(name: str, default: float, about: str) -> Setting:
    return Setting(f"scoring.{name}", default, about, _number, _not_negative, "must be 0 or more")


def _loss(name: str, default: float) -> Setting:
    return Setting(
        f"planning.loss_{name}",
        default,
        f"loss ceiling: the part of an account's value taken to hang on its people, {name}",
        _number,
        _unit,
        "must be 0 to 1",
    )


def _authority(name: str, default: float, about: str) -> Setting:
    return Setting(f"scoring.{name}", default, about, _number, _positive, "must be above 0")


SETTINGS: tuple[Setting, ...] = (
    Setting("home", "", "the folder that holds everything of the embedded default", _text),
    Setting("store", "embedded:", "embedded: or bolt://, neo4j://, neo4j+s://host:port", _text),
    Setting("store.user", "neo4j", "user of the graph database", _text),
    Setting("store.password", "", "password of the graph database", _text, secret=True),
    Setting("store.database", "neo4j", "database name on the server", _text),
    Setting(
        "store.reader_user", "", "a read-only user for the analyst door, where the server has one", _text
    ),
    Setting("store.reader_password", "", "password of the read-only user", _text, secret=True),
    Setting("target.user", "neo4j", "store copy: user of the target", _text),
    Setting("target.password", "", "store copy: password of the target", _text, secret=True),
    Setting("target.database", "neo4j", "store copy: database name of the target", _text),
    Setting("store.heap", "2g", "memory of the embedded server", _text),
    Setting(
        "store.idle_seconds",
        600,
        "the embedded server leaves after so long without a client",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting("import.own_domains", "", "our own mail domains, separated by commas", _text),
    Setting(
        "import.tz", "", "time zone of times without an offset (IANA name); empty = UTC with a warning", _text
    ),
    Setting("import.batch", 5000, "records in one transaction", _whole, _positive, "must be above 0"),
    Setting(
        "import.max_loss",
        30.0,
        "per cent of the known rows of a kind that may be missing in a full export before somebody is asked",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "import.most_recipients",
        50,
        "a mail or meeting with more addresses that are not ours is mass mail and left out",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "import.max_rejects",
        20.0,
        "per cent of records that may be set aside",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "scoring.baseline",
        None,
        "s0, loyalty that nobody carries; empty = computed once and kept",
        _optional_number,
        _not_negative,
        "must be 0 or more",
    ),
    Setting(
        "scoring.half_life_days",
        180.0,
        "age at which a touch counts half",
        _number,
        _positive,
        "must be above 0",
    ),
    Setting(
        "scoring.look_back_half_lives",
        6.0,
        "older touches count nothing",
        _number,
        _positive,
        "must be above 0",
    ),
    Setting(
        "scoring.reciprocity",
        0.8,
        "lambda: how much an answer counts against a one-way mail",
        _number,
        _unit,
        "must be 0 to 1",
    ),
    Setting(
        "scoring.vote_exponent",
        0.5,
        "beta: 1 = votes by volume, 0 = one contact one vote",
        _number,
        _unit,
        "must be 0 to 1",
    ),
    _weight("weight_email", 1.0, "weight of an email"),
    _weight("weight_message", 1.0, "weight of a message"),
    _weight("weight_call", 2.0, "weight of a call"),
    _weight("weight_meeting", 3.0, "weight of a meeting"),
    _weight("weight_order", 2.0, "weight of an order taken by a named rep"),
    _weight("weight_firm", 3.0, "weight of what the firm itself does alone (portal, shared mailbox)"),
    Setting("scoring.cc_factor", 0.3, "role factor of somebody in cc", _number, _positive, "must be above 0"),
    _authority("authority_user", 1.0, "vote factor of seniority 0"),
    _authority("authority_manager", 2.0, "vote factor of seniority 1"),
    _authority("authority_director", 3.0, "vote factor of seniority 2"),
    _authority("authority_executive", 5.0, "vote factor of seniority 3"),
    _authority("authority_unknown", 1.5, "vote factor of unknown seniority"),
    Setting(
        "scoring.max_contacts",
        50,
        "interactions with more of their people are mass mail",
        _whole,
        _positive_to_thousand,
        "must be 1 to 1000",
    ),
    Setting(
        "scoring.active_strength",
        0.5,
        "tau: a tie of at least this strength is active",
        _number,
        _positive,
        "must be above 0",
    ),
    Setting(
        "scoring.min_sample",
        8.0,
        "below this effective sample the dependence is unknown",
        _number,
        _not_negative,
        "must be 0 or more",
    ),
    Setting(
        "scoring.max_width",
        50.0,
        "a wider interval (points) means unknown",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.critical",
        80.0,
        "single_threaded_us: dependence from which it is critical",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.high",
        60.0,
        "single_threaded_us: dependence from which it is high",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.watch",
        40.0,
        "single_threaded_us: dependence from which it is watched",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.critical_lower",
        60.0,
        "single_threaded_us: lower bound needed for critical",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.high_lower",
        45.0,
        "single_threaded_us: lower bound needed for high",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.contact_high",
        80.0,
        "single_threaded_them: contact dependence from which it is high",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.contact_watch",
        60.0,
        "single_threaded_them: contact dependence from which it is watched",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.owner_ratio",
        0.5,
        "owner_mismatch: owner's share below this part of the top rep's",
        _number,
        _unit,
        "must be 0 to 1",
    ),
    Setting(
        "findings.dormant_days",
        60,
        "dormant: at least so many days without a two-way touch",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "findings.dormant_gaps",
        3.0,
        "dormant: and so many times the median gap",
        _number,
        _positive,
        "must be above 0",
    ),
    Setting(
        "findings.dormant_high_days",
        180,
        "dormant: high from so many days",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "findings.one_way_mails",
        5,
        "one_way: outbound mails in the window",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting("findings.one_way_days", 90, "one_way: the window in days", _whole, _positive, "must be above 0"),
    Setting(
        "findings.one_way_reciprocity",
        0.1,
        "one_way: reciprocity below this",
        _number,
        _unit,
        "must be 0 to 1",
    ),
    Setting(
        "findings.ready",
        70.0,
        "handover_ready: per cent of the top rep's part whose contacts somebody else knows actively",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.ready_days",
        45,
        "handover_ready: days since the successor's last two-way touch, at most",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "findings.gap",
        30.0,
        "handover_gap: that per cent or less",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.gap_dependence",
        60.0,
        "handover_gap: dependence from which it counts",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.left_days",
        180,
        "key_contact_left, rep_left_orphan: left within so many days",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "findings.left_vote",
        30.0,
        "key_contact_left: vote just before, in per cent",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.left_share",
        40.0,
        "rep_left_orphan: share just before, in per cent",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "findings.left_gain",
        0.5,
        "rep_left_orphan: somebody has gained this part of it since",
        _number,
        _unit,
        "must be 0 to 1",
    ),
    Setting(
        "findings.concentrating",
        15.0,
        "concentrating: points gained within 90 days",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "lifecycle.silent_days",
        180,
        "who took part before and has not for more than so many days is asked about: are they still there",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "lifecycle.answers",
        3,
        "silence counts from whoever answered or took part at least so often before",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting(
        "scale.workers",
        2,
        "engine dask: local worker processes",
        _whole,
        _positive,
        "must be above 0",
    ),
    Setting("scale.scheduler", "", "engine dask: address of a Dask scheduler; empty = local workers", _text),
    Setting(
        "scale.folder",
        "",
        "engine dask: folder for account shards that all workers see; empty = a temporary folder",
        _text,
    ),
    _loss("low", 0.15),
    _loss("middle", 0.30),
    _loss("high", 0.50),
    Setting(
        "planning.notice_days",
        30,
        "days between the data and the last day of whoever leaves, where no date is given",
        _whole,
        _not_negative,
        "must be 0 or more",
    ),
    Setting(
        "planning.similarity",
        0.5,
        "a successor without a tie shares at least this part of industry, segment, department and seniority",
        _number,
        _unit,
        "must be 0 to 1",
    ),
    Setting(
        "planning.limit",
        60.0,
        "coverage planner: the dependence to come below",
        _number,
        _percent,
        "must be 0 to 100",
    ),
    Setting(
        "planning.introduction_strength",
        None,
        "strength of a tie that an introduction becomes; empty = the account's median active strength",
        _number,
        _positive_or_none,
        "must be above 0",
    ),
    Setting(
        "privacy.suppression_key",
        "",
        "the key that keeps forgotten people out; empty = suppression.key in the home folder",
        _text,
        secret=True,
    ),
    Setting(
        "query.seconds", 5.0, "time limit of an analyst's statement", _number, _positive, "must be above 0"
    ),
    Setting("query.rows", 1000, "row limit of an analyst's statement", _whole, _positive, "must be above 0"),
    Setting("site.host", "127.0.0.1", "address the site listens on", _text),
    Setting(
        "site.port", 8750, "port of the site; 0 = any free one", _whole, _not_negative, "must be 0 or more"
    ),
)
"""Every setting there is. ``graphmap config`` prints them; docs/operating.md lists them."""

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting's value and where it came from (``default``, ``graphmap.toml``, ``environment``, ``flag``)."""

    setting: Setting
    value: Value
    origin: str

    @property
    def shown(self) -> str:
        """The value as printed; a secret never is."""
        if self.setting.secret:
            return "***" if self.value else ""
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Settings:
    """All settings of one process, frozen.

    >>> settings = Settings.load(flags={"scoring.baseline": "0.5"}, environment={"GRAPHMAP_HOME": "/tmp/x"})
    >>> settings.number("scoring.baseline"), settings.home.name, settings.chosen["scoring.baseline"].origin
    (0.5, 'x', 'flag')
    """

    chosen: Mapping[str, Chosen]

    @classmethod
    def load(
        cls,
        flags: Mapping[str, Value] | None = None,
        environment: Mapping[str, str] | None = None,
        config_file: Path | None = None,
    ) -> Settings:
        """Reads all four places; a ConfigError names the setting, the place and what it must be."""
        env = os.environ if environment is None else environment
        given = {name: value for name, value in (flags or {}).items() if value is not None}
        home = str(given.get("home") or env.get("GRAPHMAP_HOME") or "")
        file = config_file or (Path(home or default_home()) / "graphmap.toml")
        if config_file is not None and not config_file.is_file():
            raise ConfigError(
                "there is no such file", file=str(config_file), remedy="give the path of a graphmap.toml"
            )
        from_file = _read_toml(file) if file.is_file() else {}
        chosen: dict[str, Chosen] = {}
        for setting in SETTINGS:
            raw: object = setting.default
            origin = "default"
            if setting.name in from_file:
                raw, origin = from_file[setting.name], str(file)
            if setting.environment in env:
                raw, origin = env[setting.environment], f"environment {setting.environment}"
            if setting.name in given:
                raw, origin = given[setting.name], "flag"
            chosen[setting.name] = Chosen(setting, _value(setting, raw, origin), origin)
        return cls(chosen)

    def trying(self, values: Mapping[str, object]) -> Settings:
        """The same settings with some others in their place, checked like any.

        Raises:
            ConfigError: there is no such setting, or its value is not what it must be.

        >>> Settings.load(environment={}).trying({"scoring.half_life_days": "90"}).number("scoring.half_life_days")
        90.0
        """
        chosen = dict(self.chosen)
        for name, raw in values.items():
            if name not in BY_NAME:
                raise ConfigError(f"unknown setting {name}", remedy="see graphmap config for the names")
            chosen[name] = Chosen(BY_NAME[name], _value(BY_NAME[name], raw, "tried"), "tried")
        return Settings(chosen)

    def __getitem__(self, name: str) -> Value:
        return self.chosen[name].value

    def text(self, name: str) -> str:
        """A setting as text; empty where unset."""
        value = self[name]
        return "" if value is None else str(value)

    def number(self, name: str) -> float:
        """A setting as a float."""
        value = self[name]
        if not isinstance(value, int | float):
            raise ConfigError(f"{name} is not set", remedy=f"set {BY_NAME[name].environment}")
        return float(value)

    def whole(self, name: str) -> int:
        """A setting as an int."""
        return int(self.number(name))

    @property
    def home(self) -> Path:
        """The home folder: the setting, else the platform's user data folder."""
        return Path(self.text("home") or default_home()).expanduser()


def default_home() -> str:
    """The platform's user data folder for graphmap."""
    import platformdirs

    return platformdirs.user_data_dir("graphmap", appauthor=False)


def _value(setting: Setting, raw: object, origin: str) -> Value:
    if raw is None or raw == setting.default:
        return setting.default
    try:
        value = setting.parse(raw)
    except ValueError as reason:
        shown = "***" if setting.secret else repr(raw)
        must = "must be a number" if setting.parse is not _text else str(reason)
        raise ConfigError(
            f"{setting.name} = {shown} ({origin}) {must}", remedy=f"correct it: {setting.about}"
        ) from None
    if not setting.check(value):
        raise ConfigError(
            f"{setting.name} = {raw!r} ({origin}) {setting.must}", remedy=f"correct it: {setting.about}"
        )
    return value


def _read_toml(file: Path) -> dict[str, object]:
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise ConfigError(f"not valid TOML: {reason}", file=str(file), remedy="correct the file") from None
    flat: dict[str, object] = {}

    def walk(branch: Mapping[str, object], prefix: str) -> None:
        for key, value in branch.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict):
                walk(value, f"{name}.")
            else:
                flat[name] = value

    walk(tree, "")
    # `store = "bolt://..."` and a table [store] cannot stand together in TOML: the address may be store.uri there.
    if "store.uri" in flat:
        flat["store"] = flat.pop("store.uri")
    unknown = sorted(set(flat) - set(BY_NAME))
    if unknown:
        raise ConfigError(
            f"unknown setting {unknown[0]}", file=str(file), remedy="see graphmap config for the names"
        )
    return flat
