"""The documentation page of a rule, generated from the rule itself."""

from confiture_linter.engine.registry import AnyRule
from confiture_linter.model import Example


def rule_page(rule: AnyRule) -> str:
    """Markdown: what, why, when not, instead, examples, options."""
    parts = [
        f"# {rule.name}\n",
        f"{rule.summary}\n",
        "| family | severity | preset | since |\n|---|---|---|---|",
        f"| {rule.family} | {rule.severity} | {rule.preset} | {rule.since} |\n",
    ]
    if rule.description:
        parts.append(f"{rule.description}\n")
    if rule.given:
        parts.append(f"## Given this schema\n\n{_example(rule.given)}")
    parts.append(f"## Reported\n\n{_example(rule.bad)}")
    parts.append(f"## Not reported\n\n{_example(rule.good)}")
    if rule.config:
        parts.append(f"## Configuration of the examples\n\n```yaml\n{rule.config.strip()}\n```\n")
    if rule.options:
        rows = "\n".join(f"| `{name}` | `{value!r}` |" for name, value in rule.options.items())
        parts.append(f"## Options\n\n| option | default |\n|---|---|\n{rows}\n")
    if rule.suppressible and not isinstance(rule.bad, str) and any(map(_is_yaml, rule.bad)):
        parts.append(
            "## Suppress\n\nNo comment does, in YAML: use `lint.per_path` of confiture.yaml, or the baseline.\n"
        )
    elif rule.suppressible:
        parts.append(f"## Suppress\n\n```sql\n-- confiture: ignore {rule.name} -- the reason\n```\n")
    return "\n".join(parts).replace("\0", "␀")


def _is_yaml(path: str) -> bool:
    return path.endswith((".yaml", ".yml"))


def _example(example: Example) -> str:
    if isinstance(example, str):
        return f"```sql\n{example.strip()}\n```\n"
    return "\n".join(
        f"`{path}`\n\n```{'yaml' if _is_yaml(path) else 'sql'}\n{text.strip()}\n```\n"
        for path, text in example.items()
    )
