from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap_importers.cells import Problem, Reading, number_cell, participants_cell
from graphmap_importers.times import NotADateError, day, moment, moment_as, zone

NEW_YEAR = 1767225600000


@pytest.mark.parametrize(
    ("text", "at", "offset"),
    [
        ("2026-01-01T00:00:00Z", NEW_YEAR, True),
        ("2026-01-01t00:00z", NEW_YEAR, True),
        ("2026-01-01 01:00:00+0100", NEW_YEAR, True),
        ("2026-01-01 01:00:00 +01:00", NEW_YEAR, True),
        ("2026-01-01 00:00 UTC", NEW_YEAR, True),
        ("20260101T000000Z", NEW_YEAR, True),
        ("2026-01-01T00:00:00.1239Z", NEW_YEAR + 123, True),
        ("2025-12-31T23:59:59.9999Z", NEW_YEAR - 1, True),
        ("2026-01-01", NEW_YEAR, False),
        ("2026-01-01T00", NEW_YEAR, False),
        ("1969-12-31T23:59:59.999Z", -1, True),
    ],
)
def test_common_shapes(text, at, offset):
    assert moment(text) == (at, offset)


@pytest.mark.parametrize(
    "text",
    ["", "2026-02-30T00:00Z", "2026-01-01x00:00", "1767225600", "2026-W01-1", "2026-1-1", "01/02/2026", "now",
     "2026-01-01T25:00Z", "0001-01-01T00:00+05:00", "2026-01-01T00:00:00+25:00", "٢٠٢٦-01-01T00:00Z"],
)  # fmt: skip
def test_what_is_no_time(text):
    with pytest.raises(NotADateError):
        moment(text)


def test_a_time_that_the_clock_shows_twice_or_never():
    berlin = zone("Europe/Berlin")
    assert moment("2026-10-25T02:30:00", berlin)[0] == moment("2026-10-25T00:30:00Z")[0]
    assert moment("2026-03-29T02:30:00", berlin)[0] == moment("2026-03-29T01:30:00Z")[0]


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_every_time_with_an_offset_is_exact(local, minutes):
    aware = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert moment(aware.isoformat()) == (expected, True)
    assert day(aware.isoformat()) == aware.astimezone(UTC).date().isoformat()


def test_forms_of_a_mapping():
    assert moment_as("31.01.2026", ["iso", "%d.%m.%Y"]) == (moment("2026-01-31")[0], False)
    assert moment_as("46053.25", ["excel"]) == (moment("2026-01-31T06:00")[0], False)
    assert moment_as("46053,25", ["excel"]) == moment_as("46053.25", ["excel"])
    for text in ("59", "nan", "1e99", "x"):
        with pytest.raises(NotADateError):
            moment_as(text, ["excel"])


@pytest.mark.parametrize("text", ["1_000", "nan", "inf", "1e999", "12,5", "€5", "٣", "--1", "."])
def test_what_is_no_number(text):
    with pytest.raises(Problem) as caught:
        number_cell(text, "amount")
    assert (caught.value.code, caught.value.column, caught.value.value) == ("number", "amount", text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234.567,5", 1234567.5),
        ("1 234,5", 1234.5),
        ("-0,5", -0.5),
        ("1.5", None),
        ("1.23", None),
        ("1234", 1234),
    ],
)
def test_decimal_commas(text, value):
    """P36."""
    reading = Reading(decimal=",")
    if value is not None:
        assert number_cell(text, "amount", reading) == value
    else:
        with pytest.raises(Problem, match="1234,50"):
            number_cell(text, "amount", reading)


def test_a_long_value_is_shown_in_part():
    with pytest.raises(Problem) as caught:
        participants_cell("x" * 10_000)
    assert len(caught.value.value) == 200
