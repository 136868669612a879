"""Marks stand under the right terminal columns, whatever is in the line."""

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.sample import CLEAR, REPORT, one

from confiture_linter.model import Fix, LineIndex, Related, Report, Span, Summary, Unanalysed
from confiture_linter.report import FORMATS, RenderOptions, load
from confiture_linter.report.excerpt import columns, excerpt
from confiture_linter.report.summary import summary_line

PLAIN = RenderOptions()


def shown(text: str, marked: str | Span, *, width: int = 100, ascii_only: bool = False) -> tuple[str, str]:
    """The line as shown and the marks under it."""
    data = text.encode()
    if isinstance(marked, str):
        start = data.index(marked.encode())
        marked = Span(start, start + len(marked.encode()))
    result = excerpt(LineIndex(data), marked, width, ascii_only=ascii_only)
    return result.text, " " * result.indent + "^" * result.length


@pytest.mark.parametrize(
    ("text", "marked", "line", "marks"),
    [
        ("select here", "here", "select here", "       ^^^^"),
        ("é😀 here", "here", "é😀 here", "    ^^^^"),
        ("宽字 here", "here", "宽字 here", "     ^^^^"),
        ("a 宽字 b", "宽字", "a 宽字 b", "  ^^^^"),
        ("\there", "here", "    here", "    ^^^^"),
        ("ab\there", "here", "ab  here", "    ^^^^"),
        ("宽\there", "here", "宽  here", "    ^^^^"),
        ("cafe\u0301 here", "here", "cafe\u0301 here", "     ^^^^"),
        ("cafe\u0301 here", "cafe\u0301", "cafe\u0301 here", "^^^^"),
        ("cafe\u0301 here", "\u0301", "cafe\u0301 here", "   ^"),
        ("zero\u200bwidth here", "here", "zero\u200bwidth here", "          ^^^^"),
        # Joined emoji are taken apart: whether they take two columns or six depends on the terminal.
        ("👨\u200d👩\u200d👧 here", "here", "👨👩👧 here", "       ^^^^"),
        ("❤\ufe0f here", "here", "❤ here", "  ^^^^"),
        ("a\x1b[31m here", "here", "a␛[31m here", "       ^^^^"),
        ("a\x00\x7f\x85 here", "here", "a␀␡\ufffd here", "     ^^^^"),
        ("a \u202e here", "here", "a \ufffd here", "    ^^^^"),
        ("first\r\nhere\r\n", "here", "here", "^^^^"),
        ("first\nhere and\n  there", "here and\n  there", "here and", "^^^^^^^^"),
        ("here   \nthere", "here   \nthere", "here   ", "^^^^"),
    ],
)
def test_marks(text: str, marked: str, line: str, marks: str) -> None:
    assert shown(text, marked) == (line, marks)


@pytest.mark.parametrize(
    ("text", "at", "marks"),
    [("abc", 3, "   ^"), ("", 0, "^"), ("abc\n", 3, "   ^"), ("abc\r\n", 3, "   ^"), ("abc\n", 4, "^")],
)
def test_an_empty_span_has_one_mark(text: str, at: int, marks: str) -> None:
    assert shown(text, Span(at, at))[1] == marks


def test_bytes_that_are_not_utf8() -> None:
    result = excerpt(LineIndex(b"caf\xe9 here"), Span(5, 9), 80, ascii_only=False)
    assert (result.text, result.indent, result.length) == ("caf\ufffd here", 5, 4)


@pytest.mark.parametrize(
    ("text", "marked", "more"),
    [
        ("a\nb\nc", Span(0, 5), 2),
        ("a\nb\nc", Span(0, 4), 1),
        ("a\nb\nc", Span(0, 2), 0),
        ("a", Span(0, 1), 0),
    ],
)
def test_further_lines_are_counted(text: str, marked: Span, more: int) -> None:
    assert excerpt(LineIndex(text.encode()), marked, 80, ascii_only=False).more == more


@pytest.mark.parametrize(
    ("text", "marked", "line", "marks"),
    [
        ("a" * 30 + "here" + "b" * 30, "here", "…" + "a" * 5 + "here" + "b" * 9 + "…", "      ^^^^"),
        ("here" + "b" * 30, "here", "here" + "b" * 15 + "…", "^^^^"),
        ("a" * 30 + "here", "here", "…" + "a" * 15 + "here", " " * 16 + "^^^^"),
        ("b" + "here" * 10, "here" * 10, "b" + ("here" * 10)[:18] + "…", " " + "^" * 18),
        # A wide character that is cut in two is left out, its column stays empty.
        ("宽" * 15 + "here" + "字" * 15, "here", "… 宽宽here字字字字…", "      ^^^^"),
    ],
)
def test_long_lines_are_clipped_around_the_mark(text: str, marked: str, line: str, marks: str) -> None:
    assert shown(text, marked, width=20) == (line, marks)


