"""The site in a real browser: nothing blocked, nothing fetched from elsewhere, maps drawn, keys work."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/map", "/accounts/acc-000", "/accounts/acc-007", "/accounts/acc-014", "/accounts/acc-000/evidence",
    "/people/rep-0", "/people/rep-0/leaves", "/people/rep-0/leaves?view=before", "/changes", "/accounts/acc-000/served", "/people/con-0-0/paths", "/accounts/acc-000/trend", "/plans", "/plans/d-1", "/exposure", "/trust", "/verify", "/people/rep-0/exposure",
    "/accounts/acc-000/cover",
    "/search?q=helix", "/query?name=silent_accounts", "/imports", "/identity", "/method",
)  # fmt: skip
HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=2>",
    "\" onmouseover=window.pwned=3 x='",
    "</script></title></textarea><svg onload=window.pwned=4>",
    "href <b onclick=window.pwned=5>click</b>",
    "evil \u202egnp.exe",
    "long " * 2000,
    "=1+1",
    "{{7*7}} ${7*7}",
)
PAINTED = """() => {
  const canvas = document.querySelector('#map canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let i = 0; i < data.length; i += 16)
    if (data[i + 3]) colours.add(data[i] >> 4 << 8 | data[i + 1] >> 4 << 4 | data[i + 2] >> 4);
  return colours.size;
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def quiet(watched) -> None:
    """No CSP report, no console line, no request away from the site."""
    assert watched.complaints == []
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("blob:", "data:"))} == {
        "127.0.0.1"
    }


def test_every_page_is_quiet_and_stays_at_home(visit):
    watched = visit(PAGES[0])
    for path in PAGES[1:]:
        watched.open(path)
    quiet(watched)


@pytest.mark.parametrize("path", ["/map", "/accounts/acc-000", "/accounts/acc-014", "/people/rep-0/leaves"])
def test_the_map_is_painted(visit, path):
    watched = visit(path)
    assert watched.page.evaluate(PAINTED) >= (6 if path != "/accounts/acc-014" else 2)
    quiet(watched)


def test_hostile_names_run_nothing(visit, sample):
    services = sample.SampleServices(hostile=HOSTILE)
    watched = visit("/", services)
    for path in (
        "/map",
        "/query?name=silent_accounts",
        "/imports",
        "/identity",
        "/people/rep-0",
        "/search?q=e",
    ):
        watched.open(path)
        assert watched.page.evaluate("() => window.pwned") is None
    from graphmap_web.paths import encode_id

    for line in services.lines[:9]:
        watched.open("/accounts/" + encode_id(line.id))
        watched.page.focus("#map")
        for _ in range(4):
            watched.page.keyboard.press("ArrowDown")
        watched.page.mouse.move(500, 520)
        assert watched.page.evaluate("() => window.pwned") is None
        assert watched.page.evaluate(WIDER) <= 0
    quiet(watched)


def test_arrows_walk_and_the_live_region_speaks(visit):
    watched = visit("/accounts/acc-000")
    page = watched.page
    page.focus("#map")
    spoken = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "End", "+", "-", "0"):
        page.keyboard.press(key)
        spoken.append(page.text_content("#map-status"))
    assert spoken[0] == spoken[2] != spoken[1]
    assert "our side" in spoken[0] or "%" in spoken[0]
    assert spoken[3] not in spoken[:3]
    page.keyboard.press("Escape")
    assert page.text_content("#map-status") == "Nothing chosen."
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/**")
    quiet(watched)


def test_search_on_the_map_chooses(visit):
    page = visit("/map").page
    page.fill("#map-find", "helix manu")
    assert "Helix Manufacturing" in page.text_content("#map-status")


def test_buttons_have_names(visit):
    page = visit("/map").page
    for name in ("Zoom in", "Zoom out", "Show all", "Hide inactive ties"):
        assert page.get_by_role("button", name=name).count() == 1
    page.get_by_role("button", name="Hide inactive ties").click()
    assert page.get_attribute("#map-stale", "aria-pressed") == "true"


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(visit, path):
    watched = visit(path, viewport={"width": 390, "height": 844})
    assert watched.page.evaluate(WIDER) <= 0
    quiet(watched)


def test_dark_mode_reaches_page_and_map(visit):
    light, dark = (
        visit("/accounts/acc-000", color_scheme="light").page,
        visit("/accounts/acc-000", color_scheme="dark").page,
    )
    corner = (
        "() => [...document.querySelector('#map canvas').getContext('2d').getImageData(120, 300, 1, 1).data]"
    )
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    assert light.evaluate(ground) != dark.evaluate(ground)
    assert sum(light.evaluate(corner)[:3]) > 600 > 300 > sum(dark.evaluate(corner)[:3])


def test_the_picture_to_keep_is_a_large_png(visit, tmp_path):
    watched = visit("/accounts/acc-000", color_scheme="dark")
    with watched.page.expect_download() as waiting:
        watched.page.click("#map-png")
    waiting.value.save_as(tmp_path / "map.png")
    data = (tmp_path / "map.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20]) == 2800
    quiet(watched)


def test_tables_are_sorted_in_place(visit):
    page = visit("/accounts/acc-000").page
    head = page.locator("#ties thead th").nth(2)
    for way in ("descending", "ascending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == way
        values = [
            float(cell)
            for cell in page.locator("#ties tbody tr td:nth-child(3)").evaluate_all(
                "c => c.map(x => x.dataset.sort)"
            )
        ]
        assert values == sorted(values, reverse=way == "descending")


def test_pages_work_without_scripts(visit):
    page = visit("/search?q=helix", java_script_enabled=False).page
    page.click("text=Helix Manufacturing")
    assert "Who carries the relationship" in page.content()
    page.click(".brand")
    page.fill(".filters input[name=q]", "helix")
    page.click(".filters button")
    assert "q=helix" in page.url


def test_an_own_statement_goes_through_the_form(visit):
    watched = visit("/query")
    watched.page.fill("#cypher", "MATCH (n) RETURN n")
    watched.page.keyboard.press("Control+Enter")
    watched.page.wait_for_selector("#answer")
    quiet(watched)


def test_paper_hides_what_cannot_be_clicked(visit):
    page = visit("/accounts/acc-000").page
    page.emulate_media(media="print")
    assert not page.is_visible(".top")
    assert not page.is_visible(".zoom")
    assert page.is_visible("#map canvas")
