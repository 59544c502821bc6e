"""Fixtures of the tests of the services."""

from tests.pipeline.kit import cli, graph, lonely_cli

__all__ = ["cli", "graph", "lonely_cli"]
