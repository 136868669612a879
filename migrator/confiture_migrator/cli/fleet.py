"""`confiture-migrate apply PLAN --targets FILE`: one plan for many databases, and one report."""

import os
from argparse import Namespace

from confiture_linter.config import find_config
from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import document
from confiture_migrator.errors import MigrateError
from confiture_migrator.fleet import Report, State, read_targets, run_fleet
from confiture_migrator.fleet.pools import processes
from confiture_migrator.fleet.work import Work
from confiture_migrator.plan import load_plan


def apply_to_fleet(parser: options.Parser, given: Namespace) -> int:
    """Carry a plan out on every database of a file."""
    if given.database_url:
        parser.error("--targets names the databases: it goes without --database-url")
    plan, plan_hash = load_plan(given.plan)
    path = given.config or find_config(os.getcwd())  # noqa: PTH109 - the folder as the linter finds it
    if not path:
        raise MigrateError("--targets needs a confiture.yaml")
    options.configuration(given)
    fleet = read_targets(given.targets)
    members = {member.name: member for wave in fleet.waves for member in wave.members}

    def work(wave: str, name: str) -> Work:
        return Work(path, given.plan, plan.environment, members[name], wave, given.resume)

    report = run_fleet(fleet, work, processes, options.sink(given))
    options.write(_document(report, plan_hash) if given.format == "json" else _text(report))
    return _exit_code(report)


def _exit_code(report: Report) -> int:
    for state, code in (
        (State.UNKNOWN, ExitCode.UNKNOWN),
        (State.FAILED, ExitCode.FAILED),
        (State.REFUSED, ExitCode.REFUSED),
        (State.UNREACHABLE, ExitCode.USAGE),
        (State.NOT_STARTED, ExitCode.REFUSED),
    ):
        if report.count(state):
            return code
    return ExitCode.OK


def _document(report: Report, plan_hash: str) -> str:
    """The report as one JSON document."""
    waves: dict[str, list[dict[str, object]]] = {}
    for result in report.results:
        waves.setdefault(result.wave, []).append(
            {
                "name": result.name,
                "state": result.state.value,
                "applied": list(result.applied),
                "seconds": round(result.seconds, 6),
                "error": result.error or None,
            }
        )
    return document(
        {
            "plan_hash": plan_hash,
            "ok": report.ok,
            "waves": [{"name": name, "targets": targets} for name, targets in waves.items()],
            "totals": {state.value: report.count(state) for state in State},
        }
    )


def _text(report: Report) -> str:
    """The report for people: a line for each database, and what to do about those that are not done."""
    wide = max(len(result.name) for result in report.results)
    lines = []
    wave = None
    for result in report.results:
        if result.wave != wave:
            wave = result.wave
            lines.append(f"{wave}")
        what = result.state.value.replace("_", " ")
        told = f"{', '.join(result.applied)} in {result.seconds:.3f} s" if result.applied else ""
        lines.append(f"  {result.name:{wide}}  {what:11}  {told}".rstrip())
        lines += [f"  {'':{wide}}  {line}" for line in result.error.splitlines()]
    counted = [
        f"{report.count(state)} {state.value.replace('_', ' ')}" for state in State if report.count(state)
    ]
    lines.append(", ".join(counted))
    if not report.ok:
        lines.append("put right what failed, then run it again with --resume: what is done is passed over")
    return "\n".join(lines) + "\n"
