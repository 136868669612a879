"""Which parts of a DO block are done in any case."""

import pytest

from confiture_linter.graph.unconditional import unconditional, within


def certain(text: str, word: str) -> bool:
    """Whether the statement that holds `word` is done in any case."""
    raw = text.encode()
    return within(raw.index(word.encode()), tuple(unconditional(raw)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN here; END", True),
        ("BEGIN IF a THEN here; END IF; END", False),
        ("BEGIN IF here THEN x; END IF; END", True),
        ("BEGIN IF a THEN x; END IF; here; END", True),
        ("BEGIN IF a THEN RAISE EXCEPTION 'no'; END IF; here; END", True),
        ("BEGIN IF a THEN RETURN; END IF; here; END", False),
        ("BEGIN FOR r IN SELECT here LOOP x; END LOOP; END", True),
        ("BEGIN FOR r IN SELECT a LOOP here; END LOOP; END", False),
        ("BEGIN LOOP CONTINUE; END LOOP; here; END", True),
        ("BEGIN x := CASE WHEN a THEN b END; here; END", True),
        ("BEGIN -- if so then return\n here; END", True),
        ("BEGIN RAISE NOTICE 'then'; /* loop */ here; END", True),
        ("BEGIN here; EXCEPTION WHEN others THEN x; END", False),
    ],
)
def test_a_statement_is_done_in_any_case_or_not(text: str, expected: bool) -> None:
    assert certain(text, "here") is expected
