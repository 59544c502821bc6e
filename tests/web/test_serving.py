"""On the network: loopback only."""

from __future__ import annotations

import threading
import urllib.request

import pytest

from graphmap.errors import ConfigError
from graphmap_web import create_app
from graphmap_web.serving import open_socket, serve


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org", ""])
def test_other_addresses_are_refused(host):
    with pytest.raises(ConfigError, match="no login yet"):
        open_socket(host, 0)


def test_a_taken_port_is_said():
    first, address = open_socket("127.0.0.1", 0)
    with first, pytest.raises(ConfigError, match="cannot be used"):
        open_socket("127.0.0.1", int(address.rstrip("/").rsplit(":", 1)[1]))


def test_the_site_answers_where_the_socket_says(services):
    bound, address = open_socket("127.0.0.1", 0)
    assert address.startswith("http://127.0.0.1:")
    app = create_app(services)
    threading.Thread(target=serve, args=(app,), kwargs={"opened": bound}, daemon=True).start()
    with urllib.request.urlopen(address + "accounts/acc-000", timeout=20) as answer:
        assert answer.status == 200
        assert b"Helix Manufacturing" in answer.read()
