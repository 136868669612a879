"""Decodes the parser's JSON, however deep it is.

The standard library's decoder is compiled, costs 2 ms to import (orjson: 20 ms, because it brings
dataclasses, uuid and inspect) and is as fast on trees of this shape once both imports are counted
(benchmarks/RESULTS.md). It gives up at the interpreter's recursion limit; expressions that deep, a few
hundred chained operators, are decoded again on a thread with a large stack.
"""

import json
import sys
from typing import Any

Node = dict[str, Any]
"""One node of a syntax tree: field name to value, child nodes wrapped as `{"Kind": {...}}`."""

_decode = json.JSONDecoder().decode

DEEP_STACK_BYTES = 512 * 1024 * 1024
DEEP_RECURSION_LIMIT = 200_000


def decode(text: str) -> Any:
    """Decode one JSON document."""
    return _decode(text)


def on_deep_stack(function: Any, *arguments: Any) -> Any:
    """Call `function` where recursion may go some ten thousand levels deep, and return its result."""
    import threading

    outcome: list[Any] = []

    def work() -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(DEEP_RECURSION_LIMIT)
        try:
            outcome.append((True, function(*arguments)))
        except Exception as error:
            outcome.append((False, error))
        finally:
            sys.setrecursionlimit(limit)

    size = threading.stack_size(DEEP_STACK_BYTES)
    try:
        thread = threading.Thread(target=work, name="confiture-deep-tree")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    succeeded, value = outcome[0]
    if succeeded:
        return value
    raise value
