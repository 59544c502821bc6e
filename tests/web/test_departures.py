"""What if somebody leaves, plans, introductions and exposure on the site."""

from __future__ import annotations

import csv
import io
import re

from tests.web.test_identity import token


def text(response) -> str:
    return response.get_data(as_text=True)


def test_a_departure_is_shown_before_and_after_with_a_map_and_its_table(client):
    page = text(client.get("/people/rep-0/leaves"))
    assert "What if" in page
    assert "an exposure, not a forecast" in page
    after, before = (
        client.get(f"/people/rep-0/leaves.json?view={view}").get_json() for view in ("after", "before")
    )
    leaver = next(node for node in after["nodes"] if node["id"] == "r:rep-0")
    assert (leaver["ring"], leaver["idle"], leaver["tag"]) == (True, True, "LEAVES")
    ends = [edge for edge in after["edges"] if edge["from"] == "r:rep-0"]
    assert ends
    assert all(edge["stale"] for edge in ends)
    assert not any(edge["stale"] for edge in before["edges"] if edge["from"] == "r:rep-0")
    assert {n["id"] for n in after["nodes"]} == {n["id"] for n in before["nodes"]}
    # Every account of the map stands in the table with the same numbers, and leads to its evidence.
    accounts = {n["id"][2:] for n in after["nodes"] if n["id"].startswith("c:")}
    assert all(f'href="/accounts/{account}"' in page for account in accounts)
    assert re.search(r'href="/accounts/[^"]+/evidence\?contact=', page)
    table = list(csv.DictReader(io.StringIO(text(client.get("/people/rep-0/leaves.csv")).lstrip("\ufeff"))))
    assert {row["account"] for row in table} == accounts


def test_a_plan_is_kept_and_ticked_off_by_forms_of_this_site_alone(client, services):
    csrf = token(text(client.get("/people/rep-0/leaves")))
    done = client.post("/people/rep-0/leaves", data={"csrf": csrf, "on": "2026-12-31"})
    assert (done.status_code, done.headers["Location"]) == (303, "/plans/d-1")
    done = client.post("/plans/d-1", data={"csrf": csrf, "step": "2", "done": "1"})
    assert (done.status_code, done.headers["Location"]) == (303, "/plans/d-1#step-2")
    assert client.post("/accounts/acc-000/cover", data={"csrf": csrf}).status_code == 303
    assert services.decided == [
        ("handover", "rep-0", "2026-12-31"), ("d-1", "2", "True"), ("coverage", "acc-000", "None"),
    ]  # fmt: skip
    for path, form in (
        ("/people/rep-0/leaves", {"on": "2026-12-31"}), ("/plans/d-1", {"step": "2"}), ("/accounts/acc-000/cover", {}),
    ):  # fmt: skip
        assert client.post(path, data=form).status_code == 403
    assert client.post("/plans/d-1", data={"csrf": csrf, "step": "two"}).status_code == 400
    assert client.post("/people/rep-0/leaves", data={"csrf": csrf, "on": "soon"}).status_code == 400
    assert len(services.decided) == 3


def test_progress_leads_to_the_interactions_behind_it(client):
    page = text(client.get("/plans/d-1"))
    assert "Carried" in page
    assert 'href="/accounts/acc-000/evidence?rep=rep-1&amp;contact=con-0-0"' in page
    assert "No new interaction yet" in page
    steps = list(csv.DictReader(io.StringIO(text(client.get("/plans/d-1/steps.csv")).lstrip("\ufeff"))))
    assert [row["done_by"] for row in steps] == ["Mia", "", ""]


def test_nonsense_in_the_address_is_told(client):
    assert client.get("/people/rep-77/leaves").status_code == 404
    assert client.get("/people/rep-0/leaves?on=soon").status_code == 400
    assert client.get("/plans/d-9").status_code == 404
    assert client.get("/exposure?objective=worst").status_code == 400
    assert client.get("/exposure?k=many").status_code == 400
    assert client.get("/exposure?k=999").status_code == 200


def test_exposure_names_a_set_in_alphabetical_order(client):
    page = text(client.get("/exposure?k=3"))
    assert "nobody is ranked" in page
    assert "No set of 3 is worth more than" in page
    assert 'href="/people/rep-0/leaves"' in page


def test_what_changed_between_two_days_and_the_trend_of_an_account(client):
    page = text(client.get("/changes?before=2026-03-31&after=2026-06-30"))
    assert 'value="2026-03-31"' in page
    assert "Accounts with something new" in page
    assert client.get("/changes?before=soon").status_code == 400
    assert client.get("/changes?before=2026-06-30&after=2026-03-31").status_code == 400
    assert "rising, +12 points" in text(client.get("/accounts/acc-000"))
    page = text(client.get("/accounts/acc-000/trend"))
    assert 'class="spark"' in page
    assert "+12 points within 90 days" in page
    assert "Too little data 90 days ago" in text(client.get("/accounts/acc-007/trend"))
    assert client.get("/accounts/nowhere/trend").status_code == 404


def test_decisions_of_people_stand_on_the_account(client):
    page = text(client.get("/accounts/acc-000"))
    for words in ("Decided by people", "Accepted:", "Segment set to", "Only through", "Not to be contacted"):
        assert words in page
    assert "Decided by people" not in text(client.get("/accounts/acc-001"))


def test_what_hangs_on_one_of_ours_names_contacts_that_nobody_else_knows_and_who_could_come_along(client):
    page = client.get("/people/rep-0/exposure").get_data(as_text=True)
    assert "Where nobody else is" in page
    assert "In touch already (an active tie)." in page
    assert 'href="/accounts/acc-000/evidence?rep=rep-0&amp;contact=con-0-0"' in page
    assert "rank" not in page.lower()
    assert 'href="/people/rep-0/exposure"' in client.get("/people/rep-0").get_data(as_text=True)
    assert client.get("/people/rep-99/exposure").status_code == 404
