"""Headers, hosts, files."""

from __future__ import annotations

import re

import pytest

from graphmap_web import create_app

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/healthz", "/map.json", "/accounts.csv", "/accounts/none"]
)
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8750", "127.0.0.1.evil.example", "localhost.evil", ""]
)
def test_a_foreign_host_name_is_refused(client, host):
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert b"20 Nov" not in answer.data


@pytest.mark.parametrize("host", ["127.0.0.1:8750", "localhost", "[::1]:8750", "LOCALHOST:1"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_other_hosts_only_where_they_are_allowed(services):
    client = create_app(services, allowed_hosts={"maps.example"}).test_client()
    assert client.get("/healthz", headers={"Host": "maps.example"}).status_code == 200
    assert client.get("/healthz").status_code == 400


def test_files_have_hashed_addresses_and_stay_for_good(client):
    page = client.get("/map").get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    names = {address.rsplit("/", 1)[1] for address in addresses}
    assert names >= {"app.css", "icon.svg", "page.js", "map.js", "early.js", "vis-network.min.js"}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()


def test_scripts_import_each_other_under_the_same_address(client):
    page = client.get("/map").get_data(as_text=True)
    base = re.search(r'"(/assets/[^"]+/)map\.js"', page)
    assert base is not None
    with client.get(base[1] + "map.js") as answer:
        for name in re.findall(r"from '\./([\w.]+)'", answer.get_data(as_text=True)):
            with client.get(base[1] + name) as part:
                assert part.status_code == 200
                assert part.mimetype == "text/javascript"


@pytest.mark.parametrize("name", ["..%2Fapp.py", "%2e%2e/app.py", "app.css%00", "templates"])
def test_no_other_file_is_served(client, name):
    base = re.search(r'"(/assets/[^"]+/)app\.css"', client.get("/map").get_data(as_text=True))
    assert base is not None
    assert client.get(base[1] + name).status_code == 404
