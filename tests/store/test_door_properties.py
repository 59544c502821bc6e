"""Laws of the statement check over random statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import QueryRefusedError
from graphmap.store.cypher_tokens import tokens
from graphmap.store.door import check_statement
from graphmap.store.door_words import CLAUSES, OPERATORS, REFUSED

STATEMENTS = [
    "MATCH (n:Person {id: $id})-[r:OWNS*1..3]->(m) WHERE n.x = 1 AND m.y IN [1, 2] RETURN DISTINCT n.a AS b, count(*)",
    "MATCH (a) CALL (a) { MATCH (a)-->(b) RETURN count(b) AS n } RETURN a.name, n ORDER BY n DESC LIMIT 3",
    "MATCH (n) WHERE EXISTS { (n)-->() } RETURN CASE WHEN n.x > .5 THEN 'a' ELSE \"b\" END",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) WITH * DETACH DELETE n",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL dbms.listConfig() YIELD name RETURN name",
    "MATCH (n) CALL { WITH n RETURN 1 AS x } IN TRANSACTIONS RETURN x",
    "RETURN apoc.load.json('x')",
    "MERGE (n:A {x: 1})",
    "MATCH (n) RETURN n; MATCH (m) RETURN m",
]
GAPS = st.sampled_from(
    [" ", "\n", "\t ", "/* SET */", "/**/", "// CREATE 'x' \"\n", "/* ' ` \" // */", "\u00a0", "\r\n"]
)
WORDS = sorted(REFUSED | CLAUSES | OPERATORS)
NAMES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([word.lower() for word in WORDS]),
    st.from_regex(r"[a-z]{1,4}", fullmatch=True),
)


def verdict(text: str) -> bool:
    try:
        check_statement(text)
    except QueryRefusedError:
        return False
    return True


@given(st.sampled_from(STATEMENTS), st.data())
def test_gaps_between_tokens_never_change_the_verdict(text: str, data: st.DataObject):
    parts = [token.text for token in tokens(text) if token.kind != "end"]
    spread = "".join(
        part + data.draw(GAPS) + (data.draw(GAPS) if data.draw(st.booleans()) else "") for part in parts
    )
    assert verdict(spread) == verdict(text)


@given(st.sampled_from(STATEMENTS), st.randoms(use_true_random=False))
def test_upper_and_lower_case_never_change_the_verdict(text: str, random):
    mixed = "".join(c.upper() if random.random() < 0.5 else c.lower() for c in text)
    assert verdict(mixed) == verdict(text)


@given(st.text(alphabet=st.characters(exclude_characters="'\\", exclude_categories=["Cs"])))
def test_nothing_inside_a_string_triggers(content: str):
    check_statement(f"MATCH (n) WHERE n.name = '{content}' RETURN n")


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    st.sampled_from(["'{}'", '"{}"', "`{}`", "/* {} */ 1", "n.x // {}\n"]),
)
def test_no_keyword_inside_strings_names_and_comments_triggers(words: list[str], around: str):
    check_statement("MATCH (n) RETURN " + around.format(" ".join(words)))


@given(NAMES)
def test_any_name_may_be_a_property_a_label_a_map_key_or_an_alias(name: str):
    check_statement(
        f"MATCH (n:{name})-[:{name}]->() WHERE n.{name} = 1 RETURN n.{name} AS {name}, {{{name}: 1, a: 2}}, n {{.{name}}}"
    )


@given(
    st.sampled_from(sorted(REFUSED)),
    st.sampled_from(
        [
            "MATCH (n) {} n.x = 1",
            "MATCH (n) WITH n {} (m)",
            "{} x",
            "MATCH (n) RETURN n {} n",
            "MATCH (n) WHERE n.x {} n",
        ]
    ),
)
def test_a_word_that_does_more_is_refused_wherever_a_clause_may_begin(word: str, around: str):
    assert not verdict(around.format(word))


@given(st.text(max_size=200))
def test_any_text_is_judged_without_another_error(text: str):
    verdict(text)


@given(st.sampled_from(STATEMENTS))
def test_tokens_carry_their_own_place(text: str):
    for token in tokens(text):
        if token.kind in {"word", "number", "symbol"}:
            assert text.splitlines()[token.line - 1][token.column - 1 :].startswith(token.text)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_an_escaped_quote_does_not_end_a_string(quote: str):
    check_statement(f"RETURN {quote}a\\{quote} CREATE (n) //{quote}")
    assert not verdict(f"RETURN {quote}a\\\\{quote} CREATE (n) //{quote}")
