"""Each rule and each guard of who is who on cases small enough to read, and the laws of decisions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.ingest.resolution import HumanDecision, Mention, Resolution, Rule, resolve_people


def person(record: str, name: str = "", *mails: str, source: str = "a", **said: object) -> Mention:
    return Mention(source, record, name, mails=mails, **said)


def groups(found: Resolution) -> set[frozenset[str]]:
    return {frozenset(record for _, record in cluster.members) for cluster in found.clusters}


def together(*mentions: Mention, decisions: tuple[HumanDecision, ...] = ()) -> set[frozenset[str]]:
    return {group for group in groups(resolve_people(mentions, decisions)) if len(group) > 1}


def rules(*mentions: Mention) -> set[Rule]:
    return {join.rule for cluster in resolve_people(mentions).clusters for join in cluster.joins}


def asked(found: Resolution) -> dict[frozenset[str], str]:
    return {frozenset((p.one[1], p.other[1])): " / ".join(p.reasons) for p in found.proposals}


ALL = {frozenset("12")}
ANNA = "anna.bell@acme.com"


def test_one_address_in_several_spellings_is_one_person() -> None:
    """P46, P47."""
    assert together(person("1", "Anna Bell", "Anna.Bell+news@ACME.com."), person("2", "A. Bell", ANNA)) == ALL
    assert (
        together(person("1", "Anna Bell", "anna.bell@googlemail.com"), person("2", "", "annabell@gmail.com"))
        == ALL
    )


def test_an_international_domain_and_its_punycode_are_one() -> None:
    """P48."""
    assert together(person("1", "", "a.bell@müller.de"), person("2", "", "A.Bell@XN--MLLER-KVA.de")) == ALL


def test_one_profile_is_one_person() -> None:
    one = person("1", "Anna Bell", links=("https://www.linkedin.com/in/anna-bell/",))
    other = person("2", "Anna B. Bell", links=("linkedin.com/in/Anna-Bell?x=1",))
    assert rules(one, other) == {Rule.LINK}


def test_a_record_merged_at_its_source_is_one_person_whatever_the_names() -> None:
    """P32: an alias makes no second person."""
    assert (
        together(person("1", "Anna Bell", ids=("id:1", "id:0")), person("2", "Anna Meier", ids=("id:0",)))
        == ALL
    )


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("Anna Bell", "BELL, Anna", Rule.NAME_AND_FIRM),
        ("Dr. Jürgen Müller, MBA", "juergen mueller", Rule.NAME_AND_FIRM),
        ("Łukasz Żak", "Lukasz Zak", Rule.NAME_AND_FIRM),
        ("Bob Smith", "Robert Smith", Rule.NICKNAME),
        ("Kasia Nowak", "Katarzyna Nowak", Rule.NICKNAME),
        ("R. Smith", "Robert Smith", Rule.INITIAL),
        ("Robert Thompson", "Robert Thompsno", Rule.SLIP),
        ("Anna Müller", "Anna Müller-Schmidt", Rule.LONGER_NAME),
    ],
)
def test_names_join_at_one_firm(one: str, other: str, rule: Rule) -> None:
    assert rules(person("1", one, domain="acme.com"), person("2", other, domain="mail.acme.com")) == {rule}
    assert rules(person("1", one, domain="acme.com"), person("2", other, domain="other.com")) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Daniel Bell", "Daniela Bell"),
        ("Anna Bell", "Bernd Bell"),
        ("John Smith Jr.", "John Smith Sr."),
        ("Jan Visser", "Jana Visser"),
    ],
)
def test_names_of_two_people_do_not_join(one: str, other: str) -> None:
    assert not together(person("1", one, domain="acme.com"), person("2", other, domain="acme.com"))


def test_a_slip_in_a_given_name_is_asked_never_joined() -> None:
    found = resolve_people(
        [person("1", "Marina Bell", domain="acme.com"), person("2", "Martina Bell", domain="acme.com")]
    )
    assert len(found.clusters) == 2
    assert set(asked(found)) == ALL


def test_an_initial_that_fits_two_people_joins_neither_and_does_not_chain_them() -> None:
    three = (
        person(r, n, domain="acme.com")
        for r, n in (("1", "J. Smith"), ("2", "John Smith"), ("3", "Jane Smith"))
    )
    found = resolve_people(list(three))
    assert len(found.clusters) == 3
    assert set(asked(found)) == {frozenset("12"), frozenset("13")}


def test_namesakes_with_numbered_addresses_are_never_joined() -> None:
    """P30."""
    twins = (
        person("1", "John Smith", "john.smith@acme.com"),
        person("2", "John Smith", "john.smith2@acme.com", source="b"),
    )
    assert not together(*twins)
    third = person("3", "John Smith", firm_name="Acme", domain="acme.com", source="c")
    assert not together(*twins, third)
    proposal = resolve_people(twins).proposals[0]
    assert proposal.score < 50
    assert "digit" in proposal.reasons[0]


def test_no_third_record_chains_namesakes_together() -> None:
    """P30: not even one that shares a private address with both."""
    one = person("1", "John Smith", "john.smith@acme.com", "js@gmail.com")
    other = person("2", "John Smith", "john.smith2@acme.com", "js@gmail.com")
    assert not together(one, other)


def test_a_numbered_address_alone_says_that_there_are_two() -> None:
    """P30: john.smith2 exists because john.smith does."""
    assert not together(
        person("1", "John Smith", "john.smith2@acme.com"), person("2", "John Smith", domain="acme.com")
    )
    assert (
        together(person("1", "John Smith", "john2@acme.com"), person("2", "John Smith", domain="acme.com"))
        == ALL
    )


def test_two_addresses_at_one_firm_in_one_source_are_two_people_to_ask_about() -> None:
    two = person("1", "John Smith", "john.smith@acme.com"), person("2", "John Smith", "jsmith@acme.com")
    assert not together(*two)
    assert set(asked(resolve_people(two))) == ALL
    assert together(two[0], person("2", "John Smith", "jsmith@acme.com", source="b")) == ALL


def test_different_profiles_are_not_joined_by_name() -> None:
    one = person("1", "Anna Bell", domain="acme.com", links=("linkedin.com/in/anna-bell",))
    other = person("2", "Anna Bell", domain="acme.com", links=("linkedin.com/in/anna-bell-7",))
    assert not together(one, other)


def test_ours_and_theirs_are_not_joined_by_name() -> None:
    assert not together(
        person("1", "Anna Bell", domain="acme.com", ours=True),
        person("2", "Anna Bell", domain="acme.com", ours=False),
    )


@pytest.mark.parametrize(
    "box", ["info", "sales", "team-x", "no.reply", "vertrieb", "comptabilite", "emea-sales"]
)
def test_group_addresses_name_nobody(box: str) -> None:
    """P8."""
    found = resolve_people(
        [person("1", "Anna Bell", f"{box}@acme.com"), person("2", "Bernd Kurz", f"{box}@acme.com")]
    )
    assert len(found.clusters) == 2
    assert found.no_identity == {f"mail:{box}@acme.com": "a group or a machine"}


def test_an_address_of_two_last_names_names_nobody() -> None:
    """P9."""
    three = (
        person("1", "Anna Bell", "front@acme.com"),
        person("2", "Bernd Kurz", "front@acme.com"),
        person("3", "", "front@acme.com"),
    )
    found = resolve_people(three)
    assert len(found.clusters) == 3
    assert "mail:front@acme.com" in found.no_identity


def test_a_marriage_is_asked() -> None:
    found = resolve_people([person("1", "Anna Bell", ANNA), person("2", "Anna Zimmermann", ANNA)])
    assert len(found.clusters) == 2
    assert "two last names" in asked(found)[frozenset("12")]


def test_a_couple_with_one_address_stays_two() -> None:
    assert not together(
        person("1", "Anna Bell", "bell@gmail.com"), person("2", "Bernd Bell", "bell@gmail.com")
    )


def test_a_nameless_record_with_two_peoples_addresses_does_not_chain_them() -> None:
    found = resolve_people([
        person("1", "Anna Bell", ANNA), person("2", "", ANNA, "bernd.kurz@acme.com"), person("3", "Bernd Kurz", "bernd.kurz@acme.com")
    ])  # fmt: skip
    assert not any({"1", "3"} <= group for group in groups(found))


def test_private_mailboxes_are_no_common_firm() -> None:
    """P45."""
    assert not together(
        person("1", "Anna Bell", "anna1@gmail.com"), person("2", "Anna Bell", "bell2@gmail.com")
    )


def test_tenants_of_one_service_are_different_firms() -> None:
    assert not together(
        person("1", "Anna Bell", domain="acme.onmicrosoft.com"),
        person("2", "Anna Bell", domain="other.onmicrosoft.com"),
    )
    assert together(
        person("1", "Anna Bell", domain="acme.onmicrosoft.com"),
        person("2", "Anna Bell", domain="acme.mail.onmicrosoft.com"),
    )


def test_a_new_job_with_nothing_in_common_is_asked_never_joined() -> None:
    """P24, P25."""
    found = resolve_people(
        [person("1", "Anna Bellweather", "ab@acme.com"), person("2", "Anna Bellweather", "anna@other.com")]
    )
    assert len(found.clusters) == 2
    assert set(asked(found)) == ALL
    assert found.proposals[0].keys == ("mail:ab@acme.com", "mail:anna@other.com")


def test_a_new_job_with_the_private_number_kept_is_joined() -> None:
    """P24."""
    one = person("1", "Anna Bell", "ab@acme.com", phones=("+49 170 1234567",))
    other = person("2", "Bell, Anna", "anna@other.com", phones=("0049 (0)170 123 45 67",))
    assert rules(one, other) == {Rule.PHONE}
    third = person("3", "Carl Kurz", "ck@acme.com", phones=("01701234567",))
    assert not together(one, other, third), "a number with two names is a switchboard"


def test_a_firm_known_by_name_joins_where_one_person_fits() -> None:
    crm = person("1", "Anna Bell", ANNA, firm_name="Acme Tools GmbH")
    card = person("2", "Anna Bell", firm_name="ACME TOOLS")
    assert rules(crm, card) == {Rule.FIRM_BY_NAME}
    second = person("3", "Anna Bell", "a.bell@acme-tools.fr", firm_name="Acme Tools SA")
    assert not together(crm, card, second), "two firms of the name, a person of the name in each"


def test_a_contact_beside_a_firms_key_is_at_one_place() -> None:
    """P28, P29: the firm that the CRM gives and the domain are two places of one person."""
    assert (
        together(
            person("1", "Anna Bell", "anna@client.com", firm="f1"),
            person("2", "Anna Bell", firm="f1", source="b"),
        )
        == ALL
    )


def test_an_address_that_spells_one_person_belongs_to_them() -> None:
    known = person("1", "Anna Bell", domain="acme.com")
    assert rules(known, person("2", "", "abell@acme.com")) == {Rule.SPELT_ADDRESS}
    assert not together(known, person("2", "", "abell2@acme.com"))
    assert not together(known, person("3", "Alan Bell", domain="acme.com"), person("2", "", "abell@acme.com"))
    assert not together(known, person("2", "", "anna@acme.com")), "a given name alone is nobody"


# decisions


def decided(kind: str, one: str, other: str, at: int = 1) -> HumanDecision:
    return HumanDecision(kind, one, other, at)


def test_joined_wins_over_every_guard() -> None:
    twins = person("1", "John Smith", "john.smith@acme.com"), person("2", "Jim Kurz", "john.smith2@acme.com")
    decision = decided("joined", "mail:John.Smith@acme.com", "mail:john.smith2@acme.com")
    assert together(*twins, decisions=(decision,)) == ALL


def test_kept_apart_wins_over_every_rule_and_is_not_asked_again() -> None:
    two = person("1", "Anna Bell", ANNA, ids=("id:1",)), person("2", "Anna Bell", ANNA, ids=("id:2",))
    found = resolve_people(two, [decided("apart", "id:1", "id:2")])
    assert len(found.clusters) == 2
    assert not found.proposals


def test_kept_apart_holds_for_whole_clusters() -> None:
    """A third record with the same address goes to one of the two, never between them."""
    three = [person(r, "Anna Bell", ANNA, ids=(f"id:{r}",)) for r in "123"]
    assert groups(resolve_people(three, [decided("apart", "id:1", "id:2")])) == {
        frozenset("13"),
        frozenset("2"),
    }


def test_the_newest_decision_wins() -> None:
    two = person("1", "Anna Bell", ids=("id:1",)), person("2", "Carl Kurz", ids=("id:2",))
    joined, apart = decided("joined", "id:1", "id:2", 5), decided("apart", "id:2", "id:1", 6)
    assert not together(*two, decisions=(joined, apart))
    assert together(*two, decisions=(apart, HumanDecision("joined", "id:1", "id:2", 7))) == ALL


def test_a_record_without_an_id_or_address_can_be_decided_upon() -> None:
    two = person("1", "Anna Bell", domain="acme.com"), person("2", "Anna Bell", domain="acme.com")
    assert not together(*two, decisions=(decided("apart", "record:a/1", "record:a/2"),))


def test_one_record_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="record 1 of a"):
        resolve_people([person("1"), person("1")])


# laws

NAMES = [
    "",
    "Anna Bell",
    "A. Bell",
    "Bell Anna",
    "Ann Bell",
    "Anna Bell-Kurz",
    "Carl Kurz",
    "Anna",
    "John Smith",
    "J. Smith",
    "Jane Smith",
]
MAILS = [
    ANNA,
    "abell@acme.com",
    "anna.bell2@acme.com",
    "info@acme.com",
    "ab@gmail.com",
    "john.smith@other.com",
    "jsmith@other.com",
]
DOMAINS = [None, "acme.com", "other.com"]
FIRMS = [None, "Acme", "Other Inc", "Acme Group"]
mentions = st.lists(
    st.builds(
        lambda name, mails, domain, firm, phone, link, ids, source: (name, tuple(mails), domain, firm, phone, link, ids, source),
        st.sampled_from(NAMES), st.lists(st.sampled_from(MAILS), max_size=2), st.sampled_from(DOMAINS), st.sampled_from(FIRMS),
        st.sampled_from([(), ("123456789",)]), st.sampled_from([(), ("linkedin.com/in/a",), ("linkedin.com/in/b",)]),
        st.sampled_from([(), (), ("id:x",)]), st.sampled_from("ab"),
    ),
    min_size=2, max_size=8,
).map(
    lambda said: [
        Mention(source, str(n), name, mails, link, (f"id:{n}", *ids), None, firm, domain, None, phone)
        for n, (name, mails, domain, firm, phone, link, ids, source) in enumerate(said)
    ]
)  # fmt: skip
choices = st.lists(
    st.builds(
        HumanDecision, st.sampled_from(["joined", "apart"]), st.sampled_from([f"id:{n}" for n in range(5)]),
        st.sampled_from([f"id:{n}" for n in range(5)]), st.integers(1, 3),
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=200)
@given(mentions, choices, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_clusters_and_proposals(
    said: list[Mention], chosen: list[HumanDecision], chance
) -> None:
    expected = resolve_people(said, chosen)
    chance.shuffle(said)
    chance.shuffle(chosen)
    assert resolve_people(said, chosen) == expected


@settings(max_examples=200)
@given(mentions, st.integers(0, 7), st.integers(0, 7))
def test_a_single_decision_always_holds(said: list[Mention], a: int, b: int) -> None:
    one, other = a % len(said), b % len(said)
    if one == other or (set(said[one].ids) & set(said[other].ids)):
        return
    for kind, one_cluster in (("joined", True), ("apart", False)):
        found = resolve_people(said, [decided(kind, f"id:{one}", f"id:{other}")])
        assert any({str(one), str(other)} <= group for group in groups(found)) is one_cluster
        assert frozenset((str(one), str(other))) not in asked(found)


@settings(max_examples=200)
@given(mentions)
def test_proposals_are_between_clusters_and_each_pair_once(said: list[Mention]) -> None:
    found = resolve_people(said)
    home = {member: n for n, cluster in enumerate(found.clusters) for member in cluster.members}
    ends = [frozenset((home[p.one], home[p.other])) for p in found.proposals]
    assert all(len(end) == 2 for end in ends)
    assert len(set(ends)) == len(ends)
    assert all(0 <= p.score <= 100 and p.reasons for p in found.proposals)
