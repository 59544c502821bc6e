"""The analyst door's check: a statement passes only if every clause, procedure and function in it is on a list.

The check walks over the tokens and knows at each whether an expression must follow (then a word is a name, whatever it
spells) or has just ended (then a word is a clause or an operator, and must be on the list). So ``RETURN p.set`` and
``MATCH (create:Set)`` pass and ``RETURN p SET p.x = 1`` does not. Where Cypher could read a text in two ways the check
refuses: a name may never stand right behind another, and a word that writes may not be called or indexed.
It is one of several guards: ``graphmap.store.analyst`` says what holds even without it.
"""

from __future__ import annotations

from typing import Literal

from graphmap.store.cypher_tokens import Token, tokens
from graphmap.store.door_frames import CLOSES, Frame
from graphmap.store.door_refusals import LISTED, refuse, refuse_word
from graphmap.store.door_words import CLAUSES, FUNCTIONS, OPERATORS, PROCEDURES, REFUSED, SUBQUERIES

LONGEST = 100_000
"""Characters of a statement."""


def check_statement(text: str) -> None:
    """Lets a statement through that only reads, and only with what is on the lists.

    Raises:
        QueryRefusedError: naming the word and its place.

    >>> check_statement("MATCH (p:Person) WHERE p.name CONTAINS 'CREATE' RETURN p.set")
    >>> check_statement("MATCH (n) DETACH /* */ DELETE n")
    Traceback (most recent call last):
    graphmap.errors.QueryRefusedError: DETACH (line 1, column 11) may not be used: only reading is allowed here. ...
    """
    if len(text) > LONGEST:
        refuse(
            f"the statement has {len(text)} characters; {LONGEST} are allowed",
            "pass long lists as parameters",
        )
    _Walk(tokens(text)).statement()


