"""What a calendar says becomes meetings, one per occurrence; the cases that other readers stumble over."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from graphmap.errors import ConfigError, InputError
from graphmap.ingest.protocol import API, Importer, Options, Probe
from graphmap.records import DisplayName, Excluded, Interaction, Rejected, Sourced
from tests.importers.calendars import CALENDAR, NOW, calendar, event

BERLIN = "DTSTART;TZID=Europe/Berlin:"


@pytest.fixture
def read(memory, run):
    def go(*texts, options=None, importer=CALENDAR):
        sources = [
            memory(f"rep{number}.ics", text if isinstance(text, bytes) else text.encode())
            for number, text in enumerate(texts)
        ]
        return run(importer, sources, options)

    return go


def meetings(found):
    return [one for one in found if isinstance(one, Sourced) and isinstance(one.record, Interaction)]


def starts(found):
    return [f"{datetime.fromtimestamp(one.record.at / 1000, UTC):%m-%d %H:%M}" for one in meetings(found)]


def reasons(found):
    return [
        one.reason if isinstance(one, Excluded) else one.code for one in found if not isinstance(one, Sourced)
    ]


def codes(one):
    return [notice.code for notice in one.notices]


def test_it_is_an_importer():
    assert isinstance(CALENDAR, Importer)
    assert (CALENDAR.api, CALENDAR.name) == (API, "calendar")


@pytest.mark.parametrize(
    ("name", "head", "sure"),
    [
        ("a.ics", b"BEGIN:VCALENDAR\r\n", 0.9),
        ("a.txt", b"\xef\xbb\xbf\r\nbegin:vcalendar\n", 0.9),
        ("x.zip!cal/a.ICS", "BEGIN:VCALENDAR\n".encode("utf-16"), 0.9),
        ("a.ics", b"BEGIN:VEVENT\n", 0.6),
        ("a.ics", b"<html>", 0.3),
        ("a.eml", b"From: x\n\nBEGIN:VCALENDAR\n", None),
        ("a.vcf", b"BEGIN:VCARD\n", None),
    ],
)
def test_files_are_known_by_what_stands_in_them(name, head, sure):
    found = CALENDAR.identify(Probe(name, head), Options())
    assert (found and found.confidence) == sure


def test_a_meeting_has_its_people_its_names_and_ids_that_any_copy_has(read):
    """P16."""
    found = read(calendar(event("UID:m1@x", "DTSTART:20240108T090000Z")))
    meeting, *names = [one.record for one in found]
    assert meeting == Interaction(
        id="ev:m1@x#20240108T090000Z",
        at=1704704400000,
        kind="meeting",
        participants=(("organizer", "rep@us.example"), ("attendee", "ann@acme.example")),
        thread="m1@x",
    )
    assert names == [DisplayName("rep@us.example", "Rep One"), DisplayName("ann@acme.example", "Ann Ode")]
    assert {one.source for one in found} == {"calendar:rep0"}


def test_every_occurrence_is_a_meeting_once_and_only_in_the_window(read):
    """P17, P52."""
    found = read(calendar(event("UID:a", "DTSTART:20100104T090000Z", "RRULE:FREQ=WEEKLY")))
    ids = [one.record.id for one in meetings(found)]
    assert len(ids) == len(set(ids)) == 313
    first, last = meetings(found)[0].record.at, meetings(found)[-1].record.at
    today = NOW.replace(hour=0, minute=0).timestamp() * 1000
    assert today - first <= 1826 * 86_400_000
    assert last < today + 366 * 86_400_000
    assert [len(names(found)), meetings(found)[0].origin.position] == [2, "occurrence 20190708T090000Z"]


def names(found):
    return [one for one in found if isinstance(one, Sourced) and isinstance(one.record, DisplayName)]


def test_the_clock_is_asked_once_and_a_day_reads_the_same(memory, run):
    asked = []

    def now():
        asked.append(1)
        return NOW.replace(hour=len(asked))

    importer = type(CALENDAR)(now)
    source = memory("a.ics", calendar(event("UID:a", "DTSTART:20100104T090000Z", "RRULE:FREQ=DAILY")))
    first = run(importer, [source])
    assert asked == [1]
    assert run(importer, [source]) == first


def test_nine_in_the_morning_stays_nine_when_the_clock_changes(read):
    """P21."""
    found = read(calendar(event("UID:a", f"{BERLIN}20240325T090000", "RRULE:FREQ=WEEKLY;COUNT=2")))
    assert starts(found) == ["03-25 08:00", "04-01 07:00"]


def test_a_calendar_that_writes_its_own_zone_as_utc_repeats_in_its_zone(read):
    """P21."""
    text = calendar(
        event("UID:a", "DTSTART:20240325T080000Z", "RRULE:FREQ=WEEKLY;COUNT=2"),
        head=("X-WR-TIMEZONE:Europe/Berlin",),
    )
    assert starts(read(text)) == ["03-25 08:00", "04-01 07:00"]


ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
X-NOTE:no zone knows this line
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("W. Europe Standard Time", 7),
        ('"(UTC-05:00) Eastern Time (US & Canada)"', 13),
        ('"Amsterdam, Belgrade, Berlin, Brussels, Budapest"', 7),
        ('"(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi"', 3),
        ("/freeassociation.sourceforge.net/Europe/Berlin", 7),
        ("/mozilla.org/20070129_1/America/New_York", 13),
        ("/Europe/Stockholm", 7),
        ("tzone://Microsoft/Utc", 9),
        ("UTC+02", 7),
        ("(GMT+10:00) Nowhere at all", 23),
    ],
)
def test_zones_under_any_name_are_understood(read, zone, hour):
    """P21."""
    (meeting,) = meetings(read(calendar(event("UID:a", f"DTSTART;TZID={zone}:20240625T090000"))))
    assert datetime.fromtimestamp(meeting.record.at / 1000, UTC).hour == hour
    assert codes(meeting) == []


def test_a_quote_around_zone_and_time_is_seen_through(read):
    found = read(calendar(event("UID:a", 'DTSTART;TZID="W. Europe Standard Time:20240625T090000"')))
    assert (starts(found), codes(meetings(found)[0])) == (["06-25 07:00"], [])


def test_a_zone_defined_in_the_file_counts_also_when_it_stands_behind_the_event(read):
    inside = event("UID:a", "DTSTART;TZID=Customized Time Zone:20240625T090000")
    for text in (calendar(ZONE, inside), calendar(inside, ZONE)):
        (meeting,) = meetings(read(text))
        assert (starts([meeting]), codes(meeting)) == (["06-25 07:00"], [])


def test_zones_of_one_calendar_do_not_reach_another(read):
    other = ZONE.replace("+0200", "+0900").replace("+0100", "+0900")
    inside = event("UID:a", "DTSTART;TZID=Customized Time Zone:20240625T090000")
    found = read(calendar(ZONE, inside), calendar(other, inside.replace("UID:a", "UID:b")))
    assert starts(found) == ["06-25 07:00", "06-25 00:00"]


@pytest.mark.parametrize(
    ("head", "tz", "when", "notices"),
    [
        ((), None, "06-25 09:00", ["no_offset"]),
        ((), "America/New_York", "06-25 13:00", []),
        (("X-WR-TIMEZONE:Europe/Berlin",), "America/New_York", "06-25 07:00", []),
        (tuple(ZONE.splitlines()), None, "06-25 07:00", []),
    ],
)
def test_floating_times_are_in_the_calendars_zone_then_the_users_then_utc(read, head, tz, when, notices):
    """P21."""
    found = read(calendar(event("UID:a", "DTSTART:20240625T090000"), head=head), options=Options(tz=tz))
    assert starts(found) == [when]
    assert codes(meetings(found)[0]) == notices


def test_a_zone_nobody_knows_is_told(read):
    """P21."""
    found = read(calendar(event("UID:a", "DTSTART;TZID=tzone://Microsoft/Custom:20240625T090000")))
    assert codes(meetings(found)[0]) == ["unknown_zone", "no_offset"]
    hostile = ZONE.replace("YEARLY", "SECONDLY")
    text = calendar(hostile, event("UID:a", "DTSTART;TZID=Customized Time Zone:20240625T090000"))
    assert codes(meetings(read(text))[0]) == ["unknown_zone", "no_offset"]


def test_a_zone_of_the_user_that_does_not_exist_stops_the_import(memory):
    with pytest.raises(ConfigError, match="no time zone"):
        CALENDAR.plan([memory("a.ics", "")], Options(tz="Mars/Base"))


SERIES = ("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=WEEKLY;COUNT=4")


def test_a_moved_occurrence_has_its_new_time_under_its_old_id(read):
    """P17."""
    moved = event("UID:a", "RECURRENCE-ID:20240115T090000Z", "DTSTART:20240116T110000Z")
    found = read(calendar(moved, event(*SERIES)))
    assert starts(found) == ["01-08 09:00", "01-16 11:00", "01-22 09:00", "01-29 09:00"]
    assert [one.record.id[-16:] for one in meetings(found)][1] == "20240115T090000Z"
    assert meetings(found)[1].origin.line == 3


def test_a_move_of_this_and_all_following_keeps_every_id(read):
    change = event("UID:a", "RECURRENCE-ID;RANGE=THISANDFUTURE:20240122T090000Z", "DTSTART:20240122T140000Z")
    found = read(calendar(event(*SERIES), change))
    assert starts(found) == ["01-08 09:00", "01-15 09:00", "01-22 14:00", "01-29 14:00"]
    ids = [one.record.id for one in meetings(found)]
    assert ids == [f"ev:a#202401{day}T090000Z" for day in ("08", "15", "22", "29")]


def test_a_single_occurrence_without_its_series_is_a_meeting(read):
    only = event("UID:a", "RECURRENCE-ID;TZID=Europe/Berlin:20240115T100000", f"{BERLIN}20240116T120000")
    (meeting,) = meetings(read(calendar(only)))
    assert (meeting.record.id, starts([meeting])) == ("ev:a#20240115T090000Z", ["01-16 11:00"])


@pytest.mark.parametrize("way", ["override", "exdate", "exdate_day", "exdate_zone"])
def test_a_cancelled_occurrence_is_a_meeting_that_everybody_declined(read, way):
    """P18."""
    cancel = event("UID:a", "RECURRENCE-ID:20240115T090000Z", "DTSTART:20240115T090000Z", "STATUS:CANCELLED")
    excepted = {
        "exdate": "EXDATE:20240108T090000Z,20240115T090000Z",
        "exdate_day": "EXDATE;VALUE=DATE:20240108,20240115",
        "exdate_zone": "EXDATE;TZID=Europe/Berlin:20240108T100000,20240115T100000",
    }
    parts = [event(*SERIES), cancel] if way == "override" else [event(*SERIES, excepted[way])]
    found = {one.record.id[-16:-8]: one for one in meetings(read(calendar(*parts)))}
    assert len(found) == 4
    gone, held = found["20240115"], found["20240122"]
    assert {role for role, _ in gone.record.participants} == {"declined"}
    assert {who for _, who in gone.record.participants} == {who for _, who in held.record.participants}
    assert codes(gone) == ["cancelled"]
    assert codes(held) == []


def test_a_cancelled_series_takes_its_moved_occurrences_along(read):
    """P18."""
    moved = event("UID:a", "SEQUENCE:1", "RECURRENCE-ID:20240115T090000Z", "DTSTART:20240116T110000Z")
    later = event("UID:a", "SEQUENCE:2", "RECURRENCE-ID:20240129T090000Z", "DTSTART:20240130T110000Z")
    gone = event(*SERIES, "SEQUENCE:1", "STATUS:CANCELLED")
    found = meetings(read(calendar(moved, gone, later)))
    assert [codes(one) for one in found] == [["cancelled"], ["cancelled"], ["cancelled"], []]


def test_a_cancellation_by_mail_finds_the_rule_and_the_people_of_what_it_cancels(read):
    """P18."""
    message = calendar(
        event("UID:a", "SEQUENCE:1", "DTSTART:20240108T090000Z", people=("ORGANIZER:mailto:rep@us.example",)),
        head=("METHOD:CANCEL",),
    )
    found = read(calendar(event(*SERIES), head=("METHOD:REQUEST",)) + message)
    assert len(meetings(found)) == 4
    assert all(codes(one) == ["cancelled"] for one in meetings(found))
    assert ("declined", "ann@acme.example") in meetings(found)[0].record.participants
    assert reasons(found) == ["superseded"]


def test_an_answer_to_an_invitation_is_no_meeting(read):
    answer = calendar(event("UID:a", "SEQUENCE:9", "DTSTART:20240108T090000Z"), head=("METHOD:REPLY",))
    found = read(calendar(event("UID:a", "DTSTART:20240108T090000Z")) + answer)
    assert (starts(found), reasons(found)) == (["01-08 09:00"], ["answer"])


def test_the_higher_sequence_counts_then_the_later_stamp(read):
    def version(sequence, stamp, start):
        return event(
            "UID:a", f"SEQUENCE:{sequence}", f"DTSTAMP:202401{stamp:02}T000000Z", f"DTSTART:{start}T090000Z"
        )

    versions = [version(2, 1, "20240110"), version(0, 9, "20240108"), version(2, 3, "20240111")]
    for order in (versions, versions[::-1]):
        found = read(calendar(*order))
        assert (starts(found), reasons(found)) == (["01-11 09:00"], ["superseded", "superseded"])


def test_until_a_day_includes_that_day(read):
    found = read(calendar(event("UID:a", f"{BERLIN}20240108T090000", "RRULE:FREQ=WEEKLY;UNTIL=20240122")))
    assert starts(found) == ["01-08 08:00", "01-15 08:00", "01-22 08:00"]


def test_whole_days_stay_their_day(read):
    """P20."""
    text = calendar(
        event(
            "UID:a", "DTSTART;VALUE=DATE:20240108", "DTEND;VALUE=DATE:20240110", "RRULE:FREQ=YEARLY;COUNT=2"
        ),
        head=("X-WR-TIMEZONE:Pacific/Auckland",),
    )
    found = read(text, options=Options(tz="America/New_York"))
    assert [one.record.id for one in meetings(found)] == ["ev:a#20240108", "ev:a#20250108"]
    assert starts(found) == ["01-08 00:00", "01-08 00:00"]


@pytest.mark.parametrize(
    ("lines", "people", "reason"),
    [
        (("DTSTART;VALUE=DATE:20240108",), (), "all_day"),
        (("DTSTART:20240108T090000Z",), (), "nobody"),
        (("DTSTART:20240108T090000Z",), ("ORGANIZER:mailto:a@us.example",), "nobody"),
        (("DTSTART:20240108T090000Z", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), (), "out_of_office"),
        (("DTSTART:20240108T090000Z", "CLASS:PRIVATE"), None, "private"),
        (("DTSTART:20240108T090000Z", "CLASS:confidential"), None, "private"),
        (("DTSTART:20240108T090000Z",), ("ATTENDEE;CUTYPE=ROOM:mailto:room@us.example",), "nobody"),
        (("DTSTART:20240108T090000Z",), ("ATTENDEE:mailto:c_1@resource.calendar.google.com",), "nobody"),
        (("DTSTART:20240108T090000Z",), ("ATTENDEE:invalid:nomail",), "no_address"),
        (("DTSTART:16010101T000000Z",), None, "outside_window"),
        (("DTSTART:99991231T235959Z",), None, "outside_window"),
        (("DTSTART;TZID=Asia/Tokyo:00010101T000000",), None, "outside_window"),
        (("DTSTART:20080108T090000Z", "RRULE:FREQ=DAILY;COUNT=3"), None, "outside_window"),
        (("DTSTART:20240108T090000Z", "RRULE:FREQ=DAILY;UNTIL=20240101T000000Z"), None, "no_occurrence"),
    ],
)
def test_what_is_no_meeting_of_people_is_left_out_with_its_reason(read, lines, people, reason):
    """P20, P22, P23."""
    one = event("UID:a", *lines) if people is None else event("UID:a", *lines, people=people)
    found = read(calendar(one))
    assert reasons(found) == [reason]
    assert len(found) == 1


def test_an_absence_with_guests_is_a_meeting(read):
    """P20."""
    found = read(calendar(event("UID:a", "DTSTART:20240108T090000Z", "X-MICROSOFT-CDO-BUSYSTATUS:OOF")))
    assert len(meetings(found)) == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ATTENDEE:MAILTO:Z@Z.example", ("attendee", "z@z.example")),
        ("ATTENDEE:z@z.example", ("attendee", "z@z.example")),
        ("ATTENDEE:mailto: mailto:z@z.example", ("attendee", "z@z.example")),
        ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:z@z.example", ("attendee", "z@z.example")),
        ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:z@z.example", ("attendee", "z@z.example")),
        ("ATTENDEE;partstat=declined:mailto:z@z.example", ("declined", "z@z.example")),
        ("ATTENDEE;PARTSTAT=DELEGATED:mailto:z@z.example", ("declined", "z@z.example")),
        ("ATTENDEE;EMAIL=z@z.example:urn:uuid:123", ("attendee", "z@z.example")),
        (
            "ATTENDEE:MAILTO:/O=ACME/OU=X/CN=RECIPIENTS/CN=JDOE",
            ("attendee", "/o=acme/ou=x/cn=recipients/cn=jdoe"),
        ),
        ('ATTENDEE;CN="a;b:c,d":mailto:z@z.example', ("attendee", "z@z.example")),
    ],
)
def test_attendees_are_found_in_every_spelling(read, line, expected):
    """P14, P19."""
    people = ("ORGANIZER:mailto:rep@us.example", line)
    (meeting,) = meetings(read(calendar(event("UID:a", "DTSTART:20240108T090000Z", people=people))))
    assert meeting.record.participants == (("organizer", "rep@us.example"), expected)


@pytest.mark.parametrize(
    ("line", "notices"),
    [
        ("ATTENDEE:invalid:nomail", ["no_address"]),
        ("ATTENDEE:urn:uuid:123", ["no_address"]),
        ("ATTENDEE;CUTYPE=GROUP:mailto:team@us.example", ["group"]),
        ("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:info@us.example", ["not_participating"]),
        ("ATTENDEE;CUTYPE=RESOURCE:mailto:beamer@us.example", []),
        ("ATTENDEE;CUTYPE=INDIVIDUAL:mailto:c_188@resource.calendar.google.com", []),
    ],
)
def test_rooms_lists_and_people_without_address_are_nobody(read, line, notices):
    """P22."""
    people = ("ORGANIZER:mailto:rep@us.example", "ATTENDEE:mailto:ann@acme.example", line)
    (meeting,) = meetings(read(calendar(event("UID:a", "DTSTART:20240108T090000Z", people=people))))
    assert [who for _, who in meeting.record.participants] == ["rep@us.example", "ann@acme.example"]
    assert codes(meeting) == notices


def test_an_organizer_takes_part_unless_their_own_line_says_no(read):
    """P19."""
    for answer, role in (("NEEDS-ACTION", "organizer"), ("DECLINED", "declined")):
        people = (
            "ORGANIZER:mailto:rep@us.example",
            f"ATTENDEE;PARTSTAT={answer}:mailto:REP@us.example",
            "ATTENDEE:mailto:ann@acme.example",
        )
        (meeting,) = meetings(read(calendar(event("UID:a", "DTSTART:20240108T090000Z", people=people))))
        assert meeting.record.participants[0] == (role, "rep@us.example")
        assert len(meeting.record.participants) == 2


def test_who_writes_for_somebody_is_not_the_organizer(read):
    """P11."""
    people = (
        'ORGANIZER;CN="Smith, J";SENT-BY="mailto:pa@us.example":MAILTO:J@us.example',
        "ATTENDEE;CN=ann@acme.example:mailto:ann@acme.example",
    )
    found = read(calendar(event("UID:a", "DTSTART:20240108T090000Z", people=people)))
    assert meetings(found)[0].record.participants[0] == ("organizer", "j@us.example")
    assert [one.record for one in names(found)] == [DisplayName("j@us.example", "Smith, J")]


@pytest.mark.parametrize(
    ("lines", "code", "column"),
    [
        (("UID:a",), "no_start", "DTSTART"),
        (("UID:a", "DTSTART:2024-01-08 09:00"), "date", "DTSTART"),
        (("UID:a", "DTSTART:20240230T090000Z"), "date", "DTSTART"),
        (("UID:a", "DTSTART:20240108T090000Z", "RECURRENCE-ID:soon"), "date", "RECURRENCE-ID"),
        (("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=SOMETIMES"), "rule", "RRULE"),
        (("UID:a", "DTSTART:20240108T090000Z", "RRULE:COUNT=3"), "rule", "RRULE"),
        (("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=DAILY;INTERVAL=0"), "rule", "RRULE"),
        (("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=DAILY;BYHOUR=77"), "rule", "RRULE"),
        (("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=DAILY;UNTIL=never"), "rule", "RRULE"),
        (("UID:a", "DTSTART:20240108T090000Z", "RRULE:RSCALE=CHINESE;FREQ=YEARLY"), "rule", "RRULE"),
        (
            ("UID:a", "DTSTART:20240108T090000Z", "EXDATE:" + "20240108T090000Z," * 70_000),
            "too_long",
            "EXDATE",
        ),
    ],
)
def test_a_bad_event_is_set_aside_alone_with_its_place_and_reason(read, lines, code, column):
    found = read(calendar(event(*lines), event("UID:ok", "DTSTART:20240109T090000Z")))
    (bad,) = [one for one in found if isinstance(one, Rejected)]
    assert (bad.code, bad.column, bad.origin.line, bool(bad.message), bool(bad.remedy)) == (
        code,
        column,
        3,
        True,
        True,
    )
    assert len(bad.value or "") <= 200
    assert starts(found) == ["01-09 09:00"]


def test_a_bad_rule_leaves_its_moved_occurrences(read):
    moved = event("UID:a", "RECURRENCE-ID:20240115T090000Z", "DTSTART:20240116T110000Z")
    found = read(calendar(event("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=DAILY;BYHOUR=77"), moved))
    assert (reasons(found), starts(found)) == (["rule"], ["01-16 11:00"])


def test_odd_lines_cost_nothing(read):
    found = read(
        calendar(
            event(
                "UID:a",
                "garbage line",
                ":",
                ";;;:",
                "DTSTART:20240108T090000Z",
                "DTEND:20240107T090000Z",
                "EXRULE:x",
            ),
            event(
                "UID:b",
                "DTSTART:20240109T090000Z",
                "RDATE:20240110T090000Z,whenever",
                "RRULE:FREQ=DAILY;COUNT=1",
            ),
            event("DTSTART:20240111T090000Z"),
        )
    )
    assert starts(found) == ["01-08 09:00", "01-09 09:00", "01-10 09:00", "01-11 09:00"]
    assert [codes(one) for one in meetings(found)] == [
        ["end_before_start", "exrule"], ["ignored_date"], ["ignored_date"], ["no_uid"],
    ]  # fmt: skip


def test_rules_with_blanks_negative_counts_and_two_ends_are_followed(read):
    rules = ("FREQ=DAILY;BYDAY=MO, TU;COUNT=3;", "FREQ=DAILY;COUNT=-1;UNTIL=20240109T090000Z",
             "FREQ=DAILY;COUNT=5;UNTIL=20240109T090000Z")  # fmt: skip
    for rule, count in zip(rules, (3, 2, 2), strict=True):
        found = read(calendar(event("UID:a", "DTSTART:20240108T090000Z", f"RRULE:{rule}")))
        assert (reasons(found), len(meetings(found))) == ([], count)


def test_a_file_that_was_cut_off_keeps_what_stands_before_the_cut(read):
    whole = calendar(event("UID:a", "DTSTART:20240108T090000Z"), event("UID:b", "DTSTART:20240109T090000Z"))
    found = read(whole[:-30])
    assert (starts(found), reasons(found)) == (["01-08 09:00"], ["unclosed"])
    assert [one.origin.line for one in found if isinstance(one, Rejected)] == [9]


def test_an_event_that_never_ends_costs_itself(read):
    open_event = event("UID:a", "DTSTART:20240108T090000Z").replace("END:VEVENT\r\n", "")
    found = read(calendar(open_event, event("UID:b", "DTSTART:20240109T090000Z")))
    assert (starts(found), reasons(found)) == (["01-09 09:00"], ["unclosed"])


def test_several_calendars_and_bare_events_in_one_file(read):
    one, two = event("UID:a", "DTSTART:20240108T090000Z"), event("UID:b", "DTSTART:20240109T090000Z")
    for text in (calendar(one) + calendar(two), one + two):
        assert starts(read(text)) == ["01-08 09:00", "01-09 09:00"]


def test_other_components_are_counted_as_what_they_are(read):
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nATTENDEE:mailto:alarm@x.example\r\nEND:VALARM"
    text = calendar(
        "BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\nBEGIN:VJOURNAL\r\nEND:VJOURNAL\r\nBEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\n",
        event("UID:a", alarm, "DTSTART:20240108T090000Z"),
    )
    found = read(text)
    assert reasons(found) == ["todo", "journal", "free_busy", "alarm"]
    assert meetings(found)[0].record.participants[1:] == (("attendee", "ann@acme.example"),)


def test_a_file_without_a_calendar_says_so(read):
    for text in ("", "hello\n", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"):
        assert reasons(read(text)) == ["no_calendar"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_old_and_new_programs(read, encoding):
    """P35."""
    people = ("ATTENDEE;CN=Zoë Müller:mailto:zoe@acme.example",)
    text = calendar(event("UID:a", "DTSTART:20240108T090000Z", people=people))
    for ends in (text, text.replace("\r\n", "\n"), text.replace("\r\n", "\r")):
        found = read(ends.encode(encoding))
        assert [one.record for one in names(found)] == [DisplayName("zoe@acme.example", "Zoë Müller")]


def test_utf16_that_does_not_say_so_is_read(read):
    """P35."""
    text = calendar(event("UID:a", "DTSTART:20240108T090000Z"))
    assert starts(read(text.encode("utf-16-le"))) == ["01-08 09:00"]


def test_moves_to_the_ends_of_time_do_not_take_the_series_along(read):
    for rid, start in (("20240115T090000Z", "99991231T235959Z"), ("00010101T000000", "20240116T090000Z")):
        moved = event("UID:a", f"RECURRENCE-ID;TZID=Asia/Tokyo:{rid}", f"DTSTART;TZID=Asia/Tokyo:{start}")
        found = read(calendar(event(*SERIES), moved))
        assert [one.record.id[3:] for one in meetings(found) if "202401" in one.record.id] in (
            [f"a#202401{day}T090000Z" for day in ("08", "22", "29")],
            [f"a#202401{day}T090000Z" for day in ("08", "15", "22", "29")],
        )
        assert "rule" not in reasons(found)


def test_lines_folded_inside_a_character_are_whole_again(read):
    name = "ATTENDEE;CN=Zoë Ode:mailto:zoe@acme.example".encode()
    cut = name.index("ë".encode()) + 1
    text = calendar(event("UID:a", "DTSTART:20240108T090000Z", people=("@",))).encode()
    found = read(text.replace(b"@", name[:cut] + b"\r\n " + name[cut:]))
    assert [one.record.name for one in names(found)] == ["Zoë Ode"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=2000000000",
        "FREQ=SECONDLY;BYSECOND=0,30;COUNT=2000000000",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYHOUR=3",
        "FREQ=HOURLY;BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
        "FREQ=DAILY;INTERVAL=999999999",
        "FREQ=YEARLY;BYMONTH=1;BYYEARDAY=366",
        "FREQ=YEARLY;" + ";".join(f"BY{n}=" + ",".join(map(str, range(top))) for n, top in (("HOUR", 24), ("MINUTE", 60), ("SECOND", 60))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["20240108T090000Z", "16010101T090000Z"])
def test_no_rule_stalls_the_import(read, rule, start):
    """P17, P44."""
    begin = time.process_time()
    found = read(
        calendar(
            event("UID:a", f"DTSTART:{start}", f"RRULE:{rule}"), event("UID:b", "DTSTART:20240109T090000Z")
        )
    )
    assert time.process_time() - begin < 5
    assert len(meetings(found)) <= 5_001
    assert "ev:b#20240109T090000Z" in {one.record.id for one in meetings(found)}


def test_a_series_with_too_many_occurrences_is_cut_and_says_so(read):
    """P44."""
    found = meetings(read(calendar(event("UID:a", "DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY"))))
    assert [len(found), starts(found[:1]), starts(found[-1:])] == [5_000, ["01-01 00:00"], ["01-01 01:23"]]
    assert [codes(one) for one in found[:2]] == [["cut"], []]


@pytest.mark.parametrize(
    ("rule", "step"),
    [
        ("FREQ=DAILY;INTERVAL=5", 5),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,FR", 21),
        ("FREQ=HOURLY;INTERVAL=120", 5),
    ],
)
def test_an_old_series_keeps_its_step(read, rule, step):
    """P17."""
    text = calendar(event("UID:a", "DTSTART:19990105T090000Z", f"RRULE:{rule}"))
    early = read(text, importer=type(CALENDAR)(lambda: datetime(2003, 1, 1, tzinfo=UTC)))
    phases = [
        {one.record.at // 86_400_000 % step for one in meetings(found)} for found in (early, read(text))
    ]
    assert phases[0] == phases[1]


def test_an_old_series_that_counts_ends_when_it_should(read):
    """P17."""
    for rule in ("FREQ=DAILY;COUNT=7520", "FREQ=DAILY;BYHOUR=9;COUNT=7520"):
        found = read(calendar(event("UID:a", "DTSTART:19990105T090000Z", f"RRULE:{rule}")))
        assert (starts(found)[0], starts(found)[-1], len(meetings(found))) == (
            "07-02 09:00",
            "08-07 09:00",
            37,
        )


def test_an_event_with_ten_thousand_people_keeps_a_thousand(read):
    """P44."""
    people = tuple(f"ATTENDEE:mailto:p{number:05}@x.example" for number in range(10_000))
    (meeting,) = meetings(read(calendar(event("UID:a", "DTSTART:20240108T090000Z", people=people))))
    assert (len(meeting.record.participants), codes(meeting)) == (1_000, ["many_people"])


def test_a_source_that_breaks_in_the_middle_names_the_line(memory, run):
    class Broken:
        name, size = "a.ics", 10

        def open(self):
            class Stream:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    return None

                def read(self, size):
                    return b"BEGIN:VCALENDAR\n"

                def readline(self, size):
                    raise OSError("the disk is gone")

            return Stream()

    with pytest.raises(InputError, match="the disk is gone") as caught:
        run(CALENDAR, [Broken()])
    assert (caught.value.file, caught.value.line) == ("a.ics", 1)
