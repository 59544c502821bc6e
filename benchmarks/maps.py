"""Portfolio maps in a real browser: from asking for the page to the first drawing, a small and a large one in one run."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import threading
import time
from pathlib import Path

from graphmap_web import create_app
from graphmap_web.serving import open_socket, serve

SIZES = (300, 2_000)
TIMES = 3


def _services(nodes: int) -> object:
    path = Path(__file__).parents[1] / "tests" / "web" / "sample.py"
    spec = importlib.util.spec_from_file_location("graphmap_web_sample", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module.SampleServices(nodes - 12)  # twelve reps


def run() -> list[str]:
    """Seconds of wall time, the best of three, and the ratio of both sizes."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        return ["no Chromium on this machine"]
    best: dict[int, float] = {}
    laid: dict[int, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for nodes in SIZES:
            services = _services(nodes)
            bound, address = open_socket("127.0.0.1", 0)
            app = create_app(services)
            threading.Thread(target=serve, args=(app,), kwargs={"opened": bound}, daemon=True).start()
            begin = time.perf_counter()
            count = len(app.test_client().get("/map.json").get_json()["nodes"])
            laid[nodes] = time.perf_counter() - begin
            assert count == nodes, count
            found: list[float] = []
            for _ in range(TIMES):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                page = context.new_page()
                begin = time.perf_counter()
                page.goto(address + "map")
                page.wait_for_selector("html[data-map=drawn]", state="attached")
                found.append(time.perf_counter() - begin)
                context.close()
            best[nodes] = min(found)
        browser.close()
    lines = [
        "| nodes | asked to drawn, seconds | laid out in Python, first time | against the small one |",
        "|---|---|---|---|",
    ]
    lines += [f"| {n} | {best[n]:.2f} | {laid[n]:.2f} | {best[n] / best[SIZES[0]]:.1f} |" for n in SIZES]
    return lines
