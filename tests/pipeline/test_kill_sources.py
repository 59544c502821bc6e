"""kill -9 anywhere in an import of a mailbox, a calendar and a CRM export: the second run gives the graph of a straight one.

``GRAPHMAP_SOAK_SOURCES=100`` kills at so many moments instead of five.
"""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import psutil
import pytest

from graphmap.store import GraphStore
from graphmap.store.embedded import embedded_folder
from tests.importers.calendars import calendar, event
from tests.pipeline.children import WAIT_SECONDS, Start, committed, straight
from tests.pipeline.kit import Cli, adds_up, state_of, wiped

MOMENTS = int(os.environ.get("GRAPHMAP_SOAK_SOURCES", "5"))
SALESFORCE = Path(__file__).parents[1] / "importers" / "golden" / "salesforce"
OURS = ("--own-domain", "ours.example")
BATCH = 2
PEOPLE = ("Eva Ember <eva.ember@acme-tools.example>", "kim@new.example", "Jo <jo.lee@beta.example>")


def mailbox() -> str:
    """Mails in and out, one of them twice, a newsletter, mails that came back from an address and one without a date."""
    mails: list[str] = []
    for number in range(60):
        us, them = "anna@ours.example", PEOPLE[number % 3]
        sender, to = (us, them) if number % 2 else (them, f"{us}, info@ours.example")
        day = 1 + number % 28
        mails.append(
            f"From: {sender}\nTo: {to}\nDate: {day:02} Mar 2024 08:15:{number:02} +0000\nMessage-ID: <{number}@ours.example>\n"
        )
    mails.append(mails[0])
    mails.append(
        "From: news@far.example\nTo: anna@ours.example\nList-Id: <news.far.example>\nDate: 1 Mar 2024 08:00:00 +0000\nMessage-ID: <n@far>\n"
    )
    for day in (28, 30):
        mails.insert(
            len(mails) // 2 + day - 28,
            f"From: mailer-daemon@ours.example\nTo: anna@ours.example\nX-Failed-Recipients: jo.lee@beta.example\n"
            f"Date: {day} Apr 2024 08:00:00 +0000\nMessage-ID: <back{day}@ours.example>\n",
        )
    mails.append("From: kim@new.example\nTo: anna@ours.example\nDate: never\nMessage-ID: <x@far>\n")
    return "".join(f"From a Sat Mar  2 08:15:00 2024\n{mail}\nwords\n\n" for mail in mails)


def meetings() -> str:
    """A weekly series with one cancelled and one moved occurrence, and single meetings."""
    people = ("ORGANIZER:mailto:anna@ours.example", "ATTENDEE:mailto:eva.ember@acme-tools.example")
    parts = [
        event(
            "UID:weekly", "DTSTART:20240304T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=20",
            "EXDATE:20240311T090000Z", people=people,
        ),
        event("UID:weekly", "RECURRENCE-ID:20240318T090000Z", "DTSTART:20240319T150000Z", people=people),
        *(event(f"UID:one{n}", f"DTSTART:202404{n + 1:02}T100000Z", people=people) for n in range(20)),
    ]  # fmt: skip
    return calendar(*parts)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "Sent.mbox").write_text(mailbox())
    (folder / "anna.ics").write_text(meetings(), newline="")
    with zipfile.ZipFile(folder / "salesforce.zip", "w") as packed:
        for path in sorted(SALESFORCE.glob("*.csv")):
            packed.write(path, path.name)
    return folder


def moments(commits: int) -> list[int]:
    """Where to kill: all different as long as there are enough transactions."""
    dice, choices = random.Random(MOMENTS), range(1, commits)
    return dice.sample(choices, MOMENTS) if len(choices) > MOMENTS else dice.choices(choices, k=MOMENTS)


def again(cli: Cli, folder: Path) -> None:
    """The second run finishes what the first began: exit 1 where rows were set aside, 0 where nothing was left to read."""
    done = cli("import", folder, "--json", "--no-score", *OURS, import_batch=str(BATCH))
    assert done.code in (0, 1), done.err
    assert all(adds_up(one) for one in [*done.json["files"], done.json["totals"]])


def test_three_sources_killed_anywhere_and_run_again_give_the_graph_of_a_straight_run(
    cli: Cli, graph: GraphStore, child: Start, sources: Path
) -> None:
    commits: list[int] = []
    wanted = straight(graph, sources, commits, child, *OURS, batch=BATCH, code=1)
    for moment in moments(commits[0]):
        process = child("import", sources, "--no-score", *OURS, batch=BATCH)
        assert committed(process, moment) == moment
        process.kill()
        process.wait(WAIT_SECONDS)
        again(cli, sources)
        assert state_of(graph) == wanted, f"killed after {moment} of {commits[0]} commits"
        assert graph.read("MATCH (r:Run {kind: 'import'}) WHERE r.state <> 'finished' RETURN r.id") == []
        wiped(graph)


@pytest.mark.parametrize("store_environment", ["embedded"], indirect=True)
def test_the_embedded_server_killed_under_three_sources_loses_nothing(
    embedded_environment: dict[str, str], cli: Cli, graph: GraphStore, child: Start, sources: Path
) -> None:
    commits: list[int] = []
    wanted = straight(graph, sources, commits, child, *OURS, batch=BATCH, code=1)
    home = Path(embedded_environment["GRAPHMAP_HOME"])
    for moment in moments(commits[0])[: max(5, MOMENTS // 5)]:
        process = child("import", sources, "--no-score", *OURS, batch=BATCH)
        assert committed(process, moment) == moment
        running = embedded_folder(home).running()
        assert running is not None
        psutil.Process(running.pid).kill()
        committed(process, 10**9)
        assert process.wait(WAIT_SECONDS) in (1, 4)
        again(cli, sources)
        assert state_of(graph) == wanted, f"killed after {moment} of {commits[0]} commits"
        wiped(graph)
