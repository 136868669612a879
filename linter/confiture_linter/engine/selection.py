"""Which rules run, with which severity and options."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from confiture_linter.config import Config, compile_object_globs
from confiture_linter.engine.registry import AnyRule
from confiture_linter.model import ConfigError, Preset, Problem, Severity


class ActiveRule(NamedTuple):
    """A rule that is on, with what the configuration says about it."""

    rule: AnyRule
    severity: Severity
    options: Mapping[str, Any]
    exempt: Callable[[str], bool] | None


_PRESET_FAMILIES = {
    "cqrs": frozenset({"cqrs"}),
    "multi-tenant": frozenset({"tenancy", "security"}),
    "supabase": frozenset({"security"}),
}


def select_rules(
    rules: Sequence[AnyRule],
    config: Config,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> tuple[ActiveRule, ...]:
    """The rules that are on.

    Command-line `select`, if given, replaces the preset and the configured selection; `ignore` is taken
    away last. Raises `ConfigError` for a name that is neither rule nor family, with its place.
    """
    names = _Names(rules)
    chosen_here, ignored_here = tuple(select), tuple(ignore)
    problems = _unknown_names(names, config, chosen_here, ignored_here)
    if problems:
        raise ConfigError(tuple(problems))
    if chosen_here:
        chosen = names.expand(chosen_here)
    else:
        chosen = _preset(rules, config) | names.expand(config.lint.select)
        chosen -= names.expand(config.lint.ignore) - _exactly(config.lint.select, names)
    chosen -= names.expand(ignored_here)
    return tuple(_activate(rule, config) for rule in rules if rule.name in chosen or not rule.suppressible)


def _exactly(selected: Iterable[str], names: "_Names") -> set[str]:
    """Rules selected by their own name: that beats an ignored family."""
    return {names.rules[name] for name in selected if name in names.rules}


def _preset(rules: Sequence[AnyRule], config: Config) -> set[str]:
    """Rules of the preset; whoever declares layers or tenancy also wants the strict rules about them."""
    preset = config.lint.preset
    if preset == "all":
        return {rule.name for rule in rules}
    families = set(_PRESET_FAMILIES.get(preset, ()))
    families |= {"cqrs"} if config.layers else set()
    families |= {"tenancy"} if config.tenancy else set()
    levels = {Preset.DEFAULT, Preset.STRICT} if preset == "strict" else {Preset.DEFAULT}
    return {
        rule.name
        for rule in rules
        if rule.preset in levels or (rule.family in families and rule.preset is not Preset.ALL)
    }


def _activate(rule: AnyRule, config: Config) -> ActiveRule:
    given = config.lint.rules.get(rule.name)
    if given is None:
        for alias in rule.aliases:
            given = given or config.lint.rules.get(alias)
    if given is None:
        return ActiveRule(rule, rule.severity, rule.options, None)
    return ActiveRule(
        rule,
        given.severity or rule.severity,
        {**rule.options, **given.options} if given.options else rule.options,
        compile_object_globs(given.exempt) if given.exempt else None,
    )


class _Names:
    """Rule names, aliases and families."""

    def __init__(self, rules: Sequence[AnyRule]) -> None:
        self.rules: dict[str, str] = {}
        self.families: dict[str, set[str]] = {}
        self.options = {rule.name: rule.options for rule in rules}
        for rule in rules:
            self.rules[rule.name] = rule.name
            for alias in rule.aliases:
                self.rules.setdefault(alias, rule.name)
            self.families.setdefault(rule.family, set()).add(rule.name)

    def expand(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for name in names:
            if name in self.rules:
                found.add(self.rules[name])
            elif name == "all":
                found.update(self.rules.values())
            else:
                found |= self.families.get(name, set())
        return found

    def unknown(self, name: str) -> bool:
        return name not in self.rules and name not in self.families and name != "all"

    def suggestion(self, name: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(name, [*self.rules, *self.families], 1, 0.6)
        return f"did you mean {close[0]}?" if close else "`confiture-lint rules` lists all"


def _unknown_names(
    names: _Names, config: Config, select: tuple[str, ...], ignore: tuple[str, ...]
) -> list[Problem]:
    problems: list[Problem] = []

    def check(name: str, *key: str, path: str = config.path) -> None:
        if names.unknown(name):
            line, column = config.positions.get(key, (0, 0))
            problems.append(
                Problem(
                    path if line else "",
                    line,
                    column,
                    f"no rule or family is called {name}",
                    names.suggestion(name),
                )
            )

    for name in select:
        check(name, path="")
    for name in ignore:
        check(name, path="")
    custom = {rule.name for rule in config.lint.custom}
    for field in ("select", "ignore"):
        for index, name in enumerate(getattr(config.lint, field)):
            if name not in custom:
                check(name, "lint", field, str(index))
    for name, given in config.lint.rules.items():
        if name in custom:
            continue
        check(name, "lint", "rules", name)
        problems.extend(_option_problems(names, name, given.options, config))
    for path in config.lint.per_path:
        for index, name in enumerate(path.ignore):
            if name not in custom:
                check(name, "lint", "per_path", path.glob, "ignore", str(index))
        for name in path.severity:
            if name not in custom:
                check(name, "lint", "per_path", path.glob, "severity", name)
    return problems


def _option_problems(names: _Names, name: str, given: Mapping[str, object], config: Config) -> list[Problem]:
    if name not in names.rules:
        return []
    known = names.options[names.rules[name]]
    problems = []
    for option, value in given.items():
        line, column = config.positions.get(("lint", "rules", name, "options", option), (0, 0))
        if option not in known:
            hint = f"it has {', '.join(sorted(known))}" if known else "it has none"
            problems.append(Problem(config.path, line, column, f"rule {name} has no option {option}", hint))
        elif not _same_type(value, known[option]):
            wanted = type(known[option]).__name__
            problems.append(Problem(config.path, line, column, f"option {option} of {name} must be {wanted}"))
    return problems


def _same_type(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    if isinstance(default, tuple):
        return isinstance(value, tuple)
    return isinstance(value, type(default))
