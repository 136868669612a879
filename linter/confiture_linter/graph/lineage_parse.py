"""The one place that calls sqlglot's parser."""

import logging
from typing import Any


def parse(text: str) -> Any:
    """The tree of a query, or (a `str`) why there is none."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    logger = logging.getLogger("sqlglot")
    before = logger.level
    logger.setLevel(logging.CRITICAL)  # a fall-back to Command is our own message
    try:
        tree = sqlglot.parse_one(text, read="postgres")
    except SqlglotError as error:
        return f"sqlglot does not read it: {str(error).partition(chr(10))[0].partition('. Line')[0]}"
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        # Rare syntax (XMLTABLE … FOR ORDINALITY) meets defects of sqlglot; they are its own, not the user's.
        return f"sqlglot fails on it: {error}"
    except RecursionError:
        return "sqlglot does not read it: it is nested too deeply"
    finally:
        logger.setLevel(before)
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if not isinstance(tree, exp.Query | exp.Values | exp.Insert):
        return f"sqlglot does not read it as a query, but as {type(tree).__name__}"
    return tree
