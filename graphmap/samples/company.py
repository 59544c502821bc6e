"""A seeded sample company: some 60 accounts, 25 of our people, 400 contacts, two years, every situation the product explains.

This is the truth; ``sources`` writes it as what a firm really has, and that is imported like anybody's data.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from graphmap.samples.people import FIRM_FIRST, FIRM_LAST, FIRST, LAST, ROLES, TEAM

SEED = 20_260_930
START = datetime.datetime(2024, 10, 1, 8, 0, tzinfo=datetime.UTC)
END = datetime.datetime(2026, 9, 30, 16, 0, tzinfo=datetime.UTC)
DAYS = (END - START).days
DOMAIN = "lindwerk.example"
ACCOUNTS = 60
LEFT_ON = "2026-06-01"
LEAVER, HANDING_OVER, SUCCESSOR, AWAY_OWNER = "us07", "us03", "us04", "us05"


@dataclass
class Company:
    """Everybody and everything that happened: rows of firms, people and interactions."""

    dice: random.Random
    firms: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    people: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    interactions: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    contacts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def note(
        self, day: float, kind: str, participants: Iterable[str], direction: str = "", thread: str = ""
    ) -> None:
        """One interaction ``day`` days after the start (within the two years)."""
        at = START + datetime.timedelta(days=min(max(day, 0.0), DAYS), minutes=self.dice.randrange(0, 480))
        number = len(self.interactions) + 1
        self.interactions.append(
            {
                "id": f"x{number:06d}", "at": min(at, END).isoformat(), "kind": kind, "direction": direction,
                "participants": ";".join(participants), "thread": thread,
            }
        )  # fmt: skip

    def mails(
        self, rep: str, contact: str, count: int, since: float, until: float, answered: float = 0.8
    ) -> None:
        """Mails of a pair, each answered with a probability."""
        for _ in range(count):
            day = self.dice.uniform(since, until)
            thread = f"t{len(self.interactions):06d}"
            self.note(day, "email", (f"from:{rep}", f"to:{contact}"), "out", thread)
            if self.dice.random() < answered:
                self.note(
                    day + self.dice.uniform(0.1, 3), "email", (f"from:{contact}", f"to:{rep}"), "in", thread
                )

    def talks(self, rep: str, contact: str, count: int, since: float, until: float) -> None:
        """Calls and meetings of a pair."""
        for _ in range(count):
            day = self.dice.uniform(since, until)
            if self.dice.random() < 0.5:
                self.note(day, "call", (f"caller:{rep}", f"callee:{contact}"))
            else:
                self.note(day, "meeting", (f"organizer:{rep}", f"attendee:{contact}"))

    def bond(self, rep: str, contact: str, strength: int, since: float = 0, until: float = DAYS) -> None:
        """A lasting relationship: mails and talks over a period, ``strength`` 1 to 5."""
        months = max(1.0, (until - since) / 30)
        self.mails(rep, contact, round(strength * months * 0.16), since, until)
        self.talks(rep, contact, round(strength * months * 0.09), since, until)


Story = Callable[[Company, str, str, list[str]], None]


def _sales(company: Company, owner: str) -> str:
    return company.dice.choice([f"us{n:02d}" for n in range(2, 9) if f"us{n:02d}" not in (owner, LEAVER)])


def _other(company: Company, *taken: str) -> str:
    """Somebody of ours outside sales."""
    return company.dice.choice([f"us{n:02d}" for n in range(9, 26) if f"us{n:02d}" not in taken])


def _single_multi(company: Company, account: str, owner: str, people: list[str]) -> None:
    """One of ours carries it, several of theirs take part."""
    del account
    for contact in people[:5]:
        company.bond(owner, contact, company.dice.choice((3, 4, 5)))
    company.mails(_other(company), people[2], 4, DAYS - 400, DAYS - 250)


def _single_single(company: Company, account: str, owner: str, people: list[str]) -> None:
    """One of ours and one of theirs: both sides hang on one thread."""
    del account
    company.bond(owner, people[0], 5)
    company.mails(owner, people[1], 2, 0, 200, answered=0.2)


def _multi_single(company: Company, account: str, owner: str, people: list[str]) -> None:
    """Several of ours, all of them with one of theirs."""
    del account
    first, second = _other(company, owner), _sales(company, owner)
    for rep, strength in ((owner, 4), (first, 4), (second, 3)):
        company.bond(rep, people[2], strength)


def _multi_multi(company: Company, account: str, owner: str, people: list[str]) -> None:
    """Several of ours with several of theirs, in several departments."""
    del account
    ours = [owner, _other(company, owner), _other(company), _sales(company, owner)]
    for k, contact in enumerate(people[:6]):
        for rep in dict.fromkeys(
            (ours[k % 4], ours[(k + 1) % 4])
        ):  # a set's order differs from process to process
            company.bond(rep, contact, company.dice.choice((2, 3, 4)))
    for day in range(60, DAYS, 120):
        company.note(
            day,
            "meeting",
            [f"organizer:{owner}", f"attendee:{ours[1]}", *(f"attendee:{c}" for c in people[:3])],
        )


def _unknown(company: Company, account: str, owner: str, people: list[str]) -> None:
    """Hardly anything is known: honestly unknown."""
    del account
    company.mails(owner, people[0], 2, DAYS - 90, DAYS - 20)
    company.talks(owner, people[1], 1, DAYS - 60, DAYS - 10)


def _handover(company: Company, account: str, owner: str, people: list[str]) -> None:
    """A handover in progress: the old rep's touches fade, the successor's grow, some meetings together."""
    del account
    for contact in people[:4]:
        company.bond(HANDING_OVER, contact, 4, 0, DAYS - 120)
    for contact in people[:3]:
        company.bond(owner, contact, 4, DAYS - 150, DAYS)
    for day in (DAYS - 130, DAYS - 100):
        company.note(
            day,
            "meeting",
            (
                f"organizer:{HANDING_OVER}",
                f"attendee:{owner}",
                f"attendee:{people[0]}",
                f"attendee:{people[1]}",
            ),
        )


def _orphaned(company: Company, account: str, owner: str, people: list[str]) -> None:
    """The rep who carried it has left us; only thin ties remain."""
    del account
    for contact in people[:4]:
        company.bond(LEAVER, contact, 4, 0, DAYS - 125)
    company.bond(_other(company), people[1], 3, DAYS - 300, DAYS)
    company.bond(owner, people[0], 4, DAYS - 110, DAYS)


def _portal(company: Company, account: str, owner: str, people: list[str]) -> None:
    """The portal holds it: self-service orders every week, people hardly."""
    for week in range(0, DAYS, 7):
        buyer = f"from:{people[week // 7 % 3]}" if week % 4 else f"account:{account}"
        company.note(week + company.dice.uniform(0, 5), "order", ("channel:portal", buyer))
    company.bond(owner, people[2], 1)


def _owner_away(company: Company, account: str, owner: str, people: list[str]) -> None:
    """The CRM owner is not the one in touch."""
    del account
    engaged = _other(company, owner)
    for contact in people[:4]:
        company.bond(engaged, contact, 4)
    company.mails(owner, people[0], 2, 0, 200)


def _key_contact_left(company: Company, account: str, owner: str, people: list[str]) -> None:
    """Their key person has left; what is left is thin."""
    del account
    company.bond(owner, people[0], 5, 0, DAYS - 70)
    company.bond(_other(company, owner), people[0], 3, 0, DAYS - 70)
    company.bond(owner, people[3], 2)
    company.bond(_other(company, owner), people[4], 2)


def _dormant(company: Company, account: str, owner: str, people: list[str]) -> None:
    """Nobody has talked for half a year."""
    del account
    for contact in people[:3]:
        company.bond(owner, contact, 4, 0, DAYS - 220)
    company.bond(_sales(company, owner), people[1], 3, 0, DAYS - 260)


def _one_way(company: Company, account: str, owner: str, people: list[str]) -> None:
    """We write and they do not answer any more."""
    del account
    company.talks(owner, people[0], 2, DAYS - 300, DAYS - 200)
    company.mails(owner, people[1], 3, DAYS - 560, DAYS - 400, answered=0.5)
    for contact in people[:4]:
        company.mails(owner, contact, 7, DAYS - 85, DAYS - 1, answered=0.0)


def _past(company: Company, account: str, owner: str, people: list[str]) -> None:
    """Nothing that counts: the only people we knew have left."""
    del account
    company.mails(LEAVER, people[5], 5, 0, 120)
    del owner


NAMED: tuple[tuple[str, str, Story], ...] = (
    ("Nordwind Energy", "single thread on our side, several of theirs", _single_multi),
    ("Kestrel Optics", "one of ours and one of theirs", _single_single),
    ("Granit Tools", "several of ours, one of theirs", _multi_single),
    ("Lumen Health", "several of ours with several of theirs", _multi_multi),
    ("Opal Labs", "honestly unknown", _unknown),
    ("Fjord Marine", "handover in progress", _handover),
    ("Basalt Logistics", "the rep who carried it has left", _orphaned),
    ("Quarz Retail", "held by the portal", _portal),
    ("Saffron Foods", "the owner is not in touch", _owner_away),
    ("Tundra Systems", "their key contact left", _key_contact_left),
    ("Willow Paper", "dormant", _dormant),
    ("Zephyr Media", "we write, they do not answer", _one_way),
    ("Umbra Chemicals", "nobody left who knows them", _past),
)
"""The accounts of the guided tour, with what each of them shows."""

OTHERS: tuple[tuple[Story, int], ...] = (
    (_multi_multi, 20),
    (_single_multi, 10),
    (_portal, 4),
    (_multi_single, 3),
    (_single_single, 3),
    (_owner_away, 3),
    (_unknown, 4),
)


def make_company(seed: int = SEED) -> Company:
    """All rows of the sample company."""
    company = Company(random.Random(seed))  # noqa: S311  # a sample, no secret
    _our_side(company)
    names = _account_names(company.dice)
    stories = [story for _, _, story in NAMED] + [story for story, count in OTHERS for _ in range(count)]
    for number, (name, story) in enumerate(zip(names, stories, strict=True), start=1):
        _account(company, f"acc{number:02d}", name, story)
    company.interactions.sort(key=lambda row: (str(row["at"]), str(row["id"])))
    return company


def _our_side(company: Company) -> None:
    company.firms.append({"id": "lindwerk", "name": "Lindwerk", "kind": "own", "domains": DOMAIN})
    company.firms.append(
        {"id": "brueckner", "name": "Brueckner Consulting", "kind": "partner", "domains": "brueckner.example"}
    )
    for number, (department, title, team, seniority) in enumerate(TEAM, start=1):
        who = f"us{number:02d}"
        name = f"{FIRST[number * 7 % len(FIRST)]} {LAST[number * 11 % len(LAST)]}"
        company.people.append(
            {
                "id": who, "name": name, "emails": _address(name, DOMAIN), "firm": "lindwerk", "title": title,
                "department": department, "seniority": seniority, "team": team, "manager": "" if number == 1 else "us01",
                "valid_from": "2020-01-01", "valid_to": LEFT_ON if who == LEAVER else "",
            }
        )  # fmt: skip


def _account_names(dice: random.Random) -> list[str]:
    names = [name for name, _, _ in NAMED]
    while len(names) < ACCOUNTS:
        name = f"{dice.choice(FIRM_FIRST)} {dice.choice(FIRM_LAST)}"
        if name not in names:
            names.append(name)
    return names


def _account(company: Company, account: str, name: str, story: Story) -> None:
    dice = company.dice
    domain = f"{name.lower().replace(' ', '-')}.example"
    fixed: dict[Story, str] = {_owner_away: AWAY_OWNER, _handover: SUCCESSOR}
    owner = fixed.get(story) or dice.choice(["us02", "us03", "us04", "us05", "us06", "us08"])
    value = round(dice.lognormvariate(12.2, 0.8), -3)
    company.firms.append(
        {
            "id": account, "name": name, "kind": "account", "domains": domain, "owner": owner,
            "segment": "Enterprise" if value > 250_000 else "Mid-market", "industry": name.rsplit(maxsplit=1)[-1],
            "territory": dice.choice(("DACH", "Nordics", "Benelux", "Iberia")), "team": dice.choice(("North", "South")),
            "annual_value": f"{value:.0f}", "currency": "CHF" if dice.random() < 0.15 else "EUR",
            "renewal_on": (END + datetime.timedelta(days=dice.randrange(20, 400))).date().isoformat(),
        }
    )  # fmt: skip
    count = dice.randrange(6, 8) if story is not _multi_multi else dice.randrange(6, 9)
    ids: list[str] = []
    names: list[str] = []
    for k in range(count):
        title, department, seniority = (
            ROLES[(k * 3 + len(company.firms)) % len(ROLES)]
            if k
            else ROLES[(2, 4, 7)[len(company.firms) % 3]]
        )
        person = f"{FIRST[dice.randrange(len(FIRST))]} {LAST[dice.randrange(len(LAST))]}"
        who = f"{account}-{k + 1}"
        gone = (story is _key_contact_left and k == 0) or (story is _past and k == 5)
        company.people.append(
            {
                "id": who, "name": person, "emails": _address(person, domain, names.count(person)), "firm": account, "title": title,
                "department": department, "seniority": seniority, "valid_to": "2026-07-20" if gone else "",
            }
        )  # fmt: skip
        ids.append(who)
        names.append(person)
    company.contacts[account] = ids
    story(company, account, owner, ids)


def _address(name: str, domain: str, number: int = 0) -> str:
    tail = str(number + 1) if number else ""  # two of one name at one firm
    return f"{name.lower().replace(' ', '.')}{tail}@{domain}"
