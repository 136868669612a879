"""A labelled migration: what a file of `cases/` says.

A case is a SQL file with a header of `-- key: value` lines and sections, each begun by a line `-- section:`:

    -- hazard: set-not-null                 a key of `hazards.HAZARDS`
    -- label: harmful                       or harmless
    -- twin: set-not-null-proven            the look-alike with the other label
    -- postgres: 13..18                     versions that the label holds for
    -- runner: file                         wrapped in one transaction; none: every statement its own
    -- proof: scan orders                   `proof` lists the kinds; every line must hold
    -- why: one sentence for the reader
    -- given:                               what exists before, rows included
    -- change:                              the migration
    -- then:                                what is run afterwards in another session; optional
"""

import re
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).parent / "cases"
SECTIONS = ("given", "change", "then")
REQUIRED = ("hazard", "label", "twin", "postgres", "runner", "proof", "why")
OPTIONAL = ("expects",)
_LINE = re.compile(r"^-- ([a-z]+):(?: (.*))?$")


class CaseError(ValueError):
    """A file of `cases/` is not written as described."""


class Proof(NamedTuple):
    """One claim about the server: a kind of `proof.KINDS`, and what it is about."""

    kind: str
    argument: str


class Case(NamedTuple):
    """A migration with a label."""

    name: str
    hazard: str
    harmful: bool
    twin: str
    oldest: int
    newest: int
    wrapped: bool
    """Whether the runner puts the file into one transaction."""
    proofs: tuple[Proof, ...]
    why: str
    expects: tuple[str, ...]
    """Rules of ours that count as a hit here, beside those of the hazard."""
    given: str
    change: str
    then: str

    def holds_for(self, major: int) -> bool:
        """Whether the label is about this major version."""
        return self.oldest <= major <= self.newest


def parse(name: str, text: str) -> Case:
    """Read one file. Raises `CaseError`."""
    values: dict[str, list[str]] = {}
    sections: dict[str, list[str]] = {}
    section: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line)
        if found and found[1] in SECTIONS and not found[2]:
            if found[1] in sections:
                raise CaseError(f"{name}:{number}: section {found[1]} comes twice")
            section = sections.setdefault(found[1], [])
        elif section is not None:
            section.append(line)
        elif found and found[1] in (*REQUIRED, *OPTIONAL):
            values.setdefault(found[1], []).append((found[2] or "").strip())
        elif line.strip():
            raise CaseError(f"{name}:{number}: neither a known key nor a section: {line}")
    for key in REQUIRED:
        if not all(values.get(key, [""])):
            raise CaseError(f"{name}: no {key}")
    for key, several in values.items():
        if key != "proof" and len(several) > 1:
            raise CaseError(f"{name}: {key} comes twice")
    if not "".join(sections.get("change", [])).strip():
        raise CaseError(f"{name}: no change")
    return _case(name, values, {key: "\n".join(lines).strip("\n") + "\n" for key, lines in sections.items()})


def _case(name: str, values: dict[str, list[str]], sections: dict[str, str]) -> Case:
    one = {key: several[0] for key, several in values.items()}
    span = re.fullmatch(r"(\d+)\.\.(\d+)", one["postgres"])
    if span is None:
        raise CaseError(f"{name}: postgres is not written as 13..18")
    if one["label"] not in ("harmful", "harmless") or one["runner"] not in ("file", "none"):
        raise CaseError(f"{name}: label or runner is unknown")
    return Case(
        name=name,
        hazard=one["hazard"],
        harmful=one["label"] == "harmful",
        twin=one["twin"],
        oldest=int(span[1]),
        newest=int(span[2]),
        wrapped=one["runner"] == "file",
        proofs=tuple(Proof(*([*line.split(" ", 1), ""])[:2]) for line in values["proof"]),
        why=one["why"],
        expects=tuple(one.get("expects", "").replace(",", " ").split()),
        given=sections.get("given", "").strip("\n") and sections["given"],
        change=sections["change"],
        then=sections.get("then", "").strip("\n") and sections["then"],
    )


def load(folder: Path = CASES) -> tuple[Case, ...]:
    """All cases, by name."""
    return tuple(parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql")))
