"""Keys, domains, names of firms and people: what is one, what is two, and what is nothing."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.ingest.people import PersonRow, compare
from graphmap.ingest.resolution.domains import domain_kind, firm_domain, registrable_domain
from graphmap.ingest.resolution.firm_names import firm_name
from graphmap.ingest.resolution.folding import fold
from graphmap.ingest.resolution.keys import (
    BadIdError,
    domain_key,
    identity_key,
    link_key,
    mail_key,
    phone_key,
    salesforce_id,
    x500_key,
)
from graphmap.ingest.resolution.matching import GROUP
from graphmap.ingest.resolution.person_names import Relation, may_be_one, person_name, relation
from graphmap.ingest.resolution.role_addresses import is_group_name, is_role_address
from graphmap.records import Person

SALESFORCE = st.text(string.ascii_letters + string.digits, min_size=15, max_size=15)


@given(SALESFORCE)
def test_case_of_an_id_is_mended_from_its_check_letters(body: str) -> None:
    """P33."""
    whole = salesforce_id(body)
    assert whole[:15] == body
    for spoilt in (whole, whole.upper(), whole.lower(), f" {whole} "):
        assert salesforce_id(spoilt) == whole


@given(SALESFORCE, st.integers(0, 14))
def test_a_changed_case_in_mixed_letters_is_found(body: str, place: int) -> None:
    """P33."""
    whole = salesforce_id(body)
    changed = whole[:place] + whole[place].swapcase() + whole[place + 1 :]
    if changed == whole or changed[:15] in (changed[:15].upper(), changed[:15].lower()):
        return
    with pytest.raises(BadIdError, match="do not fit"):
        salesforce_id(changed)


@pytest.mark.parametrize(
    ("text", "why"),
    [("1.23E+17", "spreadsheet"), ("1,23e+17", "spreadsheet"), ("001D00000", "15 or 18"), ("001D000000IqhS-", "15 or 18"),
     ("001D000000IQHSLIA9", "do not fit")],
)  # fmt: skip
def test_ids_that_cannot_be_are_refused_with_the_reason(text: str, why: str) -> None:
    """P33."""
    with pytest.raises(BadIdError, match=why):
        salesforce_id(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Anna.Bell@Acme.com", "mail:anna.bell@acme.com"), ("a.b+c@gmail.com", "mail:ab@gmail.com"), ("a.b@googlemail.com", "mail:ab@gmail.com"),
        ("SMTP:A@acme.com", "mail:a@acme.com"), ("<a@acme.com.>", "mail:a@acme.com"), ("a@MÜLLER.de", "mail:a@xn--mller-kva.de"),
        ("+tag@acme.com", "mail:+tag@acme.com"), ("...@gmail.com", "mail:...@gmail.com"), ("a", None), ("@acme.com", None), ("a@", None),
        ("a@b c.com", None), ("", None),
    ],
)  # fmt: skip
def test_mail_keys(text: str, key: str | None) -> None:
    """P46, P47, P48."""
    assert mail_key(text) == key


@given(st.text(max_size=40))
def test_keys_of_any_text_are_keys_of_themselves(text: str) -> None:
    for make in (mail_key, link_key):
        key = make(text)
        assert key is None or identity_key(key) == key
    assert identity_key(identity_key(text)) == identity_key(text)
    phone_key(text)
    person_name(text)
    firm_name(text)
    is_role_address(text)
    firm_domain(text)
    assert domain_key(domain_key(text)) == domain_key(text)


def test_sharp_s_and_double_s_are_two_domains() -> None:
    """P48: straße.de and strasse.de belong to different owners today."""
    assert domain_key("straße.de") == "xn--strae-oqa.de" != domain_key("strasse.de")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.linkedin.com/in/Anna-Bell/", "link:linkedin.com/in/anna-bell"), ("http://fr.linkedin.com/in/anna-bell/fr?x=1#y", "link:linkedin.com/in/anna-bell"),
        ("linkedin.com/in/j%C3%BCrgen", "link:linkedin.com/in/jürgen"), ("https://linkedin.com/pub/anna-bell/1/2/3", "link:linkedin.com/pub/anna-bell/1/2/3"),
        ("https://linkedin.com/company/acme", None), ("https://linkedin.com/", None), ("https://xing.com/profile/Anna_Bell", "link:xing.com/profile/anna_bell"),
        ("https://acme.com", None), ("not a url", None), ("http://[::1", None), ("", None),
    ],
)  # fmt: skip
def test_profile_links(url: str, key: str | None) -> None:
    assert link_key(url) == key


def test_directory_names_are_one_key_plain_or_wrapped() -> None:
    plain = x500_key("/O=ACME/OU=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/CN=jsmith")
    assert plain == x500_key(
        "X500:/o=Acme/ou=Exchange  Administrative Group (FYDIBOHF23SPDLT)/cn=recipients/cn=JSMITH"
    )
    wrapped = "IMCEAEX-_O=ACME_OU=Exchange+20Administrative+20Group+20+28FYDIBOHF23SPDLT+29_cn=Recipients_CN=jsmith@acme.com"
    assert plain == x500_key(wrapped)
    assert x500_key("anna@acme.com") is None


def test_phones_compare_by_their_last_nine_digits() -> None:
    assert (
        len(
            {
                phone_key(p)
                for p in (
                    "+1 (555) 123-4567",
                    "001 555 123 4567",
                    "555.123.4567 x12",
                    "１５５５１２３４５６７",
                )
            }
        )
        == 1
    )
    assert phone_key("12345") is None


@pytest.mark.parametrize(
    ("host", "firm"),
    [
        ("mail.eu.acme.co.uk", "acme.co.uk"), ("acme.internal", "acme.internal"), ("a.b.example", "b.example"), ("co.uk", None), ("localhost", None),
        ("10.0.0.1", None), ("[10.0.0.1]", None), ("acme.onmicrosoft.com", "acme.onmicrosoft.com"), ("acme.mail.onmicrosoft.com", "acme.onmicrosoft.com"),
        ("shop.myshopify.com", "shop.myshopify.com"), ("foo.github.io", "foo.github.io"), ("a..b", None), ("gmail.com", "gmail.com"),
    ],
)  # fmt: skip
def test_registrable_domains(host: str, firm: str | None) -> None:
    assert registrable_domain(host) == firm


@pytest.mark.parametrize(
    "host",
    [
        "gmail.com",
        "hey.com",
        "tuta.com",
        "skiff.com",
        "privaterelay.appleid.com",
        "o2.pl",
        "t-online.de",
        "GMX.de.",
    ],
)
def test_private_mailboxes_are_no_firm(host: str) -> None:
    """P45."""
    assert domain_kind(host) == "freemail"
    assert firm_domain(host) is None


@pytest.mark.parametrize(
    "host", ["law.com", "lawyer.com", "usa.com", "consultant.com", "engineer.com", "acme.com"]
)
def test_firms_whose_domain_is_a_common_word_stay_firms(host: str) -> None:
    assert domain_kind(host) == "firm"


def test_throw_away_mailboxes_are_no_firm() -> None:
    assert domain_kind("mailinator.com") == "disposable"


@pytest.mark.parametrize(
    "names",
    [
        ("Acme", "ACME Inc.", "Acme, LLC", "The Acme Company", "Acme Corp", "acme co., ltd.", "Acme GmbH & Co. KG", "Acme mbH", "Acme AG (Schweiz)",
         "Acme S.p.A.", "Acme Sp. z o.o.", "Acme S.A. de C.V.", "PT Acme Tbk", "Acme d.o.o.", "Acme Oy", "Acme s.r.o."),
        ("Müller & Söhne KG", "Mueller und Soehne", "MULLER SOHNE K.G."),
        ("Blue Delta Foods", "Bluedelta Foods Ltd"),
    ],
)  # fmt: skip
def test_forms_of_one_firms_name_compare_equal(names: tuple[str, ...]) -> None:
    assert len({found.close for name in names if (found := firm_name(name))}) == 1


def test_words_of_a_group_are_dropped_in_the_loose_form_only() -> None:
    group, plain = firm_name("Acme Group Deutschland GmbH"), firm_name("Acme")
    assert group is not None
    assert plain is not None
    assert group.close != plain.close
    assert group.loose == plain.loose


@pytest.mark.parametrize("name", ["AG", "Co", "Europe", "SE", "The Company"])
def test_a_name_of_nothing_but_a_form_stays_a_name(name: str) -> None:
    assert firm_name(name) is not None


@given(st.text(max_size=30))
def test_a_firms_name_is_never_empty(text: str) -> None:
    found = firm_name(text)
    assert found is None or (found.close and found.loose)


@pytest.mark.parametrize(
    "local",
    [
        "info",
        "info2",
        "sales",
        "support",
        "team-x",
        "x-team",
        "no-reply",
        "noreply",
        "do.not.reply",
        "mailer-daemon",
        "buchhaltung",
        "rechnung",
        "ventes",
        "compta",
        "ventas",
        "amministrazione",
        "biuro",
        "faktury",
        "kundservice",
        "uk.sales",
        "sales-emea",
        "project.x-list",
        "hr",
        "office",
        "dl-houston",
        "DL_GA-all_worldwide1",
    ],
)
def test_groups_in_several_languages(local: str) -> None:
    """P8."""
    assert is_role_address(f"{local}@acme.com")


@pytest.mark.parametrize(
    "local",
    [
        "anna",
        "anna.bell",
        "john.sales",
        "max.post",
        "abell",
        "j.hall",
        "dl.hughley",
        "dl-7",
    ],
)
def test_people_are_no_groups(local: str) -> None:
    assert not is_role_address(f"{local}@acme.com")


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Sales Team", True),
        ("EMEA Support", True),
        ("Human Resources", True),
        ("DL-Houston", True),
        ("grp_All Staff", True),
        ("Vertrieb Verteiler", True),
        ("DL Hughley", False),
        ("Karl List", False),
        ("Ping Law", False),
        ("Sales", False),
        ("Anna Team", False),
        ("", False),
    ],
)
def test_names_of_groups(name: str, group: bool) -> None:
    assert is_group_name(name) == group


def test_an_address_that_is_mostly_seen_under_the_name_of_a_group_names_nobody() -> None:
    seen = ("mail:houston@acme.com", "mail:kl@acme.com", "mail:xy@acme.com")
    names = {seen[0]: "Sales Team", seen[1]: "Karl List"}
    found = compare([], seen, names, lambda _: ("acme", False), [])
    assert dict(found.no_identity) == {seen[0]: GROUP}
    row = PersonRow("r", "crm", "salesforce", Person("p", "Anna Bell", ("houston@acme.com",)), "acme", False)
    assert not compare([row], seen, names, lambda _: ("acme", False), []).no_identity


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Anna Bell", "BELL, Anna", Relation.SAME), ("Ludwig van Beethoven", "van Beethoven, Ludwig", Relation.SAME),
        ("Anna B. Bell", "Anna Bell", Relation.SAME), ("Prof. Dr. med. Anna Bell", "Anna Bell, PhD", Relation.SAME),
        ("Jean-Pierre Roux", "Jean Pierre Roux", Relation.LONGER), ("Bob Smith", "Rob Smith", Relation.NICKNAME),
        ("Beppe Rossi", "Giuseppe Rossi", Relation.NICKNAME), ("Paco Ruiz", "Francisco Ruiz", Relation.NICKNAME),
        ("Robert (Bob) Smith", "Robert Smith", Relation.SAME), ("Müller, Jörg", "Joerg Mueller", Relation.SAME),
        ("Nat King", "King Nat", Relation.SAME), ("Alex Bell", "Alexandra Bell", Relation.NICKNAME), ("Alexander Bell", "Alexandra Bell", Relation.NONE),
        ("Simon Bell", "Simone Bell", Relation.NONE), ("Иван Петров", "Петров, Иван", Relation.SAME),
    ],
)  # fmt: skip
def test_relations_of_names(one: str, other: str, kind: Relation) -> None:
    first, second = person_name(one), person_name(other)
    assert first is not None
    assert second is not None
    assert relation(first, second) is relation(second, first) is kind
    assert may_be_one(first, second) or kind is Relation.NONE


@pytest.mark.parametrize(
    "text", ["", "anna@acme.com", "Sales Team", "IT Support", "...", "Acme Customer Service"]
)
def test_what_is_no_persons_name(text: str) -> None:
    assert person_name(text) is None


TEXT = st.text(st.sampled_from("abeoumüßøłæ -'.,"), max_size=14)


@given(TEXT, TEXT)
def test_relations_are_symmetric_and_never_stronger_than_patience(one: str, other: str) -> None:
    first, second = person_name(one), person_name(other)
    if first is None or second is None:
        return
    assert relation(first, second) is relation(second, first)
    assert may_be_one(first, second) == may_be_one(second, first)
    assert may_be_one(first, first)


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
