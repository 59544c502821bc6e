"""Fixtures of the end-to-end tests."""

from tests.pipeline.kit import cli, graph, lonely_cli

__all__ = ["cli", "graph", "lonely_cli"]
