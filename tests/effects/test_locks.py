"""The model says of every measured statement what PostgreSQL 15, 16, 17 and 18 did."""

from functools import cache

import pytest
from tests.effects.judge import Answer, answers, differences, forms

FORMS = {form.id: form for form in forms()}


@cache
def _answers(name: str) -> dict[int, Answer]:
    return answers(FORMS[name].setup, FORMS[name].sql)[1]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        pytest.param(form.id, version, id=f"{form.id}-{version}")
        for form in FORMS.values()
        for version in form.results
    ],
)
def test_equals_postgresql(name: str, version: int) -> None:
    assert differences(FORMS[name], version, _answers(name)[version]) == []
