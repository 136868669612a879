"""Decodes the parser's JSON, however deep it is.

Two decoders: the standard library's, which costs 2 ms to import, and orjson, which is twice as fast on these trees and
costs 15 ms to import, because it brings dataclasses, uuid and inspect. The second pays from about a megabyte of SQL on
(benchmarks/RESULTS.md), so whoever has that much to parse asks for it. Neither goes deeper than some 500 chained
operators; what is deeper is decoded once more on a thread with a large stack.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

Node = dict[str, Any]
"""One node of a syntax tree: field name to value, child nodes wrapped as `{"Kind": {...}}`."""

DEEP_STACK_BYTES = 512 * 1024 * 1024
DEEP_RECURSION_LIMIT = 200_000


_decoder: list[Callable[[str], Any]] = [json.JSONDecoder().decode]


def decode(text: str) -> Any:
    """Decode one JSON document; raises `RecursionError` where it is too deep for this stack."""
    return _decoder[0](text)


def expect_much() -> None:
    """From now on decode with orjson: there is enough to come to pay for its import."""
    import orjson

    def fast(text: str) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            # Deeper than 1,024 levels; the standard library says so by RecursionError.
            return json.loads(text)

    _decoder[0] = fast


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
