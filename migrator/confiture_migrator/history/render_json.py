"""`history --format json`: the lines as a document has them."""

from typing import Any

from confiture_migrator.history.values import Line


def line_document(line: Line) -> dict[str, Any]:
    """One line."""
    body = line._asdict()
    for key in ("at", "started_at"):
        body[key] = body[key] and body[key].isoformat()
    body["locks"] = [lock._asdict() for lock in line.locks]
    body["hooks"] = [hook._asdict() for hook in line.hooks]
    return body
