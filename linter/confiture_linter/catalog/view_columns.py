"""Columns of views keep the names that they had when the view was made, whatever happens to the tables below it."""

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import View
from confiture_linter.catalog.shape import Shapes


def note_star(catalog: Catalog, view: View) -> None:
    """Remember a new view whose columns depend on what `*` means now."""
    query = view.query
    while query is not None and query.command == "union" and len(query.children) > len(query.bound):
        query = query.children[len(query.bound)]
    if query is not None and any(o.column is not None and o.column.name == "*" for o in query.outputs):
        catalog.star_views.append(view)


def settle_stars(catalog: Catalog) -> None:
    """A relation is about to get other columns, or other names of them: what `*` means so far stays what it is."""
    if not catalog.star_views:
        return
    views, catalog.star_views = catalog.star_views, []
    shapes = Shapes(catalog)
    for view in views:
        view.names = shapes.view(view)


def rename_view_column(catalog: Catalog, view: View, old: str, new: str) -> None:
    """ALTER VIEW … RENAME COLUMN."""
    settle_stars(catalog)
    names = Shapes(catalog).view(view)
    if names is None or old not in names:
        return
    catalog.former_columns.add(old)
    view.names = tuple(new if name == old else name for name in names)
    if old in view.column_comments:
        view.column_comments[new] = view.column_comments.pop(old)
    for index in view.indexes:
        index.columns = tuple(new if name == old else name for name in index.columns)
        index.include = tuple(new if name == old else name for name in index.include)


__all__ = ["note_star", "rename_view_column", "settle_stars"]
