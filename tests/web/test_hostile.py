"""Names that are attacks are only names: shown as they are, on every page."""

from __future__ import annotations

import csv
import html
import io
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap_web import create_app
from graphmap_web.csvs import defused
from graphmap_web.paths import decode_id, encode_id

HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=2>",
    "\" onmouseover=window.pwned=3 x='",
    "</script></title></textarea><svg onload=window.pwned=4>",
    "href <b onclick=window.pwned=5>click</b>",
    "evil \u202egnp.exe",
    "long " * 2000,
    "=1+1",
    "{{7*7}} ${7*7} {% raw %}",
)
PATHS = (
    "/",
    "/accounts",
    "/map",
    "/query?name=silent_accounts",
    "/imports",
    "/identity",
    "/method",
    "/search?q=e",
    "/people/rep-0",
    "/people/rep-1/leaves",
    "/changes",
    "/trust",
    "/verify",
    "/people/rep-1/exposure",
    "/people/con-0-0/paths",
    "/plans",
    "/plans/d-1",
    "/exposure?k=3",
)


@pytest.fixture
def client(sample):
    """A site where every text is hostile."""
    return create_app(sample.SampleServices(hostile=HOSTILE)).test_client()


class Reader(HTMLParser):
    """What a browser makes of a page: elements, attributes that run something, text inside scripts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.running: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.inside = tag
        self.running += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.running += [
            value
            for name, value in attrs
            if name in {"href", "src"} and (value or "").startswith("javascript")
        ]

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside in {"script", "style"}:
            self.running.append(data)


def test_hostile_names_stand_on_the_page_as_they_are(client, sample):
    services = sample.SampleServices(hostile=HOSTILE)
    calm = create_app(sample.SampleServices()).test_client()
    accounts = ["/accounts/" + encode_id(services.lines[index].id) for index in range(9)]
    accounts += [account + tail for account in accounts[:3] for tail in ("/cover", "/trend", "/served")]
    plain = [
        "/accounts/acc-000",
        "/accounts/acc-007",
        "/accounts/acc-000/cover",
        "/accounts/acc-000/trend",
        "/accounts/acc-000/served",
    ]
    allowed = set().union(
        *(Reader(calm.get(path).get_data(as_text=True)).elements for path in (*PATHS, *plain))
    )
    everything = ""
    for path in (*PATHS, *accounts):
        answer = client.get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, path
        read = Reader(page)
        assert read.running == [], path
        assert read.elements <= allowed, path
        everything += html.unescape(page)
    for name in HOSTILE:
        assert name in everything


def test_hostile_ids_survive_the_address(client, sample):
    for line in sample.SampleServices(hostile=HOSTILE).lines[:9]:
        for tail in ("", "/map.json", "/ties.csv", "/evidence"):
            assert client.get("/accounts/" + quote(line.id, safe="") + tail).status_code == 200


def test_hostile_names_in_json_are_json(client, sample):
    data = client.get("/map.json")
    assert data.mimetype == "application/json"
    labels = {node["label"] for node in data.get_json()["nodes"]}
    assert HOSTILE[0] in labels


def test_no_cell_of_a_csv_is_run(client):
    """P42."""
    for path in ("/accounts.csv", "/query.csv?name=silent_accounts"):
        answer = client.get(path)
        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        for row in csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))):
            for cell in row:
                assert cell[:1] not in {"=", "+", "@", "\t", "\r"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u200b="])
def test_what_a_spreadsheet_would_run_is_defused(start):
    assert defused(start + "1+1") == "'" + start + "1+1"


def test_numbers_stay_numbers():
    assert defused(-1.5) == -1.5
    assert defused(None) == ""


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_id_survives_its_own_address(text):
    segment = encode_id(text)
    assert "/" not in segment
    assert segment not in {".", ".."}
    # What WholeSegments does between browser and route: decode once, keep slash and percent encoded.
    from urllib.parse import unquote

    assert decode_id(unquote(segment).replace("%", "%25").replace("/", "%2F")) == text


@pytest.mark.parametrize(
    "ident", ["a/b", "a%2Fb", "..", ".", "~..", "a b?c#d&e=f", "ä/ö", "a//b", "x/evidence", "50%", "\\", "\n"]
)
def test_any_id_reaches_the_services(sample, ident):
    import dataclasses

    services = sample.SampleServices(3)
    services.shares[ident] = services.shares[services.lines[0].id]
    services.lines[0] = dataclasses.replace(services.lines[0], id=ident)
    client = create_app(services).test_client()
    page = client.get("/accounts").get_data(as_text=True)
    found = re.search(r'data-label="Account"><a href="([^"]+)"><bdi class="clip">Helix Manufacturing', page)
    assert found is not None
    answer = client.get(html.unescape(found[1]))
    assert answer.status_code == 200
    assert "Helix Manufacturing" in answer.get_data(as_text=True)
    for link in re.findall(r'href="([^"]+/evidence[^"]*)"', answer.get_data(as_text=True))[:2]:
        assert client.get(html.unescape(link)).status_code == 200
