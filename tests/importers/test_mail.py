"""Mailboxes, Maildirs and single mails through the importer: what is claimed, read, left out and told about."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import asdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap.ingest.discovery import choose
from graphmap.ingest.protocol import Options, Probe, Raw
from graphmap.ingest.repairing import TextSource
from graphmap.ingest.sources import find_sources, neighbourhoods, probe
from graphmap.records import DisplayName, Excluded, Interaction, Rejected, Sourced
from graphmap_importers.mail import MailImporter
from graphmap_importers.mail_policy import REASONS
from graphmap_importers.mail_splitting import looks_like_mailbox

LINE = "From a@b Tue Mar  5 10:00:00 2024\n"
PLAIN = {"From": "me@own.example", "To": "you@far.example", "Date": "Tue, 5 Mar 2024 10:00:00 +0000"}


def text(**headers):
    """One header block; names with underscores, None leaves a usual header out."""
    all_headers = {**PLAIN, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return "".join(f"{name}: {value}\n" for name, value in all_headers.items() if value is not None)


def box(*mails):
    return "".join(f"{LINE}{mail}\nbody\n\n" for mail in mails)


@pytest.fixture(scope="session")
def convert(run, memory):
    def go(data, name="box/1.eml", options=None):
        return run(MailImporter(), [memory(name, data)], options)

    return go


def interactions(found):
    return {
        one.record.id: one.record
        for one in found
        if isinstance(one, Sourced) and isinstance(one.record, Interaction)
    }


def reason(found):
    (one,) = found
    assert isinstance(one, Excluded), one
    return one.reason


def who(found, role):
    (record,) = interactions(found).values()
    return [who for its, who in record.participants if its == role]


# What is claimed.


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a/All mail.mbox", box(text()), True),
        ("a/Sent", box(text()), True),
        ("a/mbox", box(text()), True),
        ("a/empty.mbox", "", True),
        ("a/1.eml", text() + "\nhi", True),
        ("a/1.eml", "no header at all", True),
        ("a/1.emlx", "120\n" + text() + "\nhi", True),
        ("a/cur/1700000000.M1P2.host:2,S", text() + "\nhi", True),
        ("a/new/1700000000.M1P2.host", "Return-Path: <a@b>\n" + text(), True),
        ("a/inbox/12.", text() + "\nhi", True),
        ("a/tmp/1700000000.M1P2.host", text(), False),
        ("a/cur/notes.txt", text(), False),
        ("a/letter.txt", "From: me\nTo: you\n\nhi", False),
        ("a/letter.txt", "From the beginning at 10:00 of 2024\nit was: so\n", False),
        ("a/interactions.csv", "From,To,Date\na,b,c\n", False),
        ("a/cur/1700000000.M1.host", "no header", False),
        ("a/1.eml", b"\xd0\xcf\x11\xe0" + b"\0" * 600, False),
        ("a/README", "Date: today\n", False),
        ("a/12", "1: one\n2: two\n", False),
        ("a/calendar.ics", "BEGIN:VCALENDAR\nVERSION:2.0\n", False),
    ],
)
def test_mail_is_known_by_its_beginning_and_foreign_text_is_left_alone(name, head, expected):
    head = head.encode() if isinstance(head, str) else head
    assert (MailImporter().identify(Probe(name, head), Options()) is not None) == expected


@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.txt", "x", "x.json"]))
def test_identifying_never_fails_and_never_takes_what_is_no_mailbox(data, name):
    claimed = MailImporter().identify(Probe(name, data), Options()) is not None
    assert claimed == looks_like_mailbox(data)


def test_it_is_registered_and_chosen(memory):
    choice = choose(probe(memory("a/x.mbox", box(text()))), Options())
    assert choice is not None
    assert choice.importer.name == "mail"


# What becomes of one mail.


def test_everything_of_a_plain_mail(convert):
    """P15: whose side somebody is on, and so the direction, is decided where our domains are known."""
    block = text(
        From="Anna Alm <Anna@Own.example>",
        To='"Berg, Bo" <bo@far.example>, all@far.example',
        Cc="Bo Berg <bo@far.example>",
        Bcc="cy@far.example",
        Message_ID="<M1@Own.example>",
        References="<Root@x> <m0@x>",
    )
    found = convert(block)
    assert interactions(found)["mail:m1@own.example"] == Interaction(
        "mail:m1@own.example",
        1709632800000,
        "email",
        (
            ("from", "anna@own.example"),
            ("to", "bo@far.example"),
            ("to", "all@far.example"),
            ("cc", "bo@far.example"),
            ("bcc", "cy@far.example"),
        ),
        None,
        "root@x",
    )
    assert [one.record for one in found[1:]] == [
        DisplayName("anna@own.example", "Anna Alm"),
        DisplayName("bo@far.example", "Berg, Bo"),
        DisplayName("bo@far.example", "Bo Berg"),
    ]
    assert {(one.source, one.object) for one in found} == {
        ("mail:box", "interactions"),
        ("mail:box", "display_names"),
    }
    assert [one.source_id for one in found] == [
        "mail:m1@own.example",
        "anna@own.example Anna Alm",
        "bo@far.example Berg, Bo",
        "bo@far.example Bo Berg",
    ]


def test_who_is_in_bcc_stands_there_with_that_role_only(convert):
    """P12."""
    assert who(convert(text(Bcc="cy@far.example")), "bcc") == ["cy@far.example"]


@pytest.mark.parametrize(
    ("headers", "thread"),
    [
        ({"References": "<r@x> <s@x>", "In_Reply_To": "<s@x>", "X_GM_THRID": "17"}, "r@x"),
        ({"In_Reply_To": "<S@x>", "X_GM_THRID": "17"}, "s@x"),
        ({"X_GM_THRID": "17"}, "own@x"),
        ({"References": "nothing", "In_Reply_To": ""}, "own@x"),
    ],
)
def test_a_conversation_is_called_by_its_first_mail_so_that_copies_in_two_mailboxes_are_equal(
    headers, thread, convert
):
    """P4: Gmail's number of a conversation differs from mailbox to mailbox."""
    assert interactions(convert(text(Message_ID="<own@x>", **headers)))["mail:own@x"].thread == thread


