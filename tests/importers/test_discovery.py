from __future__ import annotations

import importlib
import itertools

import pytest

from graphmap.errors import ConfigError, ImporterError
from graphmap.ingest.discovery import choose, find_importers
from graphmap.ingest.protocol import API, Options, Probe

COUNT = itertools.count()
PLUGIN = """
from graphmap.ingest.protocol import Match

class Plugin:
    api, name, version, files = {api}, "{name}", 3, "files of {name}"
    def identify(self, probe, options):
        {identify}
    def plan(self, sources, options): return []
    def read(self, part, options): return iter(())
    def convert(self, raw, part, options): return ()
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with one importer on the path, as an installer would."""
    monkeypatch.syspath_prepend(tmp_path)

    def go(name, code, target="Plugin"):
        module = f"fake_{name}_{next(COUNT)}"  # modules stay loaded between tests
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[graphmap.importers]\n{name} = {module}:{target}\n")
        importlib.invalidate_caches()

    return go


def plugin(name, identify="return None", api=API):
    return PLUGIN.format(name=name, identify=identify, api=api)


def found(name):
    (one,) = [one for one in find_importers() if one.name == name]
    return one


def test_a_plugin_is_found_with_its_distribution(install):
    install("fine", plugin("fine"))
    one = found("fine")
    assert (one.version, one.files, one.distribution, one.error) == (3, "files of fine", "dist-fine", None)


@pytest.mark.parametrize(
    ("code", "target", "reason"),
    [
        (
            "import nothing_of_that_name",
            "Plugin",
            "ModuleNotFoundError: No module named 'nothing_of_that_name'",
        ),
        ("x = (", "Plugin", "SyntaxError"),
        ("raise SystemExit(3)", "Plugin", "SystemExit: 3"),
        (plugin("broken"), "Missing", "AttributeError"),
        ("class Plugin:\n    def __init__(self): raise ValueError('no')", "Plugin", "ValueError: no"),
        (plugin("broken", api=99), "Plugin", "version 99 of the importer protocol"),
        (
            f"class Plugin:\n    api = {API}",
            "Plugin",
            "lacks name, version, files, identify, plan, read, convert",
        ),
    ],
)
def test_a_broken_plugin_is_listed_with_its_reason_and_stops_nobody(install, code, target, reason):
    install("broken", code, target)
    install("fine", plugin("fine", 'return Match(0.5, "fine")'))
    one = found("broken")
    assert one.importer is None
    assert reason in one.error
    assert one.distribution == "dist-broken"
    choice = choose(Probe("x.foo", b""), Options())
    assert choice.importer.name == "fine"
    with pytest.raises(ImporterError, match="cannot be used"):
        choose(Probe("x.foo", b""), Options(), named="broken")


def test_a_name_that_is_taken_twice_stays_with_the_first(install):
    install("one", plugin("same"))
    install("two", plugin("same"))
    same = [one for one in find_importers() if one.distribution in {"dist-one", "dist-two"}]
    assert [one.error for one in same] == [None, 'the name "same" is taken by dist-one']


def test_the_surest_wins_and_a_tie_names_both(install):
    install("weak", plugin("weak", 'return Match(0.2, "weak")'))
    install("sure", plugin("sure", 'return Match(0.7, "sure")'))
    install("none", plugin("none"))
    install("crash", plugin("crash", "raise RuntimeError('secret')"))
    probe = Probe("x.foo", b"")
    assert choose(probe, Options()).match.label == "sure"
    assert choose(probe, Options(), named="weak").match.label == "weak"
    assert choose(probe, Options(), named="none") is None
    install("also", plugin("also", 'return Match(0.7, "also")'))
    with pytest.raises(ImporterError, match="also and sure both claim this file") as caught:
        choose(probe, Options())
    assert caught.value.file == "x.foo"
    assert "--as also" in caught.value.remedy


def test_an_unknown_name_lists_those_there_are(install):
    install("fine", plugin("fine"))
    with pytest.raises(ImporterError, match='no importer "nope"') as caught:
        choose(Probe("x", b""), Options(), named="nope")
    assert "fine" in caught.value.remedy


def test_nobody_knows_a_foreign_file_and_a_mistake_of_the_user_is_heard(install):
    install(
        "speaks", plugin("speaks", "raise __import__('graphmap').errors.ConfigError('the mapping is wrong')")
    )
    with pytest.raises(ConfigError, match="the mapping is wrong"):
        choose(Probe("x", b""), Options())
    assert choose(Probe("x", b""), Options(), []) is None
