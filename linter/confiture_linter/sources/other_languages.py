"""Migrations that are no SQL files: Python and YAML, made into a `SourceFile` whose text is as long as the file."""

from confiture_linter.model import Span
from confiture_linter.sources.django_names import NOTHING, DjangoNames
from confiture_linter.sources.embedded import Embedded, sheet
from confiture_linter.sources.source_file import SourceFile

Placeholders = tuple[tuple[str, str], ...]


def read_embedded(
    source: SourceFile, placeholders: Placeholders = (), names: DjangoNames | None = None
) -> SourceFile:
    """Find the SQL in a file of another language; a file of SQL comes back as it is.

    `names` is what the Django migrations of the tree say (`django_names`).
    """
    if source.language == "sql" or source.embedded is not None:
        return source
    if source.language == "python":
        from confiture_linter.sources.python_file import read_python

        pieces, notes = read_python(source.text, source.path, names or NOTHING)
        down: tuple[Span, ...] = ()
    else:
        from confiture_linter.sources.yaml_migration import read_yaml

        pieces, notes, down = read_yaml(source.text, source.path)
    prepared = [_prepared(piece, placeholders) for piece in pieces]
    said = list(notes)
    for piece, remarks in prepared:
        said += [(Span(piece.place(span.start), piece.place(span.end)), reason) for span, reason in remarks]
    embedded = tuple(piece for piece, _ in prepared)
    return source._replace(
        text=sheet(source.text, embedded),
        embedded=embedded,
        unanalysed=(*source.unanalysed, *said),
        down=down,
    )


def _prepared(piece: Embedded, placeholders: Placeholders) -> tuple[Embedded, tuple[tuple[Span, str], ...]]:
    """Set aside placeholders in one piece, at equal length."""
    from confiture_linter.sources.read import source_from

    made = source_from(piece.sql, "", placeholders)
    if made.text == piece.sql:
        return piece, ()
    return piece._replace(
        sql=made.text, substitutions=(*piece.substitutions, *made.substitutions)
    ), made.unanalysed
