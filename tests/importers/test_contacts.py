"""Contacts of every kind become people; a firm they name by name alone stays a name."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap.ingest.discovery import choose
from graphmap.ingest.protocol import Importer, Options, Probe
from graphmap.ingest.sources import find_sources, probe
from graphmap.records import Excluded, Person, Rejected, Sourced
from graphmap_importers.contacts_csv import GoogleContactsImporter, OutlookContactsImporter
from graphmap_importers.linkedin import LinkedinImporter
from graphmap_importers.vcards import VcardImporter

SOME = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
VCARD, LINKEDIN, GOOGLE, OUTLOOK = (
    VcardImporter(), LinkedinImporter(), GoogleContactsImporter(), OutlookContactsImporter(),
)  # fmt: skip
CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
BEFORE = "First Name,Last Name,Email Address,Company,Position,Connected On\n"


def people(found):
    return [one.record for one in found if isinstance(one, Sourced)]


def reasons(found):
    return [
        one.reason if isinstance(one, Excluded) else one.code for one in found if not isinstance(one, Sourced)
    ]


def card(*lines):
    return "\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD", ""))


@pytest.mark.parametrize(
    ("name", "head", "importer"),
    [
        ("a.vcf", b"\xef\xbb\xbfBEGIN:VCARD\r\n", "vcard"),
        ("contacts", b"begin:vcard\n", "vcard"),
        ("Connections.csv", b'Notes:\n"When exporting, you"\n\n' + CONNECTIONS.encode(), "linkedin"),
        ("x.csv", BEFORE.encode(), "linkedin"),
        ("contacts.csv", b"First Name,Last Name,Labels,E-mail 1 - Value\n", "google-contacts"),
        (
            "google.csv",
            "\ufeffName,Given Name,Family Name,Group Membership\n".encode("utf-16-le"),
            "google-contacts",
        ),
        (
            "contacts.csv",
            b'"First Name","Last Name","Company","E-mail Address"\r\n"J\xfc"',
            "outlook-contacts",
        ),
        ("contacts.csv", b"first name;last name;company;e-mail address\r\n", "outlook-contacts"),
        ("contacts.csv", b"First Name,Last Name,Mail\n", None),
        ("a.csv", b"", None),
    ],
)
def test_files_are_known_by_their_header(name, head, importer):
    found = choose(Probe(name, head), Options())
    assert (found and found.importer.name) == importer


def test_they_are_importers():
    assert all(isinstance(one, Importer) for one in (VCARD, LINKEDIN, GOOGLE, OUTLOOK))


def test_a_connection_without_profile_has_an_id_that_a_new_job_does_not_change(memory, run):
    rows = [f"Ann,Ode,,{firm},CEO,07 Dec 2025\n" for firm in ("Acme", "Beta")]
    ids = [people(run(LINKEDIN, [memory("Connections.csv", BEFORE + row)]))[0].id for row in rows]
    assert ids[0] == ids[1]


def test_a_profile_is_the_same_in_every_spelling(memory, run):
    urls = (
        "https://www.linkedin.com/in/Ann-Ode",
        "linkedin.com/in/ann-ode/?miniProfile=x",
        "http://de.linkedin.com/in/ann-ode/de",
        "https://linkedin.com/in/ann%2Dode#top",
    )
    for url in urls:
        (one,) = people(run(LINKEDIN, [memory("C.csv", CONNECTIONS + f"Ann,Ode,{url},,,,\n")]))
        assert (one.id, one.links) == ("linkedin:linkedin.com/in/ann-ode", ("linkedin.com/in/ann-ode",))


def test_a_file_without_its_header_says_what_is_missing(memory):
    """P34."""
    with pytest.raises(InputError, match="no header that begins with first name") as caught:
        LINKEDIN.plan([memory("Connections.csv", 'Notes:\n"x"\n')], Options())
    assert caught.value.file == "Connections.csv"


def test_a_firm_known_by_name_only_stays_a_name(memory, run):
    """P45."""
    found = people(run(LINKEDIN, [memory("C.csv", CONNECTIONS + "Ann,Ode,,a@gmail.com,Acme,,\n")]))
    assert [(type(one), one.firm, one.firm_name) for one in found] == [(Person, None, "Acme")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_in_the_encodings_of_old_and_new_programs(memory, run, encoding):
    """P35."""
    text = (
        '"First Name","Last Name","Company","E-mail Address"\r\n"Jürgen","Groß","Acme","j@acme.example"\r\n'
    )
    (one,) = people(run(OUTLOOK, [memory("c.csv", text.encode(encoding))]))
    assert one.name == "Jürgen Groß"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_cards_in_the_encodings_of_old_and_new_programs(memory, run, encoding, ends):
    """P35."""
    text = card("VERSION:3.0", "FN:Jürgen Groß", "ORG:Acme;Einkauf").replace("\r\n", ends)
    (one,) = people(run(VCARD, [memory("c.vcf", text.encode(encoding))]))
    assert (one.name, one.firm_name, one.department) == ("Jürgen Groß", "Acme", "Einkauf")


def test_one_broken_card_costs_itself(memory, run):
    whole = (
        card("FN:Ann")
        + "BEGIN:VCARD\r\nFN:Open\r\ngarbage\r\n"
        + card("garbage", "FN:Bo", "N:")
        + "BEGIN:VCARD\r\nFN:Cut"
    )
    found = run(VCARD, [memory("c.vcf", whole)])
    assert ([one.name for one in people(found)], reasons(found)) == (["Ann", "Bo"], ["unclosed", "unclosed"])
    assert [one.origin.line for one in found if isinstance(one, Rejected)] == [4, 12]


def test_a_soft_break_does_not_swallow_the_end(memory, run):
    lines = ("FN;ENCODING=QUOTED-PRINTABLE:Ann=20=\r\nOde", "NOTE;ENCODING=QUOTED-PRINTABLE:x=")
    assert [one.name for one in people(run(VCARD, [memory("c.vcf", card(*lines) + card("FN:Bo"))]))] == [
        "Ann Ode",
        "Bo",
    ]


def test_private_cards_are_left_out(memory, run):
    """P23."""
    assert reasons(run(VCARD, [memory("c.vcf", card("FN:Ann", "CLASS:PRIVATE"))])) == ["private"]


def test_a_file_without_cards_says_so(memory, run):
    assert reasons(run(VCARD, [memory("c.vcf", "hello\n")])) == ["no_card"]


FILES = {
    "vcf": (VCARD, "", [card(f"UID:{n}", f"FN:Person {n}", f"EMAIL:p{n}@x.example") for n in range(6)]),
    "linkedin": (LINKEDIN, CONNECTIONS, [f"P,{n},linkedin.com/in/p{n},,,,\n" for n in range(6)]),
    "google": (
        GOOGLE,
        "First Name,Last Name,Labels,E-mail 1 - Value\n",
        [f"P,{n},,p{n}@x.example\n" for n in range(6)],
    ),
    "outlook": (
        OUTLOOK,
        "First Name,Last Name,Company,E-mail Address\n",
        [f"P,{n},,p{n}@x.example\n" for n in range(6)],
    ),
}


@SOME
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.integers(0, 5), max_size=8),
    st.lists(st.integers(0, 5), max_size=8),
)
def test_who_stands_in_several_files_is_told_once_whatever_the_order_and_the_folder(
    memory, run, kind, one, two
):
    importer, head, rows = FILES[kind]
    texts = [head + "".join(rows[number] for number in some) for some in (one, two)]
    told = set()
    for folders in (("x", "y"), ("y", "x")):
        sources = [memory(f"{folder}/list", text) for folder, text in zip(folders, texts, strict=True)]
        for order in (sources, sources[::-1]):
            found = people(run(importer, order))
            assert len({person.id for person in found}) == len(found)
            told.add(frozenset(found))
    assert told == {
        frozenset(people(run(importer, [memory("list", head + "".join(rows[n] for n in (*one, *two)))])))
    }


CANARY = "kanarienvogel"


@SOME
@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029"), max_size=40
    ),
    st.booleans(),
)
def test_notes_pictures_and_unknown_columns_are_nowhere(memory, run, words, bad):
    words = f"{CANARY} {words}".replace('"', "'")
    cell = f'"{words}"'
    tables = [
        (
            GOOGLE,
            "First Name,Last Name,Labels,E-mail 1 - Value,Notes,Birthday\n",
            f"A,B,,a@x.example,{cell},{cell}",
        ),
        (
            OUTLOOK,
            "First Name,Last Name,Company,E-mail Address,Notes,Home Street\n",
            f"A,B,,a@x.example,{cell},{cell}",
        ),
        (LINKEDIN, CONNECTIONS.replace("\n", ",Note\n"), f"A,B,,,,,,{cell}"),
    ]
    for importer, head, row in tables:
        source = memory("c.csv", head + row + (",\n" if bad else "\n"))
        (part,) = importer.plan([source], Options())
        assert CANARY not in repr(list(importer.read(part, Options())))
        assert CANARY not in repr(run(importer, [source]))
    text = card("FN:Ann", f"NOTE:{words}", f"ADR:;;{words}", f"X-NEW:{words}", f"item1.X-ABLABEL:{words}")
    source = memory("c.vcf", text[:-14] if bad else text)
    (part,) = VCARD.plan([source], Options())
    assert CANARY not in repr(list(VCARD.read(part, Options())))
    assert CANARY not in repr(run(VCARD, [source]))


@SOME
@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_bytes_crash_the_cards(memory, run, junk, place):
    whole = card(
        "FN;ENCODING=QUOTED-PRINTABLE:A=\r\nB", "N:a;b", "EMAIL;TYPE=x:a@b.example", "ORG:x;y"
    ).encode()
    place = min(place, len(whole))
    for data in (junk, whole[:place] + junk + whole[place:]):
        assert run(VCARD, [memory("c.vcf", data)])


def test_every_public_card_is_read_left_out_or_set_aside(test_data, run):
    facts = json.loads((test_data / "robustness_vcard" / "facts.json").read_text("utf-8"))
    told = {one["file"]: one["raw_begin"] for one in facts["files"]}
    checked = 0
    for source in find_sources([test_data / "robustness_vcard"]):
        if not source.name.endswith(".vcf"):
            continue
        assert VCARD.identify(probe(source), Options()) is not None
        begin = time.process_time()
        found = run(VCARD, [source])
        assert time.process_time() - begin < 5
        name = source.name[source.name.index("robustness_vcard") :]
        with source.open() as stream:
            count = len(re.findall(rb"(?mi)^BEGIN:VCARD", stream.read()))
        assert len(found) == count == told.get(name, count)
        assert all(one.message and one.remedy for one in found if isinstance(one, Rejected))
        checked += count
    assert checked >= 26
