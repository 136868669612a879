"""From a configuration and paths to a catalog that can be questioned: find, read, parse, order, replay."""

import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.context import Context
from confiture_linter.engine.copies import second_schemas
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.files import File
from confiture_linter.engine.headers import header_pairs
from confiture_linter.engine.includes import include_edges
from confiture_linter.engine.lint import Judging, analyse
from confiture_linter.engine.opening import (
    Opening,
    Overlay,
    begin_workspace,
    looks_versioned,
    mostly,
    shown_path,
)
from confiture_linter.graph.order import FileOrder, needs, order_of, takes_away
from confiture_linter.model import ConfigError, Problem, Span, Unanalysed
from confiture_linter.sources import SourceFile
from confiture_linter.sources.discover import Discovered
from confiture_linter.sources.order import OrderedFiles, order_files, order_migrations

if TYPE_CHECKING:
    from confiture_linter.engine.changes import Changes
    from confiture_linter.engine.selection import ActiveRule

_SETTLING = 2
"""How often an order is computed anew from the tree replayed in the order computed before."""
_NUMBERED = re.compile(r"(?:^|/)[^/a-zA-Z]*\d")

_SAYS_WHICH = ("sqitch:", "list:", "psql:", "diesel", "flyway", "prisma")
"""Orders that say which files are run: a later one that defines something again changes it."""


class Workspace(NamedTuple):
    """Everything known about one tree."""

    config: Config
    files: tuple[Discovered, ...]
    """All files found, whatever their role."""
    sources: tuple[SourceFile, ...]
    """The files of the schema, in build order."""
    facts: tuple[FileFacts, ...]
    """Their facts, in the same order."""
    context: Context
    order: OrderedFiles
    computed: FileOrder | None
    """The computed order where none is declared."""
    problems: tuple[Problem, ...]
    set_aside: tuple[Unanalysed, ...] = ()
    """Files that were taken for a second copy of the schema."""
    changes: "Changes | None" = None
    """Change scripts beside the schema, judged; where the files are change scripts themselves, `context` has it all."""


def finish_workspace(
    opening: Opening, rules: "Sequence[ActiveRule] | None" = None, since: str | None = None
) -> Workspace:
    """Parse what is left, order, replay; judge change scripts by `rules`, if any are given.

    `since` overrules `migrations.since`.
    """
    config = opening.config
    by_path = opening.extraction.finish()
    names = opening.names
    said: list[Unanalysed] = []
    if (
        not config.schema.roots
        and not config.migrations.roots
        and not config.schema.order.startswith(_SAYS_WHICH)
        and not (opening.declared and config.schema.order == "computed")
        and not opening.plan
        and not any(source.language == "python" for source in opening.extraction.sources)
    ):
        copies, said = second_schemas(
            names,
            {path: facts for path, (_, facts) in by_path.items()},
            looks_versioned,
            changes_first=opening.history,
        )
        names = tuple(name for name in names if name not in copies)
    if opening.history and (config.migrations.roots or any(name.endswith(".py") for name in names)):
        ordered = order_migrations(config, names, lambda path: by_path[path][0].data)
    else:
        ordered = order_files(config, names)
    if opening.plan:
        planned = config._replace(schema=config.schema._replace(order=f"sqitch:{opening.plan}"))
        ordered = ordered._replace(files=order_files(planned, names).files)
    _since_something(opening, since)

    def replay(ordered: OrderedFiles, judging: Judging | None = None) -> Workspace:
        return replayed(
            config,
            opening.files,
            by_path,
            ordered,
            history=opening.history,
            declared=opening.declared,
            judging=judging,
            hinted=not opening.plan,
        )

    workspace = replay(ordered) if rules is None else _judged(opening, by_path, ordered, replay, rules, since)
    if opening.unread:
        from confiture_linter.sources.unread import unread

        said = [*said, *(Unanalysed(path, Span(0, 0), reason) for path, reason in unread(opening.unread))]
    if opening.profiles and rules is not None:
        from confiture_linter.engine.profiles import add_profiles

        add_profiles(workspace.context, opening.profiles)
    return workspace._replace(set_aside=tuple(said))


def _judged(
    opening: Opening,
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    ordered: OrderedFiles,
    replay: "Callable[..., Workspace]",
    rules: "Sequence[ActiveRule]",
    since: str | None,
) -> Workspace:
    """Replay, and have change scripts judged: beside the tree, the tree itself, or some that were given alone."""
    config = opening.config
    alone: tuple[str, ...] = ()
    if not (opening.scripts or opening.history):
        if not config.schema.roots:
            from confiture_linter.engine.pending import change_scripts

            alone = change_scripts({path: by_path[path][1] for path in ordered.files if path in by_path})
        if not alone:
            return replay(ordered)
    from confiture_linter.engine.scripts import Scripts

    scripts = Scripts(config, by_path, rules, since if since is not None else config.migrations.since)
    if opening.scripts:
        return scripts.beside(
            replay(ordered), order_migrations(config, opening.scripts, lambda path: by_path[path][0].data)
        )
    if opening.history:
        return replay(ordered, scripts.judging(ordered.files))
    rest = ordered._replace(files=tuple(path for path in ordered.files if path not in alone))
    return scripts.beside(replay(rest), OrderedFiles(True, alone))


