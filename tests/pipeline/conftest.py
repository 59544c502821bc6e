"""Fixtures of the end-to-end tests."""

from tests.pipeline.children import child
from tests.pipeline.kit import cli, graph, lonely_cli

__all__ = ["child", "cli", "graph", "lonely_cli"]
