"""Hostile header blocks: what each becomes, as whole mails through the importer."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.ingest.protocol import Options, Raw
from graphmap.records import DisplayName, Excluded, Interaction, Rejected
from graphmap_importers.mail import MailImporter
from graphmap_importers.mail_addresses import clean_address, read_mailboxes
from graphmap_importers.mail_dates import envelope_time, header_time
from graphmap_importers.mail_headers import as_text, read_headers
from graphmap_importers.mail_names import clean_name, decoded

FROM, TO, DATE = "From: me@own.example\n", "To: you@far.example\n", "Date: Tue, 5 Mar 2024 10:00:00 +0000\n"


@pytest.fixture(scope="session")
def one(memory):
    """The result of one mail; headers that are missing are filled in unless ``whole``."""
    importer = MailImporter()

    def convert(block: str | bytes, *, whole: bool = False, options: Options | None = None):
        block = block if isinstance(block, bytes) else block.encode()
        names = {line.partition(b":")[0].strip().lower() for line in block.replace(b"\r", b"").split(b"\n")}
        if not whole:
            for name, line in ((b"from", FROM), (b"to", TO), (b"date", DATE)):
                block = block if name in names else line.encode() + block
        (part,) = importer.plan([memory("box/1.eml", block + b"\nbody\n")], options or Options())
        (raw,) = importer.read(part, Options())
        return importer.convert(raw, part, Options())

    return convert


def who(result, role):
    record = result[0].record
    assert isinstance(record, Interaction)
    return [who for its, who in record.participants if its == role]


def names(result):
    return {one.record.address: one.record.name for one in result if isinstance(one.record, DisplayName)}


def codes(result):
    return [notice.code for notice in result[0].notices]


def at(result):
    return datetime.fromtimestamp(result[0].record.at / 1000, UTC).replace(tzinfo=None).isoformat()


SENDERS = {
    "a comma inside an encoded name": (
        "=?utf-8?q?Alm=2C_Berta?= <b@x.example>",
        ["b@x.example"],
        {"b@x.example": "Alm, Berta"},
    ),
    "an address inside an encoded name": (
        "=?utf-8?q?boss=40own=2Eexample=3E=2C_?= <evil@x.example>",
        ["evil@x.example"],
        {},
    ),
    "an address inside a quoted name": ('"boss@own.example" <evil@x.example>', ["evil@x.example"], {}),
    "an encoded word inside quotes": (
        '"=?utf-8?B?SsO8cmdlbg==?=" <j@x.example>',
        ["j@x.example"],
        {"j@x.example": "Jürgen"},
    ),
    "two encoded words side by side": (
        "=?utf-8?q?J=C3=BCr?= =?utf-8?q?gen?= <j@x.example>",
        ["j@x.example"],
        {"j@x.example": "Jürgen"},
    ),
    "a character split between two encoded words": (
        "=?utf-8?q?M=C3?= =?utf-8?q?=BCller?= <m@x.example>",
        ["m@x.example"],
        {"m@x.example": "Müller"},
    ),
    "an unknown charset": ("=?x-none?q?Anna?= <a@x.example>", ["a@x.example"], {"a@x.example": "Anna"}),
    "broken base64": ("=?utf-8?b?SsO8cmdlb?= <a@x.example>", ["a@x.example"], {}),
    "plain UTF-8": (
        "Jürgen Groß <j@x.example>",
        ["j@x.example"],
        {"j@x.example": "Jürgen Groß"},
    ),
    "a comment behind the address": (
        "anna@x.example (Anna Alm)",
        ["anna@x.example"],
        {"anna@x.example": "Anna Alm"},
    ),
    "an address of Exchange's own": (
        '"Alm, A" </O=OWN/OU=EXCHANGE/CN=RECIPIENTS/CN=AALM>',
        ["/o=own/ou=exchange/cn=recipients/cn=aalm"],
        {},
    ),
    "a name broken by an export": (
        '<Alm>,"Anna" </O=OWN/OU=NA/CN=RECIPIENTS/CN=AALM>',
        ["/o=own/ou=na/cn=recipients/cn=aalm"],
        {},
    ),
    "a domain in letters": ("x@münchen.example", ["x@xn--mnchen-3ya.example"], {}),
    "the same domain in ASCII": ("x@xn--mnchen-3ya.example", ["x@xn--mnchen-3ya.example"], {}),
    "a quoted local part": ('"anna alm"@x.example', ['"anna alm"@x.example'], {}),
    "a plus and capitals": ("Anna.Alm+News@X.Example", ["anna.alm+news@x.example"], {}),
    "no blank behind the colon": ("a@x.example", ["a@x.example"], {}),
    "a name alone": ("Alm, Anna  ", ["Alm, Anna"], {}),
    "a last name before a comma without quotes": (
        "Alm, Anna <a@x.example>",
        ["a@x.example"],
        {"a@x.example": "Alm, Anna"},
    ),
    "an address said twice": ("Anna@x.example [mailto:Anna@x.example]", ["anna@x.example"], {}),
    "an old route": (
        "Anna Alm <@relay.example:anna@x.example>",
        ["anna@x.example"],
        {"anna@x.example": "Anna Alm"},
    ),
    "quotes around the address": ("<'anna@x.example'>", ["anna@x.example"], {}),
    "the address as its own name": ('"anna@x.example" <anna@x.example>', ["anna@x.example"], {}),
}


@pytest.mark.parametrize("case", SENDERS)
def test_a_sender_is_its_address_and_names_supply_none(case, one):
    """P1, P14, P46, P47, P48: which spellings are one person is decided where all of them are known."""
    value, expected, called = SENDERS[case]
    colon = "From:" if case.startswith("no blank") else "From: "
    result = one(f"{colon}{value}\n")
    assert who(result, "from") == expected
    assert names(result) == called


def test_old_encodings_are_read_by_rule(one):
    """P35."""
    result = one(b"From: J\xfcrgen <j@x.example>\nTo: Bj\xc3\xb6rn <b@x.example>\n")
    assert who(result, "from") == ["j@x.example"]
    assert names(result) == {"j@x.example": "Jürgen", "b@x.example": "Björn"}


RECIPIENTS = {
    "a group": (
        'Team: a@x.example, "B" <b@x.example>;, c@x.example',
        ["a@x.example", "b@x.example", "c@x.example"],
        0,
    ),
    "semicolons": ("a@x.example; b@x.example", ["a@x.example", "b@x.example"], 0),
    "an end that is no end": ("a@x.example, b@x.example,", ["a@x.example", "b@x.example"], 0),
    "a name among addresses": ("Anna Alm, b@x.example", ["Anna Alm", "b@x.example"], 0),
    "a word among addresses": ("everybody, b@x.example", ["b@x.example"], 1),
    "folded inside a name": (
        "Alexandra\n\tAlm <a@x.example>,\n Bo <b@x.example>",
        ["a@x.example", "b@x.example"],
        0,
    ),
    "an empty local part": ("@x.example, b@x.example", ["b@x.example"], 1),
    "a domain without a dot": ("root@localhost, b@x.example", ["b@x.example"], 1),
    "names with semicolons": ("Alm, Anna; Berg, Bo", ["Alm, Anna", "Berg, Bo"], 0),
    "names and directory": (
        "Ceder Bo, Alm, Anna </O=OWN/CN=RECIPIENTS/CN=AALM>, Berg, Bo </O=OWN/CN=RECIPIENTS/CN=BB>",
        ["Ceder Bo", "/o=own/cn=recipients/cn=aalm", "/o=own/cn=recipients/cn=bb"],
        0,
    ),
    "blanks and comments of old": (
        "Who? <one@x.test> (me), jdoe@test   . example",
        ["one@x.test", "jdoe@test.example"],
        0,
    ),
    "a quote that is never closed": ('"Anna <a@x.example>, b@x.example', ["a@x.example", "b@x.example"], 0),
    "an escaped quote": (
        r'"Giant; \"Big\" Box" <a@x.example>, b@x.example',
        ["a@x.example", "b@x.example"],
        0,
    ),
}


@pytest.mark.parametrize("case", RECIPIENTS)
def test_lists_are_split_before_anything_else(case, one):
    """P1."""
    value, expected, lost = RECIPIENTS[case]
    result = one(f"To: {value}\n")
    assert who(result, "to") == expected
    assert ("unresolved_recipients" in codes(result)) == bool(lost)


def test_several_headers_of_one_kind_count_together(one):
    assert who(one("To: a@x.example\nTo: b@x.example\n"), "to") == ["a@x.example", "b@x.example"]


def test_of_two_senders_headers_the_first_counts(one):
    assert who(one("From: a@x.example\nFrom: b@x.example\n"), "from") == ["a@x.example"]


@pytest.mark.parametrize(
    "block",
    [
        "FROM: a@x.example\nTO: b@x.example\n",
        "From:a@x.example\nTo:b@x.example\n",
        "From : a@x.example\nTo\t: b@x.example\n",
        "From: A <a@x.example>\r\nTo: B\r\n <b@x.example>\r\n",
        "From: a@x.example\nSubject: a\0b\nTo: b\0@x.example\n",
    ],
)
def test_headers_are_read_however_they_are_written(block, one):
    result = one(block)
    assert (who(result, "from"), who(result, "to")) == (["a@x.example"], ["b@x.example"])


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("To: undisclosed-recipients:;\n", "no_recipient"),
        ("To: <Undisclosed-Recipient:@x.example;>\n", "no_recipient"),
        ("From: \nTo: b@x.example\n", "no_sender"),
        ("From: MAILER-DAEMON\nReturn-Path: <>\n", "no_sender"),
        ("From: @x.example\n", "no_sender"),
    ],
)
def test_a_mail_from_nobody_or_to_nobody_is_left_out(block, reason, one):
    result = one(block)
    assert isinstance(result, Excluded)
    assert result.reason == reason


TIMES = {
    "Tue, 5 Mar 2024 10:00:00": "2024-03-05T10:00:00",
    "Tue, 5 Mar 2024 10:00:00 -0000": "2024-03-05T10:00:00",
    "Tue, 5 Mar 2024 10:00:00 PST": "2024-03-05T18:00:00",
    "Tue, 5 Mar 2024 10:00:00 GMT+0100": "2024-03-05T09:00:00",
    "2024-03-05T10:00:00Z": "2024-03-05T10:00:00",
    "5 Mar 24 10:00:00 +0000": "2024-03-05T10:00:00",
    "Tue, 5 Mar 2024 10:00:00 +0000 (UTC)": "2024-03-05T10:00:00",
    "Tue, 5 Mar 2024 10:00:60 +0000": "2024-03-05T10:00:59",
    "Tue,  5 Mar 2024 10:00 +0100": "2024-03-05T09:00:00",
}


@pytest.mark.parametrize("text", TIMES)
def test_times_are_read_in_the_forms_that_occur(text, one):
    """P2."""
    assert at(one(f"Date: {text}\n")) == TIMES[text]


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "Sat, 31 Feb 2024 10:00:00 +0000",
        "Tue, 5 Mar 2024 24:00:00 +0000",
        "Tue, 5 Mar 0100 10:00:00 +0000",
        "Tue, 5 Mar 2024 10:00:00 +9999",
        "Sun, 30 Nov 0002 00:00:00 -0800 (PST)",
        "Sun, 30 Nov 0002 00:00:00 PST",
        "Mon, 31 Dec 1979 16:00:00 -0800",
        "Tue, 5 Mar 2098 10:00:00 +0000",
    ],
)
def test_a_time_that_cannot_be_true_gives_way_to_the_next_and_at_last_the_mail_is_set_aside(text, one):
    """P2, P52."""
    alone = one(f"Date: {text}\nSubject: secret\n")
    assert isinstance(alone, Rejected)
    assert (alone.code, alone.column, alone.value) == ("no_date", "Date", text)
    assert alone.raw is not None
    assert "secret" not in alone.raw
    received = "Received: from a by b; Tue, 5 Mar 2024 11:00:00 +0100\nReceived: from c by a; Mon, 4 Mar 2024 11:00:00 +0100\n"
    result = one(f"{received}Date: {text}\n")
    assert at(result) == "2024-03-05T10:00:00"
    assert codes(result) == ["other_date"]
    envelope = one(f"From x@y Tue Mar  5 10:00:00 2024\nDate: {text}\n{FROM}{TO}", whole=True)
    assert at(envelope) == "2024-03-05T10:00:00"
    assert codes(envelope) == ["other_date"]


def test_a_mail_without_any_time_is_set_aside(one):
    assert isinstance(one(FROM + TO, whole=True), Rejected)


def test_a_time_without_offset_is_in_the_zone_of_the_user_and_else_told_about(one):
    told = one("Date: Tue, 5 Mar 2024 10:00:00\n")
    assert (at(told), codes(told)) == ("2024-03-05T10:00:00", ["no_offset"])
    named = one("Date: Tue, 5 Mar 2024 10:00:00\n", options=Options(tz="Europe/Berlin"))
    assert (at(named), codes(named)) == ("2024-03-05T09:00:00", [])
    assert codes(one("Date: Tue, 5 Mar 2024 10:00:00 -0000\n")) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("From 1723853304940284153@xxx Fri Feb 04 17:10:22 +0000 2022", "2022-02-04T17:10:22"),
        ("From - Tue Mar 05 10:00:00 2024", "2024-03-05T10:00:00"),
        ("From a@b Tue Mar  5 10:00 2024", "2024-03-05T10:00:00"),
        ("From a@b Tue Mar  5 10:00:00 CET 2024", "2024-03-05T10:00:00"),
        ("From a@b 2024-03-05T10:00:00Z", "2024-03-05T10:00:00"),
    ],
)
def test_the_from_line_has_a_time(line, expected):
    found = envelope_time(line)
    assert found is not None
    assert datetime.fromtimestamp(found[0] / 1000, UTC).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Message-ID:\n <ABC@x.example>\n", "mail:abc@x.example"),
        ("Message-ID: <[abc]@x.example>\n", "mail:[abc]@x.example"),
        ("Message-ID: abc@x.example\n", "mail:abc@x.example"),
        ("Message-ID: <1234   @   local .example> (comment)\n", "mail:1234@local.example"),
    ],
)
def test_the_id_is_the_message_id(header, expected, one):
    """P5."""
    assert one(header)[0].record.id == expected


def test_ten_thousand_recipients_are_cut_and_told_about_without_a_stall(one):
    """P10, P44."""
    many = ",\n ".join(f"P{i} <p{i}@far.example>" for i in range(200))
    assert who(one(f"To: {many}\n"), "to") == [f"p{i}@far.example" for i in range(200)]
    begin = time.process_time()
    result = one("To: " + ",\n ".join(f"P{i} <p{i}@far.example>" for i in range(10_000)) + "\n")
    assert who(result, "to") == [f"p{i}@far.example" for i in range(1_000)]
    assert set(codes(result)) == {"too_many_recipients", "long_headers"}
    assert time.process_time() - begin < 5


def test_a_header_block_of_a_megabyte_is_cut_and_told_about(one):
    """P44."""
    result = one(FROM + TO + DATE + "X-Junk: " + "x" * 1_000_000 + "\nCc: late@far.example\n", whole=True)
    assert codes(result) == ["long_headers"]
    assert who(result, "cc") == []


@pytest.mark.parametrize(
    "value",
    [
        '"' + '\\"' * 120_000,
        "(" + "\\(" * 120_000,
        "<" * 250_000,
        '"' * 250_001,
        "," * 250_000,
        "a@" * 120_000,
        " " * 250_000 + "x",
        "=?utf-8?q?" * 25_000,
        ":" * 250_000,
        "(" * 250_000,
        "a." * 120_000 + "@x",
    ],
)
def test_no_header_takes_forever(value, one):
    """P44: the time grows with the length, not with its square."""
    begin = time.process_time()
    read_mailboxes([value])
    clean_name(value)
    clean_address(value)
    header_time(value)
    read_headers(b"List-Id: " + value.encode() + b"\nList-Post: " + value.encode())
    one(f"To: {value}\nCc: you@far.example\n")
    assert time.process_time() - begin < 5


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
pieces = st.lists(
    st.sampled_from(
        [
            '"',
            "\\",
            "<",
            ">",
            "(",
            ")",
            ",",
            ";",
            ":",
            "@",
            " ",
            "a@b.example",
            "/o=X/cn=Y",
            "Anna",
            "=?utf-8?q?=C3=BC?=",
            ".",
        ]
    ),
    max_size=25,
).map("".join)


@given(pieces | texts)
def test_any_list_is_read_and_every_address_in_it_is_one(value):
    found, lost = read_mailboxes([value])
    assert lost >= 0
    for who, _ in found:
        assert who == who.strip()
        if "@" in who:
            assert clean_address(who) == who


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z]{1,8}@[a-z]{1,5}\.example", fullmatch=True),
            st.from_regex(r"[A-Z][a-z]{1,9}( [A-Z][a-z]{1,9})?", fullmatch=True),
        )
    )
)
def test_what_is_written_as_the_standard_says_comes_back(people):
    value = ", ".join(f'"{name}" <{address}>' for address, name in people)
    assert [tuple(one) for one in read_mailboxes([value]).found] == people


@given(st.binary(max_size=300))
def test_any_block_is_read_and_its_text_reads_as_the_same(data):
    cells = read_headers(data)
    assert read_headers(as_text(cells).encode()) == cells


@given(texts)
def test_any_name_is_clean_or_none(text):
    name = clean_name(text)
    assert "@" not in name
    assert clean_name(name) == name
    assert isinstance(decoded(text), str)


@given(texts | st.from_regex(r"\w{3}, \d{1,4} \w{3} \d{1,5} \d\d:\d\d:\d\d [+-]\d{4}", fullmatch=True))
def test_any_date_is_read_or_none(text):
    found = header_time(text)
    assert found is None or isinstance(found[0], int)
    envelope_time(text)


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2024, 1, 1)),  # noqa: DTZ001 - hypothesis wants them naive
    st.integers(-12 * 60, 14 * 60),
)
def test_a_date_as_the_standard_writes_it_is_exact(naive, minutes):
    from datetime import timedelta, timezone
    from email.utils import format_datetime

    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert header_time(format_datetime(moment)) == (int(moment.timestamp()) * 1000, True)


def test_a_single_mail_gives_one_raw_record(memory):
    importer = MailImporter()
    (part,) = importer.plan([memory("box/1.eml", FROM + TO + DATE)], Options())
    (raw,) = importer.read(part, Options())
    assert isinstance(raw, Raw)
    assert (raw.origin.file, raw.origin.line, raw.end) == ("box/1.eml", 1, len(FROM + TO + DATE))
