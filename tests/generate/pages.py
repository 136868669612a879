"""Write the generated pages of the documentation from the program itself.

Run from the root of the repository::

    python -m tests.generate.pages            # write
    python -m tests.generate.pages --check    # exit 1 and name what is stale, write nothing

Two kinds of text are generated: whole files (`docs/rules/*.md`, `docs/schema/*.json`), and regions of pages written
by hand, between `<!-- generated: NAME -->` and `<!-- /generated -->`.
"""

import argparse
import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.rules.catalogue import CATALOGUE

from confiture_linter.cli.main import COMMANDS, guarded
from confiture_linter.config import json_schema, reference
from confiture_linter.engine.page import rule_page
from confiture_linter.engine.registry import AnyRule, load_rules

ROOT = Path(__file__).resolve().parents[2]
LINTER = ROOT / "linter/confiture_linter"
MIGRATOR = ROOT / "migrator/confiture_migrator"
HAND_WRITTEN = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
)
"""Pages that may have generated regions."""

REGION = re.compile(
    r"(?P<open><!-- generated: (?P<name>[a-z-]+) -->\n)(?P<text>.*?)(?P<close><!-- /generated -->)", re.DOTALL
)


def pages() -> dict[str, str]:
    """Every generated text: path below the root to content."""
    rules = load_rules(entry_points=False)
    # A NUL byte, which one rule is about, would make its page binary to git.
    made = {f"docs/rules/{rule.name}.md": rule_page(rule).replace("\0", "␀") for rule in rules}
    made["docs/rules/index.md"] = rules_index(rules)
    made |= schemas()
    regions: Mapping[str, Callable[[], str]] = {
        "commands": commands,
        "configuration": reference,
        "documents": lambda: documents(made),
        "families": lambda: families(rules),
        "hazards": hazards,
    }
    for path in HAND_WRITTEN:
        text = (ROOT / path).read_text("utf-8")
        filled = REGION.sub(lambda m: f"{m['open']}\n{regions[m['name']]()}\n{m['close']}", text)
        if REGION.search(text):
            made[path] = filled
    return made


def rules_index(rules: tuple[AnyRule, ...]) -> str:
    """The table of all rules, by family."""
    lines = [
        "# Rules",
        "",
        f"{len(rules)} rules. A name here is the name everywhere: on the command line, in `confiture.yaml`, in",
        "suppressions, in reports, in the address of the page. A family selects all of its rules.",
        "",
        "The *preset* is the smallest one in which a rule is on: `strict` contains `default`, `all` contains both.",
        "Whoever declares `layers` also gets the strict rules of `cqrs`, and whoever declares `tenancy` those of `tenancy`;",
        "preset `cqrs` adds the strict rules of `cqrs`, `multi-tenant` those of `tenancy` and `security`, `supabase` those of",
        "`security`. What is in no preset but `all` waits for `lint.select`.",
    ]
    for family in sorted({rule.family for rule in rules}):
        lines += [
            "",
            f"## {family}",
            "",
            _purpose(family),
            "",
            "| rule | severity | preset | what is wrong |",
        ]
        lines.append("|---|---|---|---|")
        lines += [
            f"| [{rule.name}]({rule.name}.md) | {rule.severity} | {rule.preset} | {_cell(rule.summary)} |"
            for rule in rules
            if rule.family == family
        ]
    return "\n".join(lines) + "\n"


def families(rules: tuple[AnyRule, ...]) -> str:
    """One line a family."""
    rows = [
        f"| `{family}` | {sum(rule.family == family for rule in rules)} | {_cell(_about(family))} |"
        for family in sorted({rule.family for rule in rules})
    ]
    return "\n".join(["| family | rules | about |", "|---|---|---|", *rows]) + "\n"