def test_a_mail_without_id_has_one_made_of_minute_sender_and_recipients(convert):
    """P5."""
    (one,) = interactions(convert(text(To="b@x.example, c@x.example", Bcc="d@x.example")))
    (same,) = interactions(
        convert(text(To="C@x.example", Cc="b@x.example", Date="Tue, 5 Mar 2024 11:00:40 +0100"))
    )
    (other,) = interactions(
        convert(text(To="b@x.example, c@x.example", Date="Tue, 5 Mar 2024 10:01:00 +0000"))
    )
    assert one == same
    assert one.startswith("mail:fp:")
    assert len(one) == len("mail:fp:") + 40
    assert one != other


def test_the_one_who_sends_for_another_is_kept_out(convert):
    """P11."""
    assert who(convert(text(Sender="assistant@own.example")), "from") == ["me@own.example"]
    assert who(convert(text(From=None, Sender="assistant@own.example")), "from") == ["assistant@own.example"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Original_From": "Cy Cole <cy@far.example>"},
        {"Reply_To": "Cy Cole <cy@far.example>", "List_ID": "Sales <sales.own.example>"},
    ],
)
def test_the_person_behind_a_group_that_rewrote_the_sender_is_the_sender(headers, convert):
    """P11."""
    found = convert(
        text(
            From="'Cy Cole' via Sales <sales@own.example>",
            To="sales@own.example, me@own.example",
            List_Post="<https://groups.example/sales/post>, <mailto:sales@own.example>",
            **headers,
        )
    )
    assert who(found, "from") == ["cy@far.example"]
    assert who(found, "to") == ["me@own.example"]
    assert [one.record for one in found[1:]] == [DisplayName("cy@far.example", "Cy Cole")]


def test_a_forwarded_mail_inside_is_no_interaction(convert):
    """P11."""
    inner = "\n---------- Forwarded message\n\nFrom: Old <old@far.example>\nTo: x@y.example\n"
    assert len(interactions(convert(text() + inner))) == 1


