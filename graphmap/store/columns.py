"""The columns of a statement by its text: the embedded server names none where there is no row."""

from __future__ import annotations

from graphmap.store.cypher_tokens import Token, tokens

_ENDS = frozenset(["ORDER", "SKIP", "OFFSET", "LIMIT", "UNION", ";"])
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def returned_columns(text: str) -> tuple[str, ...]:
    """Names of what the last RETURN of the statement itself gives; empty where only the server could know (``*``).

    >>> returned_columns("MATCH (n) CALL (n) { RETURN 1 AS x } RETURN n.name AS name, count(n.id), x ORDER BY x")
    ('name', 'count(n.id)', 'x')
    """
    found = tokens(text)
    begin = max(
        (at for at, depth in _depths(found) if depth == 0 and found[at].upper == "RETURN"), default=None
    )
    if begin is None:
        return ()
    first = begin + 2 if found[begin + 1].upper == "DISTINCT" else begin + 1
    items: list[list[Token]] = [[]]
    depth = 0
    for token in found[first:]:
        if depth == 0 and (token.upper in _ENDS or token.kind == "end"):
            break
        depth += _BRACKETS.get(token.upper, 0)
        if depth == 0 and token.upper == ",":
            items.append([])
        else:
            items[-1].append(token)
    if any(not item or item[0].upper == "*" for item in items):
        return ()
    return tuple(_name(item) for item in items)


def _depths(found: list[Token]) -> list[tuple[int, int]]:
    depths: list[tuple[int, int]] = []
    depth = 0
    for at, token in enumerate(found):
        depth += _BRACKETS.get(token.upper, 0)
        depths.append((at, depth))
    return depths


def _name(item: list[Token]) -> str:
    if len(item) > 2 and item[-2].upper == "AS":
        return item[-1].text
    return "".join(token.text for token in item)
