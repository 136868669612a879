"""Guesses which other database a file is for, once PostgreSQL's grammar has refused it."""

import re

_QUOTED = re.compile(rb"'(?:[^'\\]|\\.|'')*'|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$", re.DOTALL)

_EVIDENCE: tuple[tuple[str, int, str], ...] = (
    ("mysql", 3, r"\bengine\s*=\s*(?:innodb|myisam|memory|aria|ndb)"),
    ("mysql", 3, r"\bauto_increment\b"),
    ("mysql", 3, r"^\s*delimiter\s+\S+\s*$"),
    ("mysql", 2, r"\b(?:default\s+)?(?:charset|character\s+set)\s*=?\s*(?:utf8|latin1)"),
    (
        "mysql",
        2,
        r"\b(?:tiny|medium|big|small)?int(?:eger)?\s*\(\s*\d+\s*\)|\bunsigned\b|\b(?:medium|long|tiny)text\b",
    ),
    ("mysql", 2, r"\bon\s+update\s+current_timestamp"),
    ("mysql", 2, r"\b(?:lock|unlock)\s+tables\b|\bload\s+data\s+(?:local\s+)?infile\b"),
    ("mysql", 1, r"`\w+`"),
    ("mysql", 1, r"^\s*(?:unique\s+)?(?:key|index)\s+`?\w*`?\s*\("),
    ("sqlite", 3, r"\bautoincrement\b"),
    ("sqlite", 3, r"^\s*pragma\s+\w+"),
    ("sqlite", 3, r"\bwithout\s+rowid\b"),
    ("sqlite", 2, r"\bsqlite_(?:master|sequence|schema)\b"),
    ("sqlite", 2, r"\binsert\s+or\s+(?:ignore|replace)\b|\bdatetime\('now'\)"),
    ("mssql", 3, r"^\s*go\s*;?\s*$"),
    ("mssql", 3, r"\[dbo\]|\bdbo\.\w+"),
    ("mssql", 2, r"\bif\s+(?:not\s+)?exists\s*\(\s*select\b|\bobject_id\s*\("),
    ("mssql", 2, r"\bnvarchar\b|\buniqueidentifier\b|\bdatetime2\b|\bidentity\s*\(\s*\d+\s*,"),
    ("mssql", 2, r"\[\w+\]\.\[\w+\]|\bwith\s*\(\s*nolock\s*\)|\bnonclustered\b"),
    ("mssql", 1, r"\bdeclare\s+@\w+|\bset\s+@\w+|@@\w+"),
    ("oracle", 3, r"\bvarchar2\s*\("),
    ("oracle", 3, r"^/\s*$"),
    ("oracle", 2, r"\bnumber\s*\(\s*\d+"),
    ("oracle", 2, r"\bfrom\s+dual\b|\bsysdate\b|\bdbms_\w+\.|\.nextval\b"),
    ("oracle", 2, r"^\s*prompt\s|\bcreate\s+(?:or\s+replace\s+)?(?:public\s+)?synonym\b"),
    (
        "clickhouse",
        3,
        r"\bengine\s*=?\s*\w*mergetree\b|\bon\s+cluster\b|\blowcardinality\s*\(|\bdatetime64\s*\(",
    ),
    (
        "clickhouse",
        2,
        r"\bnullable\s*\(|\bmodify\s+(?:query|ttl|column)\b|\bengine\s*=\s*(?:null|distributed|kafka)",
    ),
    ("bigquery", 3, r"`[\w-]+\.[\w-]+(?:\.[\w-]+)?`"),
    (
        "bigquery",
        2,
        r"\bdatetime_(?:sub|add|diff|trunc)\s*\(|\bsafe_cast\s*\(|\bstruct<|\barray<|\bint64\b|\bfloat64\b",
    ),
    ("bigquery", 1, r"\binterval\s+-?\w+\s+(?:hour|day|minute|second)\b"),
    (
        "spark",
        3,
        r"\busing\s+(?:delta|parquet|iceberg)\b|\bstored\s+as\s+(?:parquet|orc|textfile)\b|\btblproperties\b",
    ),
    ("spark", 2, r"\blateral\s+view\s+explode\b|\bpartitioned\s+by\s*\("),
)


def guess_dialect(text: bytes) -> str | None:
    """Name the other database `text` is probably written for; None where nothing speaks for one.

    Strings, comments and dollar-quoted bodies are no evidence.
    """
    code = _QUOTED.sub(b" ", text[: 1 << 18]).decode("utf-8", "replace").lower()
    scores: dict[str, int] = {}
    for name, weight, pattern in _EVIDENCE:
        if re.search(pattern, code, re.MULTILINE):
            scores[name] = scores.get(name, 0) + weight
    return max(scores, key=lambda name: scores[name], default=None)
