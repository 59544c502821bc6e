"""The maps' payloads: what is drawn, where, and that it is the same every time."""

from __future__ import annotations

import math

from graphmap_web import create_app
from graphmap_web.network import initials
from graphmap_web.portfolio_layout import Item, arrange


def test_the_account_map_has_the_firm_as_a_node_on_our_side(client):
    graph = client.get("/accounts/acc-000/map.json").get_json()
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert nodes["r:FIRM"]["kind"] == "firm"
    assert nodes["r:FIRM"]["x"] == nodes["r:rep-0"]["x"] < nodes["c:con-0-0"]["x"]
    assert nodes["r:rep-0"]["ring"] is True
    assert sum(1 for node in nodes.values() if node.get("ring")) == 1
    assert nodes["c:con-0-0"]["maker"] is True
    assert nodes["c:con-0-7"]["covered"] is False


def test_lanes_hold_departments_and_the_most_senior_stand_on_top(client):
    graph = client.get("/accounts/acc-000/map.json").get_json()
    titles = [lane["title"] for lane in graph["meta"]["lanes"] if lane["tone"] == "them"]
    assert titles[0] == "Executive"
    assert titles[-1] == "Department not known"
    heights = {node["label"]: node["y"] for node in graph["nodes"]}
    assert heights["Karim Aziz"] < heights["Yuki Tanaka"] < heights["Sofia Brandt"]


def test_inactive_ties_are_dashed_and_strong_ones_wide(client):
    edges = client.get("/accounts/acc-000/map.json").get_json()["edges"]
    assert any(edge["stale"] and edge["tone"] == "stale" for edge in edges)
    active = sorted((edge for edge in edges if not edge["stale"]), key=lambda edge: edge["strength"])
    assert active[0]["width"] < active[-1]["width"]


def test_no_ring_without_a_single_thread(client):
    for account in ("acc-001", "acc-007", "acc-014"):
        graph = client.get(f"/accounts/{account}/map.json").get_json()
        assert not any(node.get("ring") for node in graph["nodes"])


def test_a_payload_holds_no_colour_and_no_physics(client):
    for path in ("/map.json", "/accounts/acc-000/map.json"):
        graph = client.get(path).get_json()
        assert graph["options"]["physics"] is False
        assert not any("color" in item for item in graph["nodes"] + graph["edges"])


def test_unchanged_maps_cost_a_304(client):
    for path in ("/map.json", "/accounts/acc-000/map.json"):
        first = client.get(path)
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_portfolio_map_is_the_same_on_every_machine(sample):
    answers = {create_app(sample.SampleServices()).test_client().get("/map.json").data for _ in range(2)}
    assert len(answers) == 1


def test_a_layout_is_made_once_per_run_and_filter(client, services):
    asked = []
    plain = services.portfolio_map
    services.portfolio_map = lambda viewer, wanted: asked.append(wanted) or plain(viewer, wanted)
    for path in ("/map.json", "/map.json?sort=name", "/map.json?page=3", "/map.json?ours=single"):
        assert client.get(path).status_code == 200
    assert len(asked) == 2


def test_marks_are_five_shapes(client):
    marks = {
        node["mark"] for node in client.get("/map.json").get_json()["nodes"] if node["kind"] == "account"
    }
    assert marks == {"single", "watch", "multi", "unknown", "nodata"}


def inside(layout, item: str, rep: str) -> bool:
    """Whether an account stands in a rep's circle."""
    x, y, radius = layout.reps[rep]
    return math.dist((x, y), layout.items[item]) < radius


def test_an_account_with_one_rep_stands_inside_and_a_shared_one_outside():
    items = [Item(f"solo{i}", 10, (("a", 70.0),)) for i in range(30)]
    items += [Item(f"both{i}", 10, (("a", 40.0), ("b", 30.0))) for i in range(6)]
    layout = arrange(["a", "b", "c"], [*items, Item("loose", 10, ())])
    assert all(inside(layout, f"solo{i}", "a") for i in range(30))
    assert not any(inside(layout, f"both{i}", rep) for i in range(6) for rep in "abc")
    assert layout.tray is not None
    assert layout.items["loose"][1] > max(y for _, y, _ in layout.reps.values())


def test_circles_of_reps_do_not_overlap_even_in_separate_groups():
    reps = [f"r{i}" for i in range(70)]
    items = [
        Item(f"s{i}", 9, ((f"r{i}", 1.0), (f"r{(i * 7 + 1) % 60}", 1.0)))
        for i in range(60)
        if i != (i * 7 + 1) % 60
    ]
    places = list(arrange(reps, items).reps.values())
    for index, (x, y, radius) in enumerate(places):
        for ox, oy, other in places[:index]:
            assert math.dist((x, y), (ox, oy)) >= (radius + other) * 0.98


def test_an_empty_portfolio_has_a_map_too(client):
    graph = client.get("/map.json?q=nothing-has-this-name").get_json()
    assert graph["nodes"] == []


def test_at_most_two_thousand_nodes(sample):
    client = create_app(sample.SampleServices(2300)).test_client()
    graph = client.get("/map.json").get_json()
    assert len(graph["nodes"]) <= 2000
    assert graph["meta"]["leftOut"]["accounts"] > 300


def test_initials_are_letters():
    assert initials("\u202eevil <b>") == "EB"
    assert initials("???") == ""