REASON_CASES = {
    "spam": [
        {"X_Gmail_Labels": "Spam,Unread"},
        {"X_Gmail_Labels": "Inbox,Courrier indésirable"},
        {"X_Spam_Flag": "YES"},
    ],
    "trash": [
        {"X_Gmail_Labels": label}
        for label in ("Trash", "Papierkorb", "Corbeille", "Papelera", "Cestino", "Prullenbak", "Lixeira")
    ],
    "draft": [
        {"X_Gmail_Labels": label}
        for label in ("Drafts", "Entwürfe", "Brouillons", "Borradores", "Bozze", "Concepten", "Rascunhos")
    ]
    + [{"X_Gmail_Labels": "=?UTF-8?Q?Wichtig,Entw=C3=BCrfe?="}, {"X_Folder": "\\Drafts"}],
    "chat": [{"X_Gmail_Labels": "Chat"}],
    "calendar_item": [
        {"X_Folder": "\\Calendar"},
        {"From": "<MAILER-DAEMON>", "Date": "Sun, 30 Nov 0002 00:00:00 -0800 (PST)", "To": None},
        {"Content_Type": "text/calendar; method=REQUEST"},
        {"Content_class": "urn:content-classes:calendarmessage"},
    ],
    "bounce": [
        {"From": "Mail Delivery <MAILER-DAEMON@far.example>"},
        {"From": "postmaster@far.example", "Auto_Submitted": "auto-replied"},
        {"Content_Type": 'multipart/report; report-type=delivery-status; boundary="x"'},
        {"X_Failed_Recipients": "a@b.example"},
    ],
    "read_receipt": [
        {"Content_Type": 'multipart/report; boundary=x;\n\treport-type="disposition-notification"'}
    ],
    "auto_reply": [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All", "Auto_Submitted": "auto-generated"},
        {"X_Auto_Response_Suppress": "All", "Return_Path": "<>"},
    ],
    "auto_generated": [{"Auto_Submitted": "auto-generated"}],
    "no_reply": [
        {"From": f"{local}@far.example"}
        for local in (
            "noreply",
            "no-reply",
            "do_not_reply",
            "donotreply",
            "billing-noreply",
            "no.reply+7",
            "Notifications",
            "bounces+7-a=b",
        )
    ],
    "list": [
        {"List_Id": "<talk.far.example>"},
        {"Precedence": "list"},
        {"List_Post": "<mailto:talk@far.example>", "To": "Talk <talk@far.example>"},
        {
            "List_Post": "<mailto:x@far.example>",
            "List_Id": "Talk <talk.far.example>",
            "To": "talk@far.example",
        },
    ],
    "newsletter": [
        {"List_Unsubscribe": "<https://far.example/u?7>"},
        {"List_Id": "<news.far.example>", "List_Unsubscribe": "<mailto:u@far.example>", "List_Post": "NO"},
    ],
    "bulk": [{"Precedence": "bulk"}, {"Precedence": "junk"}],
    "no_headers": [{"From": None, "To": "x@y.example", "Date": None}],
    "no_sender": [{"From": None}, {"From": "<MAILER-DAEMON>"}],
    "no_recipient": [{"To": None}, {"To": "undisclosed-recipients:;"}],
}


@pytest.mark.parametrize(
    ("expected", "headers"),
    [(expected, headers) for expected, cases in REASON_CASES.items() for headers in cases],
)
def test_what_is_no_contact_between_people_is_left_out_with_its_reason(expected, headers, convert):
    """P6, P7, P13."""
    assert reason(convert(text(**headers))) == expected


def test_every_reason_has_a_case():
    assert set(REASON_CASES) == set(REASONS)


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"Auto_Submitted": "no"},
        {"Return_Path": "<>"},
        {"X_Gmail_Labels": "Inbox,Important,Trash talk"},
        {"X_Folder": "\\Deleted Items"},
        {"From": "noreen.reply@far.example"},
        {"From": "sales@far.example"},
        {"Content_Type": "multipart/mixed; boundary=report-type=delivery-status"},
        {"Precedence": "normal"},
        {"X_Spam_Flag": "NO"},
    ],
)
def test_signs_that_people_send_too_are_no_reason(headers, convert):
    """P6, P8, P9: a role's address is kept as it stands; what it stands for is decided later."""
    assert len(interactions(convert(text(**headers)))) == 1


