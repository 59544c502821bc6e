"""What is shipped for production: nothing listens beyond this machine, no secret stands in a file of the repository."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from graphmap.config import BY_NAME

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
KNOWN = {setting.environment for setting in BY_NAME.values()}


def test_every_published_port_is_bound_to_loopback():
    for service in COMPOSE["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")
    app = COMPOSE["services"]["graphmap"]
    assert app["command"][app["command"].index("--host") + 1] == "127.0.0.1"


def test_secrets_come_from_files_that_are_not_shipped():
    for service in COMPOSE["services"].values():
        assert str(service["env_file"]).startswith(".env.")
        assert not any(re.search("PASSWORD|AUTH|SECRET|TOKEN", name) for name in service["environment"])
    assert "**/.env*" in (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert not list(ROOT.glob(".env*"))


def test_the_app_waits_for_a_healthy_neo4j_and_can_change_nothing_but_its_home():
    app, neo4j = COMPOSE["services"]["graphmap"], COMPOSE["services"]["neo4j"]
    assert app["depends_on"]["neo4j"]["condition"] == "service_healthy"
    assert "cypher-shell" in neo4j["healthcheck"]["test"][1]
    assert app["healthcheck"]["test"]
    assert app["read_only"] is True
    assert app["tmpfs"] == ["/tmp"]
    assert app["cap_drop"] == ["ALL"]
    assert not app["user"].startswith("0")
    assert neo4j["image"].startswith("neo4j:5.26")
    named = {
        volume.partition(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]
    }
    assert set(COMPOSE["volumes"]) <= named


def test_settings_named_there_exist():
    for service in COMPOSE["services"].values():
        assert {name for name in service["environment"] if name.startswith("GRAPHMAP_")} <= KNOWN
    assert {f"GRAPHMAP_{name}" for name in re.findall(r"GRAPHMAP_(\w+)=", DOCKERFILE)} <= KNOWN


def test_the_image_is_made_in_two_stages_and_runs_as_nobody_special():
    assert DOCKERFILE.count("FROM python:3.12-slim") == 2
    assert re.search(r"^USER 10001", DOCKERFILE, re.MULTILINE)
    for file in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        assert all((ROOT / name).exists() for name in file.split()), file


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_the_neo4j_recipe_explains_itself():
    script = ROOT / "tests" / "neo4j" / "neo4j-server"
    answer = subprocess.run([str(script)], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "start FOLDER [PORT]" in answer.stderr
    assert (ROOT / "tests/neo4j/Neo4jServer.java").read_text().count("class Neo4jServer") == 1


def test_the_operating_page_names_every_setting():
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for setting in BY_NAME.values():
        assert f"`{setting.name}`" in page