def _since_something(opening: Opening, since: str | None) -> None:
    """Raise `ConfigError` for a version where there are no migrations that could have it."""
    if since and not since.startswith("git:") and not (opening.history or opening.scripts):
        raise ConfigError(
            (Problem("", 0, 0, f"--since {since}: there are no migrations", "write git:REF for a revision"),)
        )


def open_workspace(
    config: Config,
    paths: Sequence[str] = (),
    *,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
    rules: "Sequence[ActiveRule] | None" = None,
    since: str | None = None,
) -> Workspace:
    """Find, read, parse, order and replay the schema; judge change scripts by `rules`, if any are given."""
    opening = begin_workspace(config, paths, overlays=overlays, order=order)
    opening.extraction.start()
    return finish_workspace(opening, rules, since)


def replayed(
    config: Config,
    found: tuple[Discovered, ...],
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    ordered: OrderedFiles,
    *,
    history: bool,
    declared: bool,
    judging: Judging | None = None,
    hinted: bool = True,
) -> Workspace:
    """Replay what was extracted, in the order declared or, where none is, in a computed one.

    `hinted`: whether likely dependencies count, too; against an order that somebody wrote down only certain ones do.
    """
    files = [path for path in ordered.files if path in by_path]
    binding = history or (ordered.declared and (declared or mostly(_NUMBERED, files)))
    context = _context(config, files, by_path, ordered=binding, history=history, judging=judging)
    computed = None
    given = files
    weights: dict[tuple[str, str], float] = {}
    meant = False
    for turn in range(0 if binding else _SETTLING):
        # Replayed in another order, a tree with DROPs and renames may need other things.
        said = _said(context, _texts(by_path)) if hinted else []
        found_needs = needs(
            context.catalog, given=not hinted, said=said, text=_texts(by_path), settled=turn > 0
        )
        edges = [*found_needs.edges, *include_edges(context.files)]
        computed = order_of(files, edges, [*said, *found_needs.hints])
        weights = found_needs.weights(edges, said, _versions(context) if hinted else ())
        meant = found_needs.meant if turn == 0 else meant
        if list(computed.files) == files:
            break
        files = list(computed.files)
        context = _context(config, files, by_path, ordered=False, history=history)
    if computed is not None and hinted and takes_away(context.catalog):
        from confiture_linter.graph.rehearsal import rehearsed

        best = rehearsed(context.catalog, given, computed.files, weights, _texts(by_path), meant=meant)
        if best != files:
            files = best
            context = _context(config, files, by_path, ordered=False, history=history)
        computed = computed._replace(files=tuple(best))
    return Workspace(
        config,
        found,
        tuple(by_path[path][0] for path in files),
        tuple(by_path[path][1] for path in files),
        context,
        ordered,
        computed,
        ordered.problems,
    )


def _said(context: Context, text: Callable[[str], bytes]) -> list[tuple[str, str]]:
    """Files of which the first comes after the second by their authors' word: in their heads, or in what they ask for."""
    from confiture_linter.graph.versions import version_pairs

    return [*header_pairs(context.files), *version_pairs(context.catalog, text)]


def _versions(context: Context) -> list[tuple[str, str]]:
    """Files of which the first would make it impossible for the second to run, if it came before."""
    from confiture_linter.graph.versions import only_version_pairs

    return list(only_version_pairs(context.catalog))


def _texts(by_path: dict[str, tuple[SourceFile, FileFacts]]) -> Callable[[str], bytes]:
    def text(path: str) -> bytes:
        known = by_path.get(path)
        return known[0].text if known is not None else b""

    return text


def _context(
    config: Config,
    files: Sequence[str],
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    *,
    ordered: bool,
    history: bool,
    judging: Judging | None = None,
) -> Context:
    context = analyse(
        [by_path[path][1] for path in files],
        config,
        texts_of(by_path),
        ordered=ordered,
        history=history,
        judging=judging,
    )
    context.exists = lambda path: os.path.exists(os.path.join(config.root or ".", path))
    context.files = [File(by_path[path][0], position) for position, path in enumerate(files)]
    return context


def texts_of(by_path: dict[str, tuple[SourceFile, FileFacts]]) -> Callable[[str], bytes]:
    def text(path: str) -> bytes:
        known = by_path.get(path)
        return known[0].text if known is not None else b""

    return text


__all__ = [
    "Opening",
    "Overlay",
    "Workspace",
    "begin_workspace",
    "finish_workspace",
    "open_workspace",
    "replayed",
    "shown_path",
]