def test_a_mail_to_a_list_counts_for_those_it_names(convert):
    """P6."""
    found = convert(
        text(
            To="Talk <talk@far.example>, bo@far.example",
            Cc="cy@far.example",
            List_Post="<mailto:talk@far.example>",
            List_Unsubscribe="<mailto:u@x>",
        )
    )
    assert (who(found, "to"), who(found, "cc")) == (["bo@far.example"], ["cy@far.example"])


def test_flags_and_folders_of_a_maildir_say_what_is_trash_and_draft(convert):
    """P13."""
    assert reason(convert(text(), "m/cur/1700000000.M1.host:2,ST")) == "trash"
    assert reason(convert(text(), "m/cur/1700000000.M1.host:2,D")) == "draft"
    assert reason(convert(text(), "m/.Entwürfe/cur/1700000000.M1.host:2,S")) == "draft"
    assert reason(convert(box(text()), "Takeout/Mail/Spam.mbox")) == "spam"
    assert len(interactions(convert(box(text()), "Takeout/Mail/All mail Including Spam and Trash.mbox"))) == 1


# Mailboxes and their names.


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["x/Sales.mbox"], {"mail:Sales"}),
        (["x/Sent"], {"mail:Sent"}),
        (["x/Inbox/mbox"], {"mail:Inbox"}),
        (["x/Inbox.mbox/mbox"], {"mail:Inbox"}),
        (["x/Inbox.mbox/Messages/1.emlx"], {"mail:Inbox"}),
        (["a/b/1.eml", "a/b/2.eml"], {"mail:b"}),
        (["a.zip!1.eml"], {"mail:a"}),
        (["a.zip!in/1.eml"], {"mail:in"}),
        (["m/cur/1700000000.a", "m/new/1700000001.b", "m/.Sent/cur/1700000002.c"], {"mail:m", "mail:Sent"}),
    ],
)
def test_a_mailbox_is_called_by_its_file_or_folder_wherever_it_is_read_from(names, expected, memory, run):
    sources = [memory(name, box(text())) for name in names]
    deeper = [memory(f"elsewhere/{name}", box(text())) for name in names]
    for given_sources in (sources, deeper):
        assert {one.source for one in run(MailImporter(), given_sources)} == expected


def test_in_the_folder_itself_the_mailbox_has_the_name_of_that_folder(tmp_path, monkeypatch, run):
    folder = tmp_path / "Kunden"
    folder.mkdir()
    (folder / "1.eml").write_text(text())
    monkeypatch.chdir(folder)
    for path in ("1.eml", ".", "../Kunden"):
        assert {one.source for one in run(MailImporter(), find_sources([path]))} == {"mail:Kunden"}


def test_the_files_of_a_folder_are_one_part_with_a_running_offset(memory):
    sources = [memory(f"b/{n}.eml", text(Message_ID=f"<{n}@x>") + "\nbody" * n) for n in (3, 1, 2)]
    importer = MailImporter()
    (part,) = importer.plan(sources, Options())
    raws = list(importer.read(part, Options()))
    sizes = [source.size for source in sorted(sources, key=lambda one: one.name)]
    assert [raw.origin.file for raw in raws] == ["b/1.eml", "b/2.eml", "b/3.eml"]
    assert [raw.end for raw in raws] == [sum(sizes[: n + 1]) for n in range(3)]
    assert (part.source.name, part.source.size) == ("b", sum(sizes))
    with part.source.open() as stream:
        whole = stream.read()
    assert whole == b"".join(source.data for source in sorted(sources, key=lambda one: one.name))


def test_a_file_that_vanishes_costs_that_file_only(tmp_path, run):
    """P50."""
    for n in (1, 2, 3):
        (tmp_path / f"{n}.eml").write_text(text(Message_ID=f"<{n}@x>"))
    sources = find_sources([tmp_path])
    (tmp_path / "2.eml").unlink()
    found = run(MailImporter(), sources)
    assert list(interactions(found)) == ["mail:1@x", "mail:3@x"]
    (lost,) = (one for one in found if isinstance(one, Rejected))
    assert (lost.code, lost.origin.file) == ("unreadable_file", (tmp_path / "2.eml").as_posix())
    (part,) = MailImporter().plan(sources, Options())
    with pytest.raises(InputError), part.source.open() as stream:
        stream.read()


