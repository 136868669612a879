"""`LineIndex` against the plainest way to count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confiture_linter.model import LineIndex, Position, Utf16Position

TEXT = st.text(st.sampled_from("a \té宽😀\u0301\r\n") | st.characters(exclude_categories=["Cs"]), max_size=50)


@given(TEXT, st.integers(0, 50))
def test_positions_agree_with_counting_by_hand(text: str, at: int) -> None:
    at = min(at, len(text))
    before = text[:at]
    row = before.count("\n")
    tail = before.rpartition("\n")[2]
    index = LineIndex(text.encode())
    offset = len(before.encode())
    assert index.position(offset) == Position(row + 1, len(tail) + 1)
    units = len(tail) + sum(c > "\uffff" for c in tail)
    assert index.utf16(offset) == Utf16Position(row, units)


@given(TEXT, st.integers(0, 50))
def test_a_position_leads_back_to_its_offset(text: str, at: int) -> None:
    index = LineIndex(text.encode())
    offset = len(text[:at].encode())
    line, column = index.position(offset)
    start = index.line_start(line)
    rest = index.data[start:].decode()
    assert start + len(rest[: column - 1].encode()) == offset

    row, character = index.utf16(offset)
    assert row == line - 1
    assert start + len(rest.encode("utf-16-le")[: 2 * character].decode("utf-16-le").encode()) == offset


@given(TEXT)
def test_lines_are_the_text_without_its_line_ends(text: str) -> None:
    index = LineIndex(text.encode())
    lines = [index.line_text(number) for number in range(1, index.line_count + 1)]
    assert lines == [line.rstrip("\r") for line in text.split("\n")]


def test_an_emoji_is_one_column_and_two_units() -> None:
    index = LineIndex("é😀x".encode())
    assert index.position(6) == Position(1, 3)
    assert index.utf16(6) == Utf16Position(0, 3)


@pytest.mark.parametrize(("offset", "place"), [(-1, Position(1, 1)), (99, Position(2, 2))])
def test_offsets_outside_the_text_are_moved_into_it(offset: int, place: Position) -> None:
    assert LineIndex(b"a\nb").position(offset) == place


def test_a_byte_order_mark_is_no_column() -> None:
    index = LineIndex(b"\xef\xbb\xbfCREATE\nTABLE")
    assert index.position(3) == (1, 1)
    assert index.position(0) == (1, 1)
    assert index.utf16(3) == (0, 0)
    assert index.position(10) == (2, 1)
    assert index.line_text(1) == "CREATE"
