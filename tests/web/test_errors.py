"""What goes wrong becomes a page with the next step."""

from __future__ import annotations

from graphmap_web import create_app


def test_an_unknown_account_or_address_is_not_found(client):
    for path in ("/accounts/none", "/people/none", "/nothing", "/query?name=none", "/assets/0/app.css"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "There is nothing here" in answer.get_data(as_text=True)


def test_a_silent_store_is_503_with_its_remedy(sample):
    client = create_app(sample.SampleServices(up=False)).test_client()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert "run graphmap store status" in answer.get_data(as_text=True)
    assert client.get("/map.json").get_json()["error"]["code"] == "store-unavailable"


def test_before_the_first_scoring_the_pages_say_what_to_do(sample):
    client = create_app(sample.SampleServices(scored=False)).test_client()
    for path in ("/", "/map", "/accounts/acc-000"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Nothing has been scored yet" in answer.get_data(as_text=True)
        assert "graphmap import PATH" in answer.get_data(as_text=True)
    assert client.get("/map.json").status_code == 409
    assert client.get("/method").status_code == 200


def test_a_fault_of_ours_tells_nothing_about_the_inside(sample):
    class Broken(sample.SampleServices):
        def portfolio(self, viewer, wanted):
            raise ZeroDivisionError("secret inside")

    answer = create_app(Broken()).test_client().get("/")
    assert answer.status_code == 500
    assert "secret inside" not in answer.get_data(as_text=True)


def test_a_wrong_method_is_405(client):
    assert client.put("/query").status_code in {403, 405}
    assert client.open("/query", method="TRACE").status_code == 405