class _Walk:
    """One pass over the tokens."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._frames = [Frame("statement", "")]
        # What may come next: "start" of a query, an "operand", or (after one) a "clause" or operator.
        self._next: Literal["start", "operand", "clause"] = "start"
        self._call_closed = False

    def statement(self) -> None:
        """Walks to the end or refuses."""
        if self._peek().upper == "EXPLAIN":
            self._at += 1
        while self._peek().kind != "end":
            token = self._peek()
            closed, self._call_closed = self._call_closed, False
            if token.kind == "word":
                self._word(token, after_call=closed)
            elif token.kind == "symbol":
                self._symbol(token)
            else:
                self._operand(token)
        if len(self._frames) > 1:
            refuse(f"the statement ends and {self._frames[-1].closes} is missing", "complete it")
        if self._next == "start":
            refuse("there is no statement", f"begin with one of {LISTED}")

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _before(self, back: int = 1) -> Token:
        return self._tokens[self._at - back] if self._at >= back else Token("end", "", 1, 1)

    def _word(self, token: Token, *, after_call: bool) -> None:
        if self._next == "start":
            self._start(token)
        elif self._next == "operand" and not self._ends_quantifier(token):
            self._name_or_prefix(token)
        elif token.upper == "IN" and after_call:
            refuse(f"IN TRANSACTIONS ({token.where}) may not be used", "leave it out: reading needs none")
        elif token.upper in OPERATORS:
            self._operator(token)
        elif token.upper in CLAUSES and self._frames[-1].kind != "bracket":
            self._clause(token)
        else:
            refuse_word(token)

    def _start(self, token: Token) -> None:
        if token.upper in CLAUSES and token.upper not in {
            "WHERE",
            "ORDER",
            "SKIP",
            "OFFSET",
            "LIMIT",
            "UNION",
            "YIELD",
        }:
            self._clause(token)
        elif self._frames[-1].kind == "expression-query" and self._peek(1).upper == "=":
            self._operand(token)
        else:
            refuse_word(token)

    def _ends_quantifier(self, token: Token) -> bool:
        """Whether a clause begins behind ``((a)-->(b))+``, where the sign is no operator."""
        quantifier = self._before().upper in {"+", "*"} and self._before(2).upper == ")"
        return quantifier and (token.upper in CLAUSES or token.upper in REFUSED)

    def _name_or_prefix(self, token: Token) -> None:
        following = self._peek(1)
        if token.upper in {"NOT", "DISTINCT", "CASE"} and following.upper not in {".", ")", ","}:
            self._at += 1
            if token.upper == "CASE" and following.upper == "WHEN":
                self._at += 1
        elif token.upper in {"TYPED", "NORMALIZED"} and self._before().upper in {"IS", "NOT"}:
            self._at += 1
            self._next = "operand" if token.upper == "TYPED" else "clause"
        elif token.upper in SUBQUERIES and following.upper == "{":
            self._at += 2
            self._open(Frame("expression-query", "}"), "start")
        elif (
            token.upper in REFUSED
            and following.upper in {"[", "{"}
            and self._before().upper not in {":", ".", "(", "["}
        ):
            refuse_word(token)
        else:
            self._operand(token)

    def _operand(self, token: Token) -> None:
        """A name, a literal or a parameter; never right behind another one."""
        if self._next == "clause":
            refuse(
                f"{token.text[:40]} ({token.where}) stands where a clause or an operator should",
                "correct it",
            )
        if self._next == "start" and token.kind != "word":
            refuse_word(token)
        self._at += 1
        self._next = "clause"
        if token.kind not in {"word", "quoted"} or self._before(2).upper == ".":
            return
        parts = [token.text]
        while self._peek().upper == "." and self._peek(1).kind in {"word", "quoted"}:
            parts.append(self._peek(1).text)
            self._at += 2
        if self._peek().upper == "(" and ".".join(parts).lower() not in FUNCTIONS:
            refuse(
                f"the function {'.'.join(parts)} ({token.where}) may not be used",
                "use a function of Cypher itself",
            )

    def _operator(self, token: Token) -> None:
        self._at += 1
        if token.upper in {"STARTS", "ENDS"}:
            if self._peek().upper != "WITH":
                refuse_word(token)
            self._at += 1
        self._next = (
            "clause" if token.upper in {"ASC", "ASCENDING", "DESC", "DESCENDING", "END"} else "operand"
        )

    def _clause(self, token: Token) -> None:
        self._at += 1
        self._next = "operand"
        word = token.upper
        if word == "OPTIONAL":
            if self._peek().upper not in {"MATCH", "CALL"}:
                refuse_word(token)
            token = self._peek()
            self._at += 1
            word = token.upper
        if word == "ORDER":
            if self._peek().upper != "BY":
                refuse_word(token)
            self._at += 1
        elif word == "UNION":
            if self._peek().upper in {"ALL", "DISTINCT"}:
                self._at += 1
            self._next = "start"
        elif word == "CALL":
            self._call(token)

    def _call(self, token: Token) -> None:
        if self._peek().upper == "(":
            self._at += 1
            while self._peek().kind in {"word", "quoted"} or self._peek().upper in {",", "*"}:
                self._at += 1
            if self._peek().upper != ")" or self._peek(1).upper != "{":
                refuse_word(token)
            self._at += 1
        if self._peek().upper == "{":
            self._at += 1
            self._open(Frame("call", "}"), "start")
            return
        named = self._peek()
        parts: list[str] = []
        while self._peek().kind in {"word", "quoted"}:
            parts.append(self._peek().text)
            self._at += 1
            if self._peek().upper != ".":
                break
            self._at += 1
        name = ".".join(parts)
        if name.lower() not in PROCEDURES:
            listed = ", ".join(sorted(PROCEDURES.values()))
            refuse(
                f"the procedure {name or named.text} ({named.where}) may not be called",
                f"only {listed} may be",
            )
        self._next = "clause"

    def _symbol(self, token: Token) -> None:
        sign = token.upper
        if sign == ";":
            if self._peek(1).kind != "end" or len(self._frames) > 1:
                refuse(f"a second statement follows behind ; ({token.where})", "ask one at a time")
            self._at += 1
        elif sign in CLOSES:
            pattern = self._frames[-1].kind == "expression-query" and sign == "("
            if self._next == "start" and not pattern:
                refuse_word(token)
            self._at += 1
            self._open(Frame("bracket", CLOSES[sign]), "operand")
        elif sign in {")", "]", "}"}:
            self._close(token)
        elif self._next == "start":
            refuse_word(token)
        else:
            self._at += 1
            # RETURN * and count(*) are operands; [*1..3] is a length and 2 * 3 an operator.
            star = sign == "*" and self._next == "operand" and self._before(2).upper != "["
            quantified = self._before(2).upper in {"->", "--", "-", "<-"}
            self._next = "clause" if star and not quantified else "operand"

    def _open(self, frame: Frame, following: Literal["start", "operand"]) -> None:
        self._frames.append(frame)
        self._next = following

    def _close(self, token: Token) -> None:
        frame = self._frames[-1]
        if frame.closes != token.upper:
            refuse(f"{token.text} ({token.where}) closes nothing that is open", "correct the brackets")
        self._frames.pop()
        self._at += 1
        self._next = "clause"
        self._call_closed = frame.kind == "call"