LINE = st.text(
    st.sampled_from("ab\t宽😀é\u0301\u200d\x1b\u202eｱﾊﾟ각\u1161"), min_size=0, max_size=60
) | st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=40)


@given(LINE, st.integers(0, 60), st.integers(0, 60), st.integers(20, 50), st.booleans())
def test_marks_are_inside_the_width_and_under_the_text(
    text: str, begin: int, length: int, width: int, ascii_only: bool
) -> None:
    begin, end = min(begin, len(text)), min(begin + length, len(text))
    span = Span(len(text[:begin].encode()), len(text[:end].encode()))
    result = excerpt(LineIndex(text.encode()), span, width, ascii_only=ascii_only)
    assert result.length >= 1
    assert columns(result.text) <= width
    assert result.indent >= 0
    assert result.indent + result.length <= max(width, columns(result.text)) + 1
    assert not any(unicodedata.category(c) == "Cc" for c in result.text)
    if ascii_only:
        assert result.text.isascii()


def test_ascii_output_is_ascii() -> None:
    text = load("text")(REPORT, RenderOptions(ascii=True, verbose=True, statistics=True, color=True))
    assert text.isascii()


def test_nothing_from_the_source_reaches_the_terminal_as_an_order() -> None:
    report = one(
        "a \x1b]0;x\x07 b",
        "b",
        path="p\x1b[2J.sql",
        message="m\x1b[31m\rn",
        help="h\x9b",
        related=(Related("p\x1b[2J.sql", Span(0, 1), "r\x08"),),
        fix=Fix("t\x1b", ()),
    )._replace(unanalysed=(Unanalysed("p\x1b[2J.sql", Span(0, 1), "u\x1b"),))
    for name in ("text", "concise"):
        for options in (PLAIN, RenderOptions(ascii=True), RenderOptions(verbose=True)):
            text = load(name)(report, options)
            assert all(c == "\n" or unicodedata.category(c) != "Cc" for c in text), name


def test_colour_changes_nothing_but_colour() -> None:
    import re

    for options in (PLAIN, RenderOptions(verbose=True, statistics=True)):
        plain = load("text")(REPORT, options)
        coloured = load("text")(REPORT, options._replace(color=True))
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
        assert "\x1b" not in plain


def test_lines_keep_to_the_width_where_they_can() -> None:
    text = load("text")(one("x " * 200, "x", help="word " * 60), RenderOptions(width=50))
    assert max(map(columns, text.splitlines()[:-1])) <= 50


def summary(report: Report = REPORT, verbose: bool = False, **counts: int) -> str:
    return summary_line(report._replace(unanalysed=(), summary=Summary(**counts)), verbose=verbose)


def test_summary_sentences() -> None:
    assert summary(files=124, statements=612, objects=498, errors=3, warnings=2) == (
        "Found 3 errors, 2 warnings in 124 files (612 statements, 498 objects)."
    )
    assert summary(files=1, statements=1, objects=1, infos=1) == (
        "Found 1 info in 1 file (1 statement, 1 object)."
    )
    assert summary(files=124, statements=612, objects=498) == (
        "All clear: 124 files, 612 statements, 498 objects."
    )
    assert summary() == "Nothing to check: no files."
    assert summary(verbose=True, files=2, suppressed=1).endswith(" 1 finding suppressed.")


def test_what_was_not_analysed_is_never_all_clear() -> None:
    report = CLEAR._replace(unanalysed=REPORT.unanalysed)
    assert summary_line(report) == (
        "Nothing found in 124 files (612 statements, 498 objects). 1 place could not be analysed."
    )


def test_many_unanalysed_places_are_shortened() -> None:
    report = CLEAR._replace(unanalysed=REPORT.unanalysed * 5)
    short = load("text")(report, PLAIN)
    assert short.count("not analysed: db/") == 3
    assert "not analysed: 2 more places (-v lists all)" in short
    assert load("text")(report, RenderOptions(verbose=True)).count("not analysed: db/") == 5


@pytest.mark.parametrize("name", FORMATS)
def test_one_format_imports_no_other(name: str) -> None:
    code = (
        "import sys; from confiture_linter.report import FORMATS, load; "
        f"load({name!r}); "
        "print(*(n for n in FORMATS if f'confiture_linter.report.{n}' in sys.modules)); "
        "print(*({'dataclasses', 'urllib.parse', 'unicodedata'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{name}\n\n"
