"""The queue of people who may be one: shown with reasons, decided by a form of this site only."""

from __future__ import annotations

import re


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_pair_is_shown_with_its_reasons_and_decided(client, services):
    page = client.get("/identity").get_data(as_text=True)
    assert "Helen Voss" in page
    assert "the only two people with one full name" in page
    assert "1 of 3 are shown" in page
    form = {"csrf": token(page), "pair": "p-1", "answer": "apart", "reason": "sisters"}
    done = client.post("/identity", data=form)
    assert (done.status_code, done.headers["Location"]) == (303, "/identity")
    done = client.post("/identity", data={"csrf": form["csrf"], "pair": "d-0", "answer": "undo"})
    assert done.status_code == 303
    assert services.decided == [("p-1", "apart", "sisters"), ("d-0", "undo", "")]


def test_what_is_no_answer_or_no_pair_is_refused(client, services):
    csrf = token(client.get("/identity").get_data(as_text=True))
    assert client.post("/identity", data={"csrf": csrf, "pair": "p-1", "answer": "maybe"}).status_code == 400
    assert client.post("/identity", data={"csrf": csrf, "answer": "joined"}).status_code == 400
    assert client.post("/identity", data={"csrf": csrf, "pair": "p-9", "answer": "joined"}).status_code == 404
    assert client.post("/identity", data={"pair": "p-1", "answer": "joined"}).status_code == 403
    assert services.decided == []


def test_the_imports_page_says_what_is_connected_left_out_and_waiting(client):
    page = client.get("/imports").get_data(as_text=True)
    assert "mail:anna" in page
    assert "newsletter" in page
    assert re.search(r'href="/identity">2 pairs', page)


def test_people_to_verify_are_listed_with_the_sign_and_answered(client, services):
    page = client.get("/verify").get_data(as_text=True)
    assert "To look at (2)" in page
    assert "3 mails of ours since" in page
    assert 'href="/verify"' in client.get("/imports").get_data(as_text=True)
    form = {"csrf": token(page), "person": "con-0-0"}
    done = client.post("/verify", data=form)
    assert (done.status_code, done.headers["Location"]) == (303, "/verify")
    assert services.decided == [("con-0-0", "still_there", "")]
    assert client.post("/verify", data={"csrf": form["csrf"]}).status_code == 400
    assert client.post("/verify", data={"person": "con-0-0"}).status_code == 403
