"""`confiture-migrate wizard`, and what `apply --interactive` shares with it."""

import datetime as dt
import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TextIO

from confiture_linter.cli.options import use_color
from confiture_linter.config import Config
from confiture_migrator.cli import options
from confiture_migrator.cli.dry_run import rehearsal_of, rehearsal_options, shadow_of
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.plan import waiver_options, waivers
from confiture_migrator.cli.render import document
from confiture_migrator.errors import MigrateError
from confiture_migrator.events import JsonLines, Silence
from confiture_migrator.migrations import find_migrations
from confiture_migrator.plan.ask import ask_target, plan_for
from confiture_migrator.plan.peak_hours import peak_hours_of
from confiture_migrator.plan.pending import changed_files
from confiture_migrator.plan.values import Plan
from confiture_migrator.target import Target, environment_of
from confiture_migrator.wizard.asker import Asker, Flags, Nobody, Person, refuse_without_terminal
from confiture_migrator.wizard.flow import Flow, Room
from confiture_migrator.wizard.page import Page
from confiture_migrator.wizard.results import Ending
from confiture_migrator.wizard.work import Means, RealWork

_EXAMPLES = """\
  confiture-migrate wizard --env production
  confiture-migrate wizard --env staging --fill 100000        # dry-runs with so many rows a table
  confiture-migrate wizard --yes --skip 0043 --during-peak    # every question has a flag"""


def run(arguments: Sequence[str]) -> int:
    """Guide somebody through what is pending."""
    made = options.parser(
        "wizard",
        "Go through what is pending, one migration after the other: see its risk, rehearse it, apply it.",
        _EXAMPLES,
    )
    options.format_option(made, "text", "json")
    made.add_argument(
        "--output",
        metavar="FILE",
        default="plan.json",
        help="where the plan is kept for --resume (default: plan.json)",
    )
    options.timeout_options(made)
    waiver_options(made)
    answer_options(made)
    given = options.parse(made, arguments)
    refuse_unless_asked(given)
    config = options.configuration(given)
    target = options.target(given, config)
    environment = environment_of(config, given.env)
    here = ask_target(target, config)
    migrations = find_migrations(config)
    for file in changed_files(migrations, here.entries):
        sys.stderr.write(f"warning: {file} was edited after it was applied; that edit is in no plan\n")
    settings = options.settings(given, target.settings)
    plan = plan_for(config, environment, here, migrations, settings, waivers(given))
    return guided(given, config, target, plan, given.output)


def answer_options(made: options.Parser) -> None:
    """The flags that answer questions, and how dry-runs are done."""
    answers = made.add_argument_group("answers")
    answers.add_argument("--yes", action="store_true", help="apply each; needs no terminal")
    answers.add_argument(
        "--skip", action="append", default=[], metavar="VERSION", help="leave one out; may be repeated"
    )
    answers.add_argument(
        "--during-peak", action="store_true", help="also in peak_hours of the environment, whatever the risk"
    )
    rehearsal_options(made)


def refuse_unless_asked(given: Namespace) -> None:
    """Refuse where questions cannot be asked and `--yes` does not answer them."""
    if not given.yes and not _terminal(given):
        raise refuse_without_terminal()


def _terminal(given: Namespace) -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and _out(given).isatty()


def _out(given: Namespace) -> TextIO:
    """Where the conversation takes place: with JSON, stdout is for the document alone."""
    return sys.stderr if given.format == "json" else sys.stdout


def guided(given: Namespace, config: Config, target: Target, plan: Plan, output: str, kept: str = "") -> int:
    """Run the wizard on a plan, and say by the exit code what came of it.

    `output` is where a plan is kept that lies in no file yet; `kept` is the hash of the one that does.
    """
    unknown = sorted(set(given.skip) - {each.version for each in plan.migrations})
    if unknown:
        there = ", ".join(each.version for each in plan.migrations) or "none"
        raise MigrateError(f"--skip {unknown[0]}: no such version is pending (there: {there})")
    environment = environment_of(config, given.env)
    ending = Ending(_options(given))
    resume = getattr(given, "resume", False)
    file = given.plan if kept else ""
    means = Means(lambda: shadow_of(given), rehearsal_of(given, config), output, kept, file, resume)
    log = JsonLines(sys.stderr) if given.log == "json" else Silence()
    with RealWork(config, target, environment, means, log) as work:
        flow = Flow(_room(given, config, target), work, plan, ending)
        flow.run()
    if given.format == "json":
        options.write(document(_document(flow)))
    if flow.error is not None:
        return int(flow.error.exit_code)
    return ExitCode.OK if flow.complete else ExitCode.REFUSED


def _room(given: Namespace, config: Config, target: Target) -> Room:
    out = _out(given)
    terminal = out.isatty() and os.environ.get("TERM") != "dumb"
    color = use_color(given.color) if given.format == "text" or given.color != "auto" else False
    width = max(shutil.get_terminal_size((80, 24)).columns, 40)
    then: Asker = Person(out) if _terminal(given) else Nobody()
    asker = Flags(then, yes=given.yes, skip=given.skip, during_peak=given.during_peak)
    return Room(
        out,
        Page(width, color and os.environ.get("TERM") != "dumb", _unicode(out, os.environ)),
        asker,
        lambda: dt.datetime.now(dt.UTC),
        peak_hours_of(config, target.environment),
        drawn=terminal and given.color != "never" and not given.quiet,
    )


def _unicode(out: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether the terminal takes more than ASCII.

    In the locale C Python writes UTF-8 all the same (PEP 540), and says so in LC_CTYPE (PEP 538); the terminal does not.
    """
    coerced = environ.get("LC_CTYPE") == "C.UTF-8"
    locale = environ.get("LC_ALL") or (not coerced and environ.get("LC_CTYPE")) or environ.get("LANG")
    utf8 = (out.encoding or "ascii").lower().replace("-", "").startswith("utf")
    return utf8 and locale not in ("C", "POSIX")


def _options(given: Namespace) -> str:
    """The options that lead another command to the same database."""
    words = []
    words += [f"--config {given.config}"] if given.config else []
    words += [f"--env {given.env}"] if given.env else []
    words += [f"--database-url {given.database_url}"] if given.database_url else []
    return "".join(f" {word}" for word in words)


def _document(flow: Flow) -> dict[str, object]:
    ending = flow.ending
    return {
        "ok": flow.error is None,
        "applied": [
            {
                "version": story.version,
                "name": story.name,
                "seconds": round(story.seconds, 6),
                "rows": story.rows,
                "locks": {
                    lock.relation: {"mode": lock.mode.value, "held_seconds": round(lock.seconds, 3)}
                    for lock in reversed(story.locks)
                },
                "warnings": list(ending.remarks.get(story.version, ())),
                "changes": [change._asdict() for change in story.changes],
            }
            for story in ending.stories
        ],
        "skipped": sorted(flow.skipped),
        "pending": [each.version for each in flow.left()],
        "error": None if flow.error is None else str(flow.error),
    }
