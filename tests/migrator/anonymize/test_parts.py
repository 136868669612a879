"""The small parts: conditions, paths, dates, COPY's text format. No server."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confiture_linter.profiles.condition import ConditionError, fields, parse_condition
from confiture_linter.profiles.json_path import PathError, parse_path, shown_path
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.strategies.calendar import moment
from confiture_migrator.anonymize.strategies.permute import LARGE, MIDDLE, SMALL, permuted
from confiture_migrator.anonymize.stream import decoded, encoded
from confiture_migrator.anonymize.types import column_type

KEYED = Keyring({"K": "key"}).keyed("K", b"integer\0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a column of the row or a value (at the end"),
        ("internal = true", "write row.internal"),
        ("row.a = ", "at the end"),
        ("1 = 1", "needs a column of the row"),
        ("row.a = NULL", "write IS NULL"),
        ("row.a; DROP TABLE t", "'; DROP TABLE t' is not understood"),
        ("row.a = (SELECT 1)", "expected a column of the row or a value"),
        ("pg_sleep(10)", "pg_sleep is no column of the row"),
        ("row.a = 1 OR", "at the end"),
        ("row.a IN ()", "expected a column of the row or a value"),
        ("row.a = 'x' 'y'", "expected AND, OR or the end"),
        ("(" * 100 + "row.a", "nested more than"),
        ("row.a = 1x", "is not understood"),
        ("row.a NOT = 1", "expected IN or LIKE after NOT"),
        ('__import__("os")', "is not understood"),
    ],
)
def test_what_is_no_condition(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert said in str(caught.value)


def test_the_columns_of_a_condition() -> None:
    text = """NOT (row.a = 'it''s' OR row."B c" >= -1.5) AND row.d IS NOT NULL AND row.e NOT IN ('x', 'y') AND row.A LIKE '%'"""
    assert fields(parse_condition(text)) == ("a", "B c", "d", "e")


@pytest.mark.parametrize("path", ["$.a.b", "$.list[*].x", "$.list[0]", '$["odd key"].a', "$.é"])
def test_paths(path: str) -> None:
    assert parse_path(shown_path(parse_path(path))) == parse_path(path)


@pytest.mark.parametrize("path", ["a.b", "$", "$.", "$..a", "$.a[", "$.a[-1]", "$.a[?(@.x)]", "$.*"])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(PathError):
        parse_path(path)


@given(st.dates())
def test_days_are_those_of_the_calendar(day: dt.date) -> None:
    found = moment(str(day))
    assert found is not None
    assert found.day == (day - dt.date(1970, 1, 1)).days
    assert found.text() == str(day)


@given(st.datetimes(), st.integers(-(10**9), 10**9))
def test_moving_a_time_stamp(before: dt.datetime, seconds: int) -> None:
    found = moment(str(before))
    assert found is not None
    try:
        expected = before + dt.timedelta(seconds=seconds)
    except OverflowError:
        return
    after = moment(found.moved(seconds).text())
    assert after is not None
    assert dt.datetime.combine(dt.date(1970, 1, 1), dt.time()) + dt.timedelta(days=after.day, seconds=after.second) == expected.replace(microsecond=0)  # fmt: skip


@pytest.mark.parametrize("domain", [SMALL, MIDDLE, LARGE])
@given(data=st.data())
def test_whole_numbers_stay_in_their_range_and_apart(domain: object, data: st.DataObject) -> None:
    low, high = {SMALL: (0, 2**15), MIDDLE: (0, 2**31), LARGE: (2**31, 2**63)}[domain]  # type: ignore[index]
    numbers = data.draw(st.lists(st.integers(low, high - 1), unique=True, max_size=20))
    made = [permuted(KEYED, number, domain) for number in numbers]  # type: ignore[arg-type]
    assert all(low <= number < high for number in made)
    assert len(set(made)) == len(numbers)


def test_smallint_is_a_permutation() -> None:
    assert {permuted(KEYED, number, SMALL) for number in range(2**15)} == set(range(2**15))


@given(st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"))))
def test_copys_text_format(text: str | None) -> None:
    field = encoded(text)
    assert decoded(field) == text
    assert b"\t" not in field
    assert b"\n" not in field


@pytest.mark.parametrize(
    ("written", "kind", "size"),
    [
        ("character varying(40)", "text", 40),
        ("character varying", "text", None),
        ("character(3)[]", "text", 3),
        ("public.citext", "text", None),
        ("numeric(10,2)", "numeric", 10),
        ("timestamp(3) with time zone", "timestamptz", None),
        ("timestamp without time zone", "timestamp", None),
        ('public."Odd(1)"', "other", None),
        ("smallint", "integer", 15),
    ],
)
def test_types(written: str, kind: str, size: int | None) -> None:
    found = column_type(written, "b")
    assert (found.kind, found.size if kind != "other" else None) == (kind, size)