def test_a_mailbox_that_cannot_be_opened_is_an_error(tmp_path, run):
    (tmp_path / "x.mbox").write_text(box(text()))
    sources = find_sources([tmp_path])
    (tmp_path / "x.mbox").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        run(MailImporter(), sources)


def test_zips_maildirs_and_folders_give_the_same(tmp_path, run):
    mails = {f"{n}.eml": text(Message_ID=f"<{n}@x>") for n in range(5)}
    plain = tmp_path / "plain" / "box"
    plain.mkdir(parents=True)
    maildir = tmp_path / "md" / "box" / "cur"
    maildir.mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for n, (name, mail) in enumerate(mails.items()):
            (plain / name).write_text(mail)
            (maildir / f"170000000{n}.M1.host:2,S").write_text(mail)
            archive.writestr(f"box/{name}", mail)
    results = []
    for path in (plain, maildir.parent, tmp_path / "z.zip"):
        sources = find_sources([path])
        around = neighbourhoods(sources)
        importer = MailImporter()
        assert all(importer.identify(probe(one, around[one.name]), Options()) for one in sources)
        results.append([(one.record, one.source) for one in run(importer, sources)])
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 5


def test_an_eml_file_that_is_a_whole_mailbox_is_read_to_its_end(convert):
    assert (
        len(interactions(convert(box(text(Message_ID="<1@x>"), text(Message_ID="<2@x>")), "b/export.eml")))
        == 2
    )


def test_a_piece_without_sender_date_and_id_is_told_apart_and_left_out(convert):
    quoted = LINE + "Regards: me\n\nas I said\n\n"
    found = convert(box(text(Message_ID="<1@x>")) + quoted + box(text(Message_ID="<2@x>")), "b.mbox")
    assert list(interactions(found)) == ["mail:1@x", "mail:2@x"]
    assert [one.reason for one in found if isinstance(one, Excluded)] == ["no_headers"]


def test_places_are_lines_of_the_mailbox(convert):
    found = convert(box(text(), text(Date="never", From=None), text(To=None)), "b.mbox")
    lines = box(text(), text(Date="never", From=None), text(To=None)).splitlines()
    assert [one.origin.line for one in found] == [
        number for number, line in enumerate(lines, start=1) if line == LINE.strip()
    ]


# Again from the quarantine.


def test_what_was_set_aside_is_read_again_from_its_text_alone(memory, run):
    mails = [
        text(Date="never", Message_ID=f"<{n}@x>", X_Gmail_Labels="Inbox", Subject="secret") for n in (1, 2)
    ]
    data = "".join(f"From x@y Mon Jan  1 10:00:00 2094\n{mail}\nbody\n\n" for mail in mails)
    rejected = [one for one in run(MailImporter(), [memory("x/b.mbox", data)]) if isinstance(one, Rejected)]
    assert [one.code for one in rejected] == ["no_date", "no_date"]
    kept = "\n".join(str(one.raw) for one in rejected) + "\n"
    assert "secret" not in kept
    assert "body" not in kept
    importer = MailImporter()
    (part,) = importer.plan([TextSource("x/b.mbox", kept.encode())], Options())
    again = list(importer.read(part, Options()))
    assert [raw.origin.line for raw in again] == [1, 1 + str(rejected[0].raw).count("\n") + 1]
    assert [importer.convert(raw, part, Options()).raw for raw in again] == [one.raw for one in rejected]


# Laws.

WORD = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
ADDRESS = st.builds("{}@{}.example".format, WORD, WORD)
MAILS = st.lists(
    st.builds(
        lambda number, sender, people, copies, minute, label: text(
            Message_ID=f"<{number}@x>" if number % 4 else None,
            From=f"{sender.partition('@')[0].title()} Alm <{sender}>",
            To=", ".join(people),
            Cc=", ".join(copies) or None,
            Date=f"Tue, 5 Mar 2024 10:{minute:02}:00 +0000",
            X_Gmail_Labels=label,
        ),
        st.integers(0, 30),
        ADDRESS,
        st.lists(ADDRESS, min_size=1, max_size=3),
        st.lists(ADDRESS, max_size=2),
        st.integers(0, 59),
        st.sampled_from([None, "Inbox", "Spam"]),
    ),
    max_size=8,
)


