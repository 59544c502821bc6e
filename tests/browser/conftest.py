"""A real site on loopback and the system's Chromium, which may reach nothing else."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from graphmap_web import create_app
from graphmap_web.serving import open_socket

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def load_sample() -> ModuleType:
    """The sample of tests/web; tests are no package, so it is loaded by its path."""
    name = "graphmap_web_sample"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, Path(__file__).parent.parent / "web" / "sample.py"
        )
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module with SampleServices."""
    return load_sample()


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium; without it these tests are skipped, or fail where it is required."""
    missing = None
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing = "no Chromium on this machine"
    elif importlib.util.find_spec("playwright") is None:
        missing = "playwright is not installed"
    if missing is not None:
        if os.environ.get("GRAPHMAP_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page and everything it complained about or asked for."""

    page: object
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Goes to a page; where it has a map, until the map is drawn."""
        self.page.goto(self.address + path.lstrip("/"))
        if self.page.query_selector("#map"):
            self.page.wait_for_selector("html[data-map=drawn]", state="attached")


@pytest.fixture
def site() -> Iterator[Callable[[object], str]]:
    """Serves services on loopback and gives the address."""
    from waitress.server import create_server

    servers = []

    def start(services: object) -> str:
        bound, address = open_socket("127.0.0.1", 0)
        server = create_server(create_app(services), sockets=[bound], threads=4, ident=None)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread, bound))
        return address

    yield start
    for server, thread, bound in servers:
        # In the server's own thread: closed from here, its select would meet a socket that is gone.
        server.trigger.pull_trigger(server.close)
        thread.join(10)
        bound.close()


@pytest.fixture
def visit(chromium, site, sample) -> Iterator[Callable[..., Watched]]:
    """Opens a watched page over the sample (or other services)."""
    contexts = []

    def open_page(path: str, services: object | None = None, **options: object) -> Watched:
        address = site(services or sample.SampleServices())
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page, address)
        page.on("console", lambda message: watched.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: watched.complaints.append(f"error: {error}"))
        page.on("request", lambda request: watched.asked.append(request.url))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"
        )
        watched.open(path)
        return watched

    yield open_page
    for context in contexts:
        context.close()
