"""``make screenshots``: the demo's pages on a desktop, a phone, in the dark and printed, into screenshots/.

Two of them become the README's pictures.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
OUT = ROOT / "screenshots"
PAGES = {
    "portfolio": "/",
    "map": "/map",
    "account": "/accounts/acc01",
    "unknown": "/accounts/acc05",
    "evidence": "/accounts/acc01/evidence",
    "query": "/query",
    "imports": "/imports",
    "identity": "/identity",
    "method": "/method",
}
LOOKS = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def settle(page: Page) -> None:
    """Until the map is drawn, where there is one."""
    page.wait_for_load_state("networkidle")
    if page.locator("#map canvas").count():
        page.wait_for_function("document.querySelector('#map canvas').width > 0")
    page.wait_for_timeout(400)  # a picture, no test: the last frame may be drawn


def main() -> None:
    OUT.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("screenshots need Chromium (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "graphmap", "demo", "--port", "0", "--home", home]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            base = server.stdout.readline().strip().rstrip("/")
            try:
                shoot(chromium, base)
            finally:
                server.terminate()
    for name in ("account", "map"):
        shutil.copyfile(OUT / f"{name}-top.png", ROOT / "docs" / "pictures" / f"{name}.png")


def shoot(chromium: str, base: str) -> None:
    """All pages in all looks, and the printed account."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for look, options in LOOKS.items():
            page = browser.new_page(**options)
            for name, path in PAGES.items():
                page.goto(base + path)
                settle(page)
                page.screenshot(path=OUT / f"{name}-{look}.png", full_page=True)
                if look == "desktop" and name in ("account", "map"):
                    page.screenshot(path=OUT / f"{name}-top.png")
            page.close()
        page = browser.new_page()
        page.goto(base + PAGES["account"])
        settle(page)
        page.pdf(path=OUT / "account.pdf", prefer_css_page_size=True, print_background=True)
        browser.close()


if __name__ == "__main__":
    main()
