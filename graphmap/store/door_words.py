"""The lists behind the analyst door: what a statement may consist of, and what is named when it is refused."""

from __future__ import annotations

_CLAUSES = "MATCH OPTIONAL WHERE WITH UNWIND RETURN ORDER SKIP OFFSET LIMIT UNION CALL YIELD"
CLAUSES: frozenset[str] = frozenset(_CLAUSES.split())
"""Clauses and their parts, by their first word."""

_OPERATORS = "AND OR XOR IN IS STARTS ENDS CONTAINS AS WHEN THEN ELSE END WHERE ASC ASCENDING DESC DESCENDING"
OPERATORS: frozenset[str] = frozenset(_OPERATORS.split())
"""Words that may follow an operand."""

SUBQUERIES: frozenset[str] = frozenset(["EXISTS", "COUNT", "COLLECT"])
"""Words before a subquery in braces inside an expression."""

_REFUSED = (
    "CREATE INSERT MERGE SET DELETE DETACH NODETACH REMOVE FOREACH LOAD DROP ALTER GRANT DENY REVOKE SHOW "
    "TERMINATE START STOP USE PROFILE CYPHER RENAME ENABLE DRYRUN DEALLOCATE REALLOCATE USING FINISH "
    "IMPORT EXPORT BEGIN COMMIT ROLLBACK"
)
REFUSED: frozenset[str] = frozenset(_REFUSED.split())
"""Words that write, administer or reach outside. Not being on the lists above is what refuses; these are named clearer."""

PROCEDURES: dict[str, str] = {
    name.lower(): name for name in ("db.labels", "db.relationshipTypes", "db.propertyKeys")
}
"""Procedures that may be called."""

_AGGREGATES = "avg collect count max min percentileCont percentileDisc stDev stDevP sum"
_PREDICATES = "all any exists isEmpty none single"
_SCALARS = (
    "char_length character_length coalesce elementId endNode head id last length nullIf properties randomUUID size "
    "startNode timestamp toBoolean toBooleanOrNull toFloat toFloatOrNull toInteger toIntegerOrNull type valueType"
)
_LISTS = (
    "keys labels nodes range reduce relationships reverse tail toBooleanList toFloatList toIntegerList toStringList "
    "shortestPath allShortestPaths"
)
_NUMBERS = (
    "abs ceil floor isNaN rand round sign e exp log log10 sqrt acos asin atan atan2 cos cot degrees haversin pi radians "
    "sin tan"
)
_TEXTS = (
    "btrim left lower ltrim normalize replace right rtrim split substring toLower toString toStringOrNull toUpper trim "
    "upper"
)
_TIMES = (
    "date datetime localdatetime localtime time duration date.truncate datetime.truncate localdatetime.truncate "
    "localtime.truncate time.truncate datetime.fromEpoch datetime.fromEpochMillis duration.between duration.inDays "
    "duration.inMonths duration.inSeconds"
)
_PLACES = "point point.distance point.withinBBox"

FUNCTIONS: frozenset[str] = frozenset(
    " ".join([_AGGREGATES, _PREDICATES, _SCALARS, _LISTS, _NUMBERS, _TEXTS, _TIMES, _PLACES]).lower().split()
)
"""Functions of Cypher itself, in lower case; nothing with a foreign namespace and nothing that reads a file or an address."""
