"""The sample portfolio and clients of the site over it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from graphmap_web import create_app


def load_sample() -> ModuleType:
    """The sample module; tests are no package, so it is loaded by its path."""
    name = "graphmap_web_sample"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("sample.py"))
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


@pytest.fixture
def services(sample: ModuleType):
    """Sixty accounts."""
    return sample.SampleServices()


@pytest.fixture
def client(services) -> FlaskClient:
    """A client of the site over the sample."""
    return create_app(services).test_client()