def emitted(found):
    """What leaves the importer, without where it stood."""
    return [
        (one.record, one.object, one.source_id) if isinstance(one, Sourced) else getattr(one, "reason", None)
        for one in found
    ]


@given(MAILS, st.data())
def test_splitting_a_mailbox_into_two_files_gives_the_same(memory, run, mails, data):
    cut = data.draw(st.integers(0, len(mails)))
    whole = run(MailImporter(), [memory("b/box.mbox", box(*mails))])
    parts = [memory("b/box-1.mbox", box(*mails[:cut])), memory("b/box-2.mbox", box(*mails[cut:]))]
    assert emitted(run(MailImporter(), parts)) == emitted(whole)


@given(MAILS, st.randoms())
def test_the_order_of_files_does_not_matter(memory, run, mails, dice):
    sources = [memory(f"b/{n}.eml", mail) for n, mail in enumerate(mails)] + [memory("b/x.mbox", box(*mails))]
    shuffled = list(sources)
    dice.shuffle(shuffled)
    assert run(MailImporter(), shuffled) == run(MailImporter(), sources)


LINES = st.lists(
    st.sampled_from(
        [
            ">From x",
            "From me to you",
            "To: someone@else.example",
            "Date: now",
            "",
            "text",
            "From x Tue Mar  5 10:00:00 2024",
            "X-Gmail-Labels: Spam",
        ]
    )
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    max_size=8,
)


BEGINS_LIKE_A_MAIL = re.compile(r"\n\nFrom x Tue[^\n]*\n[!-9;-~]+[ \t]*:")


@given(MAILS, LINES)
def test_no_line_of_a_body_changes_what_is_read(memory, run, mails, lines):
    """A whole mail quoted as a mailbox inside a body is the one thing that cannot be told from a mail."""
    body = "begin\n" + "\n".join(lines) + "\nend\n\n"
    assume(not BEGINS_LIKE_A_MAIL.search(body))
    with_body = "".join(f"{LINE}{mail}\n{body}" for mail in mails)
    plain = box(*mails)
    for name in ("b.mbox", "b/1.eml"):
        found = [run(MailImporter(), [memory(name, data)]) for data in (with_body, plain)]
        assert emitted(found[0]) == emitted(found[1])


CANARIES = (
    "kanarie-subject",
    "kanarie-body",
    "kanarie-attachment",
    "kanarie-label",
    "kanarie-list",
    "kanarie-url",
    "kanarie-comment",
)


@pytest.mark.parametrize("date", ["Tue, 5 Mar 2024 10:00:00 +0000", "never"])
@pytest.mark.parametrize(
    "extra",
    [{}, {"List_Id": "kanarie-list <talk.far.example>", "List_Unsubscribe": "<https://kanarie-url.example>"}],
)
@pytest.mark.parametrize("kind", ["multipart/report", "application/pdf", "text/calendar"])
def test_no_word_that_people_wrote_leaves_the_reader(date, extra, kind, memory):
    """Bodies, subjects, names of attachments and own labels are in no record, raw or rejection."""
    block = text(
        Subject="kanarie-subject",
        Thread_Topic="kanarie-subject",
        Comments="kanarie-comment",
        Keywords="kanarie-comment",
        X_Gmail_Labels="Inbox,kanarie-label",
        Content_Type=f'{kind}; name="kanarie-attachment.pdf"',
        Content_Disposition='attachment; filename="kanarie-attachment.pdf"',
        Content_Description="kanarie-attachment",
        Date=date,
        **extra,
    )
    data = (
        f"From x@y Mon Jan  1 10:00:00 2094\n{block}\nkanarie-body\nSubject: kanarie-body\n\nkanarie-body\n\n"
    )
    importer = MailImporter()
    for name in ("b.mbox", "b/1.eml"):
        (part,) = importer.plan([memory(name, data)], Options())
        for raw in importer.read(part, Options()):
            assert isinstance(raw, Raw)
            done = importer.convert(raw, part, Options())
            shown = json.dumps(
                [asdict(raw), [asdict(one) for one in (done if isinstance(done, tuple) else (done,))]]
            )
            assert [word for word in CANARIES if word in shown] == []
