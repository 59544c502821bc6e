"""What importers of CRMs share: packed relations, cells of JSON objects, domains of web sites, encodings."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from graphmap_importers.crm_objects import flat_cells, plain_text
from graphmap_importers.crm_relations import Relations
from graphmap_importers.crm_tables import encoding_of
from graphmap_importers.web_domains import web_domains

TEXT = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.tuples(TEXT, TEXT)), st.integers(0, 20))
def test_relations_give_back_the_texts_of_each_key_in_their_order(pairs, asked_after):
    packed, expected = Relations(), defaultdict(list)
    for number, (key, text) in enumerate(pairs):
        packed.add(key, text)
        expected[key].append(text)
        if number == asked_after:
            assert packed.of(key) == expected[key]
    assert {key: packed.of(key) for key in expected} == expected
    assert len(packed) == len(pairs)
    assert packed.of("never added") == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "value", "properties", "email", "note"]), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["id", "properties", "email", "note", "Email"]), JSON, max_size=5))
def test_any_object_gives_the_wanted_cells_as_text_and_no_others(value):
    found = flat_cells(value, {"id": "Id", "email": "Email"}, str.lower, lambda _, inner: plain_text(inner))
    assert set(found) <= {"Id", "Email"}
    assert all(isinstance(text, str) for text in found.values())


def test_objects_nested_without_end_are_empty_cells():
    deep: object = "kanarie"
    for _ in range(900):
        deep = {"value": [deep]}
    assert plain_text(deep) == ""
    inside: dict[str, object] = {"id": "7"}
    for _ in range(900):
        inside = {"properties": inside}
    assert flat_cells(inside, {"id": "Id"}, str.lower, lambda _, value: plain_text(value)) == {}


@given(st.text(max_size=40))
def test_whatever_a_web_site_is_said_to_be_it_is_one_domain_in_ascii_or_none(text):
    found = web_domains(text)
    assert len(found) <= 1
    for domain in found:
        assert domain == domain.lower()
        assert domain.isascii()
        assert "." in domain
        assert web_domains(f"https://www.{domain}/x") == found


@given(st.text(max_size=50), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_files_in_unicode_are_never_taken_for_western_european(text, encoding):
    """P35."""
    assert encoding_of(text.encode(encoding, "replace")) == "utf-8"
