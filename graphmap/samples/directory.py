"""Who is who in the sample company: names, addresses and the ids that its CRM gave them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from graphmap.samples.company import DOMAIN, Company

OWN = "lindwerk"
_ACCOUNT, _CONTACT, _USER = "001", "003", "005"


class Directory:
    """Looks up people and firms of a sample company by their ids there."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.people: Mapping[str, dict[str, object]] = {str(p["id"]): p for p in company.people}
        self.firms: Mapping[str, dict[str, object]] = {str(f["id"]): f for f in company.firms}
        self._crm = {
            **{i: f"{_ACCOUNT}{n:012d}" for n, i in enumerate(self.firms, start=1)},
            **{
                i: f"{_USER if self.is_ours(i) else _CONTACT}{n:012d}"
                for n, i in enumerate(self.people, start=1)
            },
        }
        self._first: dict[str, str] = {}
        for row in company.interactions:
            if row["kind"] == "email":
                self._first.setdefault(str(row["thread"]), self.message_id(row))

    def is_ours(self, who: str) -> bool:
        """Whether somebody works for the sample company."""
        return who in self.people and self.people[who]["firm"] == OWN

    def crm_id(self, one: str) -> str:
        """The id of a person or firm in the CRM, 15 characters."""
        return self._crm[one]

    def reference(self, one: str) -> str:
        """How records of the CRM are called in the graph; ids of digits alone end with AAA."""
        return "salesforce:own" if one == OWN else f"salesforce:{self._crm[one]}AAA"

    def address(self, who: str) -> str:
        """Somebody's address."""
        return str(self.people[who]["emails"])

    def local(self, who: str) -> str:
        """The part of an address before the @."""
        return self.address(who).partition("@")[0]

    def names(self, who: str) -> tuple[str, str]:
        """First and last name."""
        first, _, last = str(self.people[who]["name"]).partition(" ")
        return first, last

    def participants(self, row: Mapping[str, object]) -> list[tuple[str, str]]:
        """(role, who) of an interaction."""
        pairs = (pair.partition(":") for pair in str(row["participants"]).split(";"))
        return [(role, who) for role, _, who in pairs]

    @property
    def contacts(self) -> Sequence[str]:
        """Everybody of the accounts."""
        return [who for who in self.people if not self.is_ours(who)]

    @property
    def gone_contacts(self) -> Sequence[tuple[str, datetime.date]]:
        """Contacts that have left their firm, with the day: nobody tells, mails to them come back."""
        return [
            (who, datetime.date.fromisoformat(str(self.people[who]["valid_to"])))
            for who in self.contacts
            if self.people[who]["valid_to"]
        ]

    def message_id(self, row: Mapping[str, object]) -> str:
        """The Message-ID of a mail, without angle brackets."""
        return f"{row['id']}@mail.{DOMAIN}"

    def first_id(self, row: Mapping[str, object]) -> str:
        """The Message-ID of the first mail of the conversation."""
        return self._first[str(row["thread"])]


def moment(row: Mapping[str, object]) -> datetime.datetime:
    """When an interaction was, to the second, as mails and the CRM keep it."""
    return datetime.datetime.fromisoformat(str(row["at"])).replace(microsecond=0)
