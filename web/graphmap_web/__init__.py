"""The site: portfolio, maps, accounts, people, queries, imports and method, over :mod:`graphmap.services`."""

from graphmap_web.app import create_app

__all__ = ["create_app"]
