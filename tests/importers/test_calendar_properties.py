"""Laws of calendars: how a file is cut and what people wrote in it change nothing; series are those of the libraries."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graphmap.ingest.protocol import Options
from graphmap.records import Interaction, Sourced
from graphmap_importers.calendar_files import YEAR_AHEAD, YEARS_BACK
from tests.importers.calendars import CALENDAR, NOW, calendar, event

SOME = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

FIRST, LAST = datetime(2023, 1, 1), datetime(2024, 6, 1)  # noqa: DTZ001 - times on a wall
moments = st.datetimes(FIRST, LAST).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def rules(draw):
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    rule = f"FREQ={frequency}"
    if draw(st.booleans()):
        rule += f";INTERVAL={draw(st.integers(1, 4))}"
    if frequency == "WEEKLY" and draw(st.booleans()):
        rule += ";BYDAY=" + ",".join(
            draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
        )
    if frequency == "MONTHLY" and draw(st.booleans()):
        rule += draw(
            st.sampled_from((";BYDAY=1TU", ";BYDAY=-1FR", ";BYMONTHDAY=31", ";BYDAY=MO,TU;BYSETPOS=-1"))
        )
    end = draw(st.sampled_from(("", "COUNT", "UNTIL")))
    if end == "COUNT":
        rule += f";COUNT={draw(st.integers(1, 30))}"
    if end == "UNTIL":
        rule += f";UNTIL={draw(moments) + timedelta(days=200):%Y%m%dT%H%M%SZ}"
    return rule


@st.composite
def series(draw, uid="a"):
    """A series with exceptions and moved occurrences that are occurrences of its rule, as most files have them."""
    zone, start, rule = draw(st.sampled_from(ZONES)), draw(moments), draw(rules())

    def when(name, at):
        return f"{name};TZID={zone}:{at:%Y%m%dT%H%M%S}" if zone else f"{name}:{at:%Y%m%dT%H%M%S}Z"

    step = {"D": 1, "W": 7}.get(rule[5], 0)
    lines = [f"UID:{uid}", when("DTSTART", start), f"RRULE:{rule}"]
    moved = []
    if step:
        for place in draw(st.lists(st.integers(0, 8), max_size=3, unique=True)):
            lines.append(when("EXDATE", start + timedelta(days=step * place)))
        for place in draw(st.lists(st.integers(9, 14), max_size=2, unique=True)):
            meant = start + timedelta(days=step * place)
            shift = timedelta(minutes=draw(st.integers(-2000, 2000)))
            moved.append(event(f"UID:{uid}", when("RECURRENCE-ID", meant), when("DTSTART", meant + shift)))
    if draw(st.booleans()):
        lines.append(when("RDATE", draw(moments)))
    parts = [event(*lines), *moved]
    return draw(st.permutations(parts))


def by_the_libraries(text):
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(text))
    today = NOW.replace(hour=0, minute=0)
    return sorted(
        one["DTSTART"].dt.astimezone(UTC) for one in query.between(today - YEARS_BACK, today + YEAR_AHEAD)
    )


@SOME
@given(series())
def test_series_are_those_of_the_libraries_on_the_whole_file(memory, run, parts):
    text = calendar(*parts)
    found = run(CALENDAR, [memory("a.ics", text)])
    held = sorted(
        datetime.fromtimestamp(one.record.at / 1000, UTC)
        for one in found
        if isinstance(one, Sourced) and isinstance(one.record, Interaction) and not one.notices
    )
    assert held == by_the_libraries(text)


def facts(found):
    """What comes out, without the places in the file."""
    told = []
    for one in found:
        if isinstance(one, Sourced):
            told.append((repr(one.record), one.source_id, tuple(notice.code for notice in one.notices)))
        else:
            told.append((getattr(one, "reason", None) or one.code, "", ()))
    return sorted(told)


@SOME
@given(st.data())
def test_splitting_a_file_by_uid_and_the_order_of_files_do_not_matter(memory, run, data):
    count = data.draw(st.integers(2, 4))
    groups = [data.draw(series(uid=f"u{number}@x")) for number in range(count)]
    cut = data.draw(st.integers(1, count - 1))
    mixed = [part for group in groups for part in group]
    random.Random(data.draw(st.integers(0, 99))).shuffle(mixed)
    # Equal ranks are told apart by their place, so versions of one occurrence must not change places: here there are none.
    whole = run(CALENDAR, [memory("cal.ics", calendar(*mixed))])
    halves = [
        memory(f"{name}/cal.ics", calendar(*(part for group in some for part in group)))
        for name, some in (("x", groups[:cut]), ("y", groups[cut:]))
    ]
    assert facts(run(CALENDAR, halves)) == facts(run(CALENDAR, halves[::-1])) == facts(whole)
    assert {one.source for one in whole if isinstance(one, Sourced)} <= {"calendar:cal"}


OPTIONS = Options()
CANARY = "kanarienvogel"
WRITTEN = (
    "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "URL", "CATEGORIES", "ATTACH;FILENAME=kanarienvogel.pdf",
    "X-ALT-DESC;FMTTYPE=text/html", "CONFERENCE;VALUE=URI", "X-GOOGLE-CONFERENCE", "X-APPLE-STRUCTURED-LOCATION",
    "DESCRIPTION;ALTREP=\"cid:kanarienvogel\"", "summary", "X-SOMETHING-NEW",
)  # fmt: skip
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\x85\u2028"), max_size=60)


@SOME
@given(
    st.lists(st.tuples(st.sampled_from(WRITTEN), text, st.booleans()), max_size=6),
    st.sampled_from(("ok", "bad", "cut")),
)
def test_what_people_wrote_changes_nothing_and_is_nowhere(memory, run, written, state):
    """P23."""
    lines = [
        "UID:a@x",
        "DTSTART:20240108T090000Z" if state == "ok" else "DTSTART:soon",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    ]
    extra = []
    for name, words, folded in written:
        value = f"{CANARY} {words}"
        extra.append(f"{name}:{value[:5]}\r\n {value[5:]}" if folded else f"{name}:{value}")
    results = []
    for more in ([], extra):
        whole = calendar(
            event(lines[0], *more, *lines[1:], "BEGIN:VALARM\r\nDESCRIPTION:kanarienvogel\r\nEND:VALARM"),
            head=("X-WR-CALNAME:kanarienvogel", "X-WR-CALDESC:kanarienvogel"),
        )
        source = memory("a.ics", whole[:-27] if state == "cut" else whole)
        (part,) = CALENDAR.plan([source], OPTIONS)
        raws = list(CALENDAR.read(part, OPTIONS))
        assert CANARY not in repr(raws)
        found = run(CALENDAR, [source])
        assert CANARY not in repr(found)
        results.append(facts(found))
    assert results[0] == results[1]


@SOME
@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_bytes_crash_it(memory, run, junk, place):
    whole = calendar(
        event("UID:a", "DTSTART:20240108T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20240109T090000Z")
    ).encode()
    place = min(place, len(whole))
    for data in (junk, whole[:place] + junk + whole[place:]):
        assert run(CALENDAR, [memory("a.ics", data)])


@SOME
@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=;,:+-T", max_size=60),
    st.sampled_from(("RRULE", "EXDATE", "RDATE", "DTSTART")),
)
def test_no_value_crashes_it(memory, run, value, name):
    assume("SECONDLY" not in value)
    found = run(
        CALENDAR, [memory("a.ics", calendar(event("UID:a", "DTSTART:20240108T090000Z", f"{name}:{value}")))]
    )
    assert found
