"""What a report shows of a line holds no password."""

import pytest

from confiture_linter.model.passwords import without_passwords


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("CREATE ROLE a LOGIN PASSWORD 'Toner-2024!';", "CREATE ROLE a LOGIN PASSWORD '***********';"),
        ("ALTER ROLE a PassWord 'x';", "ALTER ROLE a PassWord '*';"),
        ("ALTER ROLE a password  'it''s';", "ALTER ROLE a password  '*****';"),
        ("ALTER ROLE a PASSWORD E'x\\'y';", "ALTER ROLE a PASSWORD E'****';"),
        ("OPTIONS (user 'u', password 'geheim')", "OPTIONS (user 'u', password '******')"),
        ("SELECT dblink('host=h password=geheim user=u')", "SELECT dblink('host=h password=****** user=u')"),
        ("PASSWORD 'goes on", "PASSWORD '*******"),
        ("ALTER ROLE a PASSWORD NULL;", "ALTER ROLE a PASSWORD NULL;"),
        ("password text NOT NULL DEFAULT ''", "password text NOT NULL DEFAULT ''"),
        ("SELECT 'no secret'", "SELECT 'no secret'"),
    ],
)
def test_passwords_are_starred_and_nothing_moves(line: str, shown: str) -> None:
    assert without_passwords(line) == shown
    assert len(shown) == len(line)
