"""P37: one row decides for a whole column; where none does, the import stops and asks."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap.ingest.protocol import Options
from graphmap.records import Firm, Rejected, Sourced
from graphmap_importers.date_order import UndecidedError, date_forms
from graphmap_importers.mapping import MappingImporter
from graphmap_importers.times import day

days = st.dates(datetime.date(1995, 1, 1), datetime.date(2035, 12, 31))
written = st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%y", "%m-%d-%Y"])


@settings(max_examples=300)
@given(st.lists(days, min_size=1, max_size=12), written)
def test_what_is_decided_reads_every_date_as_it_was_meant(meant: list[datetime.date], form: str) -> None:
    """P37: whatever rows there are, dates are read as they were written or nothing is read."""
    texts = [one.strftime(form) for one in meant]
    if "." not in form and all(one.day <= 12 for one in meant) and any(one.day != one.month for one in meant):
        with pytest.raises(UndecidedError) as undecided:
            date_forms(texts)
        assert set(undecided.value.shown) <= set(texts)
        return
    forms = date_forms(texts)
    assert [day(text, forms) for text in texts] == [one.isoformat() for one in meant]


@given(st.permutations(["01/02/2024", "2024-03-01", "", "17/03/2024", "02/01/2024 10:30"]))
def test_the_order_of_rows_decides_nothing(texts: list[str]) -> None:
    """P37."""
    assert "%d/%m/%Y" in date_forms(texts)
    assert not any(form.startswith("%m") for form in date_forms(texts))


def test_rows_that_contradict_each_other_are_shown() -> None:
    """P37."""
    with pytest.raises(UndecidedError) as undecided:
        date_forms(["13/01/2024", "01/13/2024"])
    assert undecided.value.shown == ("13/01/2024", "01/13/2024")


MAPPING_TEXT = """
source = "s"
date_format = "auto"

[[firms]]
file = "customers.csv"
key = "Id"
columns.name = "Name"
columns.kind = "{Kind}"
columns.renewal_on = "Renewal"
"""


def test_a_mapping_decides_over_all_dates_of_the_file_or_asks(tmp_path, memory, run) -> None:  # type: ignore[no-untyped-def]
    """P37: the one day above 12 stands in the last row."""
    head = "Id,Name,Kind,Renewal\n"
    clear = head + "1,a,account,03/04/2024\n2,b,account,\n3,c,account,28/02/2024\n"
    (tmp_path / "m.toml").write_text(MAPPING_TEXT, encoding="utf-8")
    options = Options(mapping=str(tmp_path / "m.toml"))
    found = run(MappingImporter(), [memory("customers.csv", clear.encode())], options)
    assert not [one for one in found if isinstance(one, Rejected)]
    days = [
        one.record.renewal_on for one in found if isinstance(one, Sourced) and isinstance(one.record, Firm)
    ]
    assert days == ["2024-04-03", None, "2024-02-28"]
    unclear = head + "1,a,account,03/04/2024\n"
    with pytest.raises(InputError, match="order of day and month is not clear") as asked:
        run(MappingImporter(), [memory("customers.csv", unclear.encode())], options)
    assert asked.value.file == "customers.csv"
    assert "%m/%d/%Y" in (asked.value.remedy or "")