def hazards() -> str:
    """A table for each chapter of the catalogue of hazards."""
    parts = []
    for chapter, rows in CATALOGUE.items():
        lines = [f"## {chapter}", "", "| hazard | rule | remark |", "|---|---|---|"]
        for row in rows:
            links = ", ".join(f"[{name}](rules/{name}.md)" for name in row.rules.split()) or "—"
            lines.append(f"| {_cell(row.hazard)} | {links} | {_cell(row.note)} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _about(family: str) -> str:
    """The purpose without the family's name at its head."""
    return _purpose(family).partition(": ")[2]


def _purpose(family: str) -> str:
    """The first line of the docstring of the family's package."""
    return (import_module(f"confiture_rules.{family}").__doc__ or "").strip().partition("\n")[0]


def commands() -> str:
    """`--help` of the program and of every command."""
    parts = [f"## confiture-lint\n\n```text\n{_output('--help')}```\n"]
    parts += [
        f"## confiture-lint {name}\n\n```text\n{_output(name, '--help')}```\n"
        for name in COMMANDS
        if find_spec(f"confiture_linter.cli.{name}")
    ]
    return "\n".join(parts)


def _output(*arguments: str) -> str:
    """What the program prints, at 90 columns and without colour, wherever this runs."""
    before = dict(os.environ)
    os.environ.update(COLUMNS="90", NO_COLOR="1")
    os.environ.pop("GITHUB_ACTIONS", None)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            guarded(arguments)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return printed.getvalue()


def schemas() -> dict[str, str]:
    """The JSON Schemas of the documents the program prints, and of its configuration."""
    sources = [*LINTER.glob("*/schema/*.json"), *MIGRATOR.glob("*/schema/*.json")]
    found = {f"docs/schema/{path.name}": path.read_text("utf-8") for path in sorted(sources)}
    found["docs/schema/confiture.yaml.json"] = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return found


def documents(made: Mapping[str, str]) -> str:
    """A table of fields for every document that has a schema."""
    parts = []
    for path, text in sorted(made.items()):
        schema = json.loads(text) if path.startswith("docs/schema/") else {}
        if not schema or "confiture.yaml" in path:
            continue
        name = path.removeprefix("docs/schema/")
        rows = [
            f"| `{field}` | {kind} | {_cell(doc)} |" for field, kind, doc in _fields(schema, schema, "", ())
        ]
        parts.append(
            f"## {schema['title']}\n\n{schema.get('description', '')}\n\n[{name}](schema/{name})\n\n"
            + "\n".join(["| field | type | meaning |", "|---|---|---|", *rows])
            + "\n"
        )
    return "\n".join(parts)


def _fields(
    node: Mapping[str, Any], schema: Mapping[str, Any], above: str, within: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    """Field path, type and meaning of everything below a node of a schema."""
    node, refs = _resolved(node, schema)
    if not set(refs).isdisjoint(within):
        return
    for name, given in node.get("properties", {}).items():
        field, below = _resolved(given, schema)
        if "items" in field:
            step, inner = f"{name}[]", field["items"]
        else:
            step, inner = name, given
        yield above + step, _kind(given, schema), _meaning(given, schema)
        if not set(below).intersection(within):
            yield from _fields(inner, schema, f"{above}{step}.", (*within, *refs))


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
    """Follow `$ref`, and the alternative of a `null`; the names of the definitions passed on the way."""
    passed = []
    while True:
        options = [each for each in node.get("anyOf", node.get("oneOf", ())) if each.get("type") != "null"]
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            passed.append(name)
            node = schema["$defs"][name]
        elif len(options) == 1:
            node = options[0]
        else:
            return node, passed


def _meaning(node: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The description nearest to the field: its own, else that of the definition it refers to."""
    while "description" not in node and "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return str(node.get("description", ""))


def _kind(node: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    optional = any(each.get("type") == "null" for each in node.get("anyOf", node.get("oneOf", ())))
    field, _ = _resolved(node, schema)
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{each}`" for each in field["enum"])
    kinds = field.get("type", "any")
    kinds = list(kinds) if isinstance(kinds, list) else [kinds]
    return " or ".join([*kinds, *(["null"] if optional else [])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def stale() -> list[str]:
    """Paths whose content is not what would be written, pages of rules that are gone included."""
    made = pages()
    wrong = [path for path, text in made.items() if _read(ROOT / path) != text]
    return sorted(wrong + [path for path in _written() if path not in made])


def _written() -> list[str]:
    folders = (ROOT / "docs/rules", ROOT / "docs/schema")
    return [str(path.relative_to(ROOT)) for folder in folders for path in folder.glob("*") if path.is_file()]


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def write() -> list[str]:
    """Write what is stale; returns it."""
    changed = stale()
    made = pages()
    for path in changed:
        target = ROOT / path
        if path in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(made[path], "utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is stale")
    given = parser.parse_args()
    changed = stale() if given.check else write()
    for path in changed:
        sys.stdout.write(f"{'stale' if given.check else 'written'}: {path}\n")
    if given.check and changed:
        sys.stdout.write("run `python -m tests.generate.pages`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
