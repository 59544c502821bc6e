"""Mailboxes are cut where mails begin, whatever stands in their bodies, and in constant memory."""

from __future__ import annotations

import io
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap_importers.mail_splitting import HEAD_LIMIT, looks_like_mailbox, read_head, split_mailbox

LINE = b"From a@b Tue Mar  5 10:00:00 2024"


def heads(data, block=7):
    return list(split_mailbox(io.BytesIO(data), "box", block))


def mail(number, body=b"hello\n", end=b"\n"):
    text = LINE + b"\nMessage-ID: <%d@b>\nTo: c@d\n\n" % number + body + b"\n"
    return text.replace(b"\n", end)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_mails_begin_behind_a_blank_line_at_a_from_line_with_a_date_and_a_header(end):
    bodies = [
        b"hello\n",
        b"",
        b"From the start I said so.\n",
        b"\nFrom the start I said so.\nNote: this\n",
        b"text\n" + LINE + b"\nTo: nobody, the line before is not blank\n",
        b"\n" + LINE + b"\nno header here\n",
        b"\n>" + LINE + b"\nTo: escaped\n",
    ]
    data = b"".join(mail(n, body, end) for n, body in enumerate(bodies))
    found = heads(data)
    assert [one.data for one in found] == [
        (LINE + b"\nMessage-ID: <%d@b>\nTo: c@d\n" % n).replace(b"\n", end) for n in range(len(bodies))
    ]
    assert found[-1].end == len(data)
    for one, following in pairwise(found):
        assert data[one.end :].startswith(LINE)
        assert following.line == 1 + data[: one.end].count(b"\n")


tokens = st.sampled_from(
    [b"\n", b"\n\n", b"\r\n", b"From ", LINE, b"\nTo: x@y", b": ", b"\xef\xbb\xbf", b"abc", b"\0", b" "]
)


@given(st.lists(tokens, max_size=40).map(b"".join), st.integers(1, 50))
def test_the_size_of_the_blocks_that_are_read_changes_nothing(data, block):
    assert heads(data, block) == heads(data, 1 << 20)


@given(st.lists(st.binary(max_size=80).filter(lambda b: b"From " not in b), max_size=6), st.integers(1, 90))
def test_every_mail_is_found_whatever_its_body(bodies, block):
    data = b"".join(mail(n, body.replace(b"\r", b"") + b"\n") for n, body in enumerate(bodies))
    assert [one.data.splitlines()[1] for one in heads(data, block)] == [
        b"Message-ID: <%d@b>" % n for n in range(len(bodies))
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_mailbox_has_no_mails(data):
    assert heads(data) == []


def test_a_mark_and_blank_lines_before_the_first_mail_do_not_matter():
    (one,) = heads(b"\xef\xbb\xbf\n\n" + mail(1))
    assert one.data.startswith(LINE)
    assert one.line == 3
    assert looks_like_mailbox(b"\xef\xbb\xbf\n\n" + mail(1))


def test_what_stands_before_the_first_from_line_is_a_mail_of_its_own():
    assert [one.data[:8] for one in heads(b"To: x@y\n\nbody\n\n" + mail(1))] == [b"To: x@y\n", b"From a@b"]


class Endless(io.RawIOBase):
    """A body of one line that goes on for very long, without being kept anywhere."""

    def __init__(self, begin, size):
        self.pending, self.left = begin, size

    def read(self, size=-1):
        if self.pending:
            block, self.pending = self.pending[:size], self.pending[size:]
        else:
            block = b"x" * min(size, self.left)
            self.left -= len(block)
        return block


@pytest.mark.parametrize("begin", [mail(1), LINE + b"\nTo: c@d\nX-Long: ", LINE])
def test_memory_stays_constant_in_long_bodies_and_long_headers(begin):
    """P3, P44."""
    tracemalloc.start()
    (one,) = split_mailbox(Endless(begin, 200_000_000), "box")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert one.end == len(begin) + 200_000_000
    assert len(one.data) <= HEAD_LIMIT
    assert peak < 4_000_000


def test_a_stream_that_breaks_is_named():
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("the disk is gone")

    with pytest.raises(InputError, match="the disk is gone"):
        list(split_mailbox(Broken(), "box"))
    with pytest.raises(InputError):
        read_head(Broken(), "box")


def test_a_single_mail_is_its_header_block():
    assert read_head(io.BytesIO(b"To: x@y\r\n\r\nbody"), "x").data == b"To: x@y\r\n"
    assert read_head(io.BytesIO(b"To: x@y"), "x").data == b"To: x@y"
    assert read_head(io.BytesIO(b""), "x").data == b""
    assert read_head(io.BytesIO(mail(1)), "x") is None


def test_the_count_that_apple_mail_writes_first_is_passed_over():
    assert read_head(io.BytesIO(b"990       \nTo: x@y\n\nbody"), "x.emlx").data == b"To: x@y\n"
