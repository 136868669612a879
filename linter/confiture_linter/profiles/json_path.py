"""JSON paths: `$.customer.email`, `$["odd key"]`, `$.items[*].note`, `$.items[0]`."""

import re

Step = str | int | None
"""A key of an object, a position in an array, or None: every element of an array."""


class PathError(Exception):
    """Text that is no path."""


_STEP = re.compile(
    r"\.(?P<key>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff-]*)"
    r"|\[(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<index>\d{1,9})|(?P<all>\*))\]"
)
MAX_STEPS = 32


def parse_path(text: str) -> tuple[Step, ...]:
    """Parse a path; raises `PathError`."""
    if not text.startswith("$"):
        raise PathError("a path begins with $, such as $.customer.email")
    steps: list[Step] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise PathError(
                f'{text[at:]!r} is not understood; a path is made of .key, ["any key"], [0] and [*]'
            )
        if found["key"] is not None:
            steps.append(found["key"])
        elif found["index"] is not None:
            steps.append(int(found["index"]))
        elif found["all"]:
            steps.append(None)
        else:
            quoted = found["double"] if found["double"] is not None else found["single"]
            steps.append(re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    if not steps:
        raise PathError("$ alone is the whole document; use another strategy for it, such as redact")
    if len(steps) > MAX_STEPS:
        raise PathError(f"a path has at most {MAX_STEPS} steps")
    return tuple(steps)


def shown_path(steps: tuple[Step, ...]) -> str:
    """The path as text."""
    shown = "$"
    for step in steps:
        if step is None:
            shown += "[*]"
        elif isinstance(step, int):
            shown += f"[{step}]"
        else:
            shown += f".{step}" if re.fullmatch(r"[A-Za-z_][\w$-]*", step) else f'["{step}"]'
    return shown
