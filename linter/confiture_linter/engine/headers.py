"""What sqitch, and tools that write like it, say at the head of a change: its name, and the changes it requires.

The order is in the plan; where it is computed, these lines are the authors' own word on it.
"""

import re
from collections.abc import Iterator, Sequence

from confiture_linter.engine.files import File

_HEAD_BYTES = 4096
_DEPLOY = re.compile(rb"\A\s*--\s*Deploy:?\s+(?:[\w.-]+:)?([\w./-]+)", re.IGNORECASE)
_REQUIRES = re.compile(rb"^\s*--\s*requires:?\s*(?:([\w.-]+):)?([\w./@-]+)", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"\d+")
_AMENDMENT = re.compile(r"(.*[^\W\d])_(\d{2,})(?:_|$)")


def header_pairs(files: Sequence[File]) -> list[tuple[str, str]]:
    """Pairs of files of which the first comes after the second: versions of one change, and what they require.

    Where several packages have a change of that name, the one whose path is nearest is meant.
    """
    versions: dict[str, list[str]] = {}
    required: list[tuple[str, list[str]]] = []
    for file in files:
        head = file.source.data[:_HEAD_BYTES]
        found = _DEPLOY.match(head)
        if found is None:
            continue
        versions.setdefault(found[1].decode(), []).append(file.path)
        names = [name.decode() for _, name in _REQUIRES.findall(head)]
        if names:
            required.append((file.path, names))
    pairs = [pair for name, paths in versions.items() for pair in _succession(name, paths)]
    pairs += _amendments(versions)
    pairs += _tagged([file.path for file in files])
    for path, names in required:
        for name in names:
            change = name.partition("@")[0]
            known = [other for other in versions.get(change, ()) if other != path]
            if known:
                near = max(_shared(path, other) for other in known)
                nearest = [other for other in known if _shared(path, other) == near]
                pairs.append((path, min(nearest, key=_version)))
    return pairs


def _succession(name: str, paths: list[str]) -> Iterator[tuple[str, str]]:
    """Versions of a change in one folder, the older first: `change@tag.sql`, then `change.sql`."""
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(path[: path.rfind(name)] if name in path else "", []).append(path)
    for group in by_folder.values():
        ordered = sorted(group, key=_version)
        if all("@" in path for path in ordered[:-1]):
            yield from zip(ordered[1:], ordered[:-1], strict=True)


def _tagged(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Files that sqitch keeps of a change that was reworked, whatever their heads say."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(path.rpartition(".")[0].partition("@")[0], []).append(path)
    for group in groups.values():
        ordered = sorted(group, key=_version)
        if len(ordered) > 1 and all("@" in path for path in ordered[:-1]):
            yield from zip(ordered[1:], ordered[:-1], strict=True)


def _amendments(versions: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Changes named after another and numbered, as in `t`, `t_001_add_a`, `t_002`: each comes after the one before."""
    chains: dict[str, list[tuple[int, str]]] = {}
    for name in versions:
        found = _AMENDMENT.match(name)
        if found is not None:
            chains.setdefault(found[1], []).append((int(found[2]), name))
    for base, amendments in chains.items():
        chain = [*versions.get(base, ())]
        for _, name in sorted(amendments):
            if chain:
                yield from ((later, earlier) for later in versions[name] for earlier in chain)
            chain = versions[name]


def _version(path: str) -> tuple[bool, str]:
    """Sort key: numbers by value, a release after its candidates, the current version last."""
    tag = path.rpartition(".")[0].partition("@")[2]
    release, dash, candidate = tag.partition("-")
    padded = _NUMBER.sub(lambda found: found[0].zfill(9), f"{release}{'-' if dash else '~'}{candidate}")
    return not tag, padded


def _shared(one: str, other: str) -> int:
    """How many leading folders two paths have in common."""
    count = 0
    for mine, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
