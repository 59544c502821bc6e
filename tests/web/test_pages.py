"""Every page answers, says what it must, and needs no JavaScript for it."""

from __future__ import annotations

import re

import pytest

from graphmap_web import create_app


def text(response) -> str:
    """The page as text."""
    return response.get_data(as_text=True)


PAGES = [
    "/", "/accounts", "/map", "/accounts/acc-000", "/accounts/acc-007", "/accounts/acc-014",
    "/accounts/acc-019", "/accounts/acc-000/evidence", "/people/rep-0", "/people/con-0-0",
    "/accounts/acc-000/evidence?rep=rep-0&contact=con-0-0", "/search", "/search?q=helix", "/query",
    "/query?name=silent_accounts", "/imports", "/identity", "/method", "/people/rep-0/leaves", "/people/rep-3/leaves?view=before",
    "/changes", "/accounts/acc-000/served", "/accounts/acc-014/served", "/people/con-0-0/paths", "/people/con-0-10/paths", "/accounts/acc-000/trend", "/accounts/acc-014/trend", "/plans", "/plans/d-1", "/plans/d-2", "/accounts/acc-000/cover", "/accounts/acc-014/cover", "/exposure",
    "/exposure?k=3&objective=stranded", "/trust", "/verify", "/people/rep-0/exposure",
]  # fmt: skip


def test_trust_names_its_samples_and_shows_no_single_case(client):
    page = text(client.get("/trust"))
    assert "9 past departures with 24 accounts" in page
    assert "AUC of the plain share" in page
    assert "0.971" in page
    assert "rep-0" not in page
    assert 'href="/trust"' in text(client.get("/method"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_a_skip_link_and_the_date(client, path):
    answer = client.get(path)
    page = text(answer)
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert 'href="#main"' in page
    assert "Data to 20 Nov 2026" in page
    assert "local administrator" in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r'\s(style|on\w+)="', page)


def test_the_portfolio_shows_figures_per_currency(client):
    page = text(client.get("/"))
    assert "Single thread on our side" in page
    assert page.count('class="sum"') == 2
    assert "€" in page
    assert "$" in page


def test_the_accounts_page_is_the_table_alone(client):
    assert "Single thread on our side" not in text(client.get("/accounts"))


def test_filters_sort_and_page_come_from_the_address(client, services):
    client.get(
        "/accounts?q=helix&band=captive&flag=cut_person&ours=single&theirs=multi&sort=-annual_value&page=2"
    )
    asked = services.seen[-1]
    assert (asked.q, asked.band, asked.flag, asked.cell) == (
        "helix",
        "captive",
        "cut_person",
        "ours:single,theirs:multi",
    )
    assert (asked.sort, asked.page) == ("-annual_value", 2)


@pytest.mark.parametrize(
    "query",
    ["sort=zzz&page=x", "page=-1&sort=__class__", "page=²", "cell=ours:zzz", "page=99999999999999999999"],
)
def test_nonsense_in_the_address_is_an_empty_filter(client, services, query):
    assert client.get("/accounts?" + query).status_code == 200
    assert services.seen[-1].sort == "-dependence"
    assert services.seen[-1].cell == ""


def test_a_sorted_column_says_so_and_turns_round(client):
    page = text(client.get("/accounts?sort=name"))
    assert 'aria-sort="ascending"><a href="/accounts?sort=-name"' in page


def test_paging_keeps_the_filter(client):
    assert "/accounts?sort=name&amp;page=2" in text(client.get("/accounts?sort=name"))


def test_unknown_is_grey_and_never_green(client):
    page = text(client.get("/accounts/acc-007"))
    assert "Not known yet" in page
    assert "badge b-unknown" in page
    assert "b-multi" not in page
    assert "4.2 independent weeks" in page
    row = re.search(r'<tr class="row-unknown">.*?</tr>', text(client.get("/accounts?status=unknown")), re.S)
    assert row is not None
    assert "g-multi" not in row[0]
    assert "greyed" in row[0]


def test_no_data_is_not_zero(client):
    page = text(client.get("/accounts/acc-014"))
    assert "No data" in page
    assert "0 %</span>" not in page


def test_the_account_explains_its_number(client):
    page = text(client.get("/accounts/acc-000"))
    for words in (
        "Who carries the relationship",
        "Why this account is flagged",
        "Through whom",
        "Plain share",
        "The firm",
        "Timeline",
    ):
        assert words in page
    assert "/accounts/acc-000/evidence?rep=rep-0&amp;contact=con-0-0" in page


def test_our_people_stand_in_order_of_name(client):
    page = text(client.get("/accounts/acc-001"))
    side = page[page.index("<h2>Our side</h2>") :]
    names = re.findall(r'<th scope="row"><a href="/people/rep-\d+"><bdi class="clip">([^<]+)', side)
    assert len(names) > 1
    assert names == sorted(names)


def test_a_reps_accounts_stand_in_order_of_name(client):
    page = text(client.get("/people/rep-0"))
    names = re.findall(r'data-label="Account"><a [^>]+><bdi class="clip">([^<]+)', page)
    assert len(names) > 2
    assert names == sorted(names, key=str.casefold)


def test_a_named_query_has_typed_parameters_and_a_link(client, services):
    page = text(client.get("/query?name=who_knows&p.account=acc-000&p.at_least=2"))
    assert services.asked == ("who_knows", {"account": "acc-000", "at_least": 2.0})
    assert "http://localhost/query?name=who_knows&amp;p.account=acc-000&amp;p.at_least=2" in page
    assert "cut at the row limit" in page


def test_a_missing_parameter_is_asked_for(client, services):
    assert "required" in text(client.get("/query?name=who_knows"))
    assert not hasattr(services, "asked")


def test_a_wrong_parameter_is_said(client):
    answer = client.get("/query?name=who_knows&p.account=a&p.at_least=many")
    assert answer.status_code == 400
    assert "is not a number" in text(answer)


def token(client) -> str:
    """The form's token."""
    found = re.search(r'name="csrf" value="([^"]+)"', text(client.get("/query")))
    assert found is not None
    return found[1]


def test_a_statement_runs_and_a_refused_one_is_explained(client):
    assert client.post("/query", data={"csrf": token(client), "cypher": "RETURN 1"}).status_code == 200
    refused = client.post("/query", data={"csrf": token(client), "cypher": "MATCH (n) DELETE n"})
    assert refused.status_code == 400
    assert "read-only: DELETE" in text(refused)
    assert "take DELETE out" in text(refused)


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"csrf": "wrong", "cypher": "x"}},
        {"headers": {"Origin": "http://evil.example"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
    ],
)
def test_a_form_from_elsewhere_is_refused(client, change):
    sent = {"data": {"csrf": token(client), "cypher": "RETURN 1"}, **change}
    assert client.post("/query", **sent).status_code == 403


def test_a_form_without_a_session_is_refused(client):
    assert client.post("/query", data={"csrf": "", "cypher": "RETURN 1"}).status_code == 403


def test_a_statement_in_the_address_is_filled_in_and_not_run(client, services):
    assert "MATCH (n) RETURN n" in text(client.get("/query?cypher=MATCH (n) RETURN n"))
    assert not hasattr(services, "asked")


def test_imports_balance_and_quarantine(client):
    page = text(client.get("/imports"))
    for words in (
        "imported before",
        "opted out 2",
        "bad-date 3",
        "31.02.2026",
        "give YYYY-MM-DD",
        "acme.example",
    ):
        assert words in page


def test_the_method_says_what_it_is_not(client):
    page = text(client.get("/method"))
    for words in (
        "proxy",
        "Exposure is not a forecast",
        "never a ranking of people",
        "How it was checked",
        "scoring.half_life_days",
        "Not known is not zero",
    ):
        assert words in page


def test_health_asks_no_store(sample):
    down = create_app(sample.SampleServices(up=False)).test_client()
    assert down.get("/healthz").status_code == 200
    ready = down.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["error"]["code"] == "store-unavailable"


def test_ready_names_the_store(client):
    assert client.get("/readyz").get_json()["store"] == "embedded arcadedb, version 3"


def test_how_much_is_captured_stands_beside_the_interval_where_it_is_known(client):
    assert "2 of 3 mailboxes" in text(client.get("/accounts"))
    assert "2 of 3 mailboxes" in text(client.get("/accounts/acc-001"))
    assert "Mailboxes connected" not in text(client.get("/accounts/acc-000"))
