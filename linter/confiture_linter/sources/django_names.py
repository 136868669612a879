"""What the Django migrations of a tree say about tables and columns, for those that only name a model or a field.

A migration that removes a field does not say whether it was a foreign key (whose column has another name), nor what
the table of the model is called. One search over all files finds out, without parsing any.
"""

import posixpath
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Key(NamedTuple):
    """The primary key of a model."""

    column: str
    type: str


class DjangoNames(NamedTuple):
    """Models and fields, all in lower case."""

    tables: dict[tuple[str, str], str]
    """App and model to the table; models of other apps are not in it."""
    fields: dict[tuple[str, str, str], str]
    """App, model and field to the class of the field; `through` for one whose table is a model of its own."""
    keys: dict[tuple[str, str], Key]
    swapped: dict[str, tuple[str, str]]
    """A setting, such as `AUTH_USER_MODEL`, to the model that says it is swappable by it."""

    def table(self, app: str, model: str) -> str:
        """The table of a model, by Django's rule where nothing else is said."""
        return self.tables.get((app, model.lower())) or shortened(f"{app}_{model.lower()}")

    def key(self, app: str, model: str) -> Key:
        """The primary key of a model."""
        return self.keys.get((app, model.lower()), Key("id", "bigint"))


RELATIONS = frozenset(("ForeignKey", "OneToOneField"))
CHANGED = "changed"
"""A field that was a foreign key at one time and none at another: what its column is called cannot be told."""
NOTHING = DjangoNames({}, {}, {}, {})
_LONGEST = 63
"""Bytes of a name in PostgreSQL."""


def shortened(name: str) -> str:
    """A name that fits (`truncate_name` in django/db/backends/utils.py)."""
    if len(name) <= _LONGEST:
        return name
    return name[: _LONGEST - 4] + _digest(name)[:4]


def generated_name(table: str, columns: Sequence[str], suffix: str) -> str:
    """The name of an index or a constraint (`BaseDatabaseSchemaEditor._create_index_name`)."""
    last = _digest(table, *columns)[:8] + suffix
    joined = "_".join(columns)
    name = f"{table}_{joined}_{last}"
    if len(name) <= _LONGEST:
        return name
    if len(last) > _LONGEST / 3:
        last = last[: _LONGEST // 3]
    other = (_LONGEST - len(last)) // 2 - 1
    name = f"{table[:other]}_{joined[:other]}_{last}"
    return f"D{name[:-1]}" if name[0] == "_" or name[0].isdigit() else name


def _digest(*parts: str) -> str:
    from hashlib import md5

    digest = md5(usedforsecurity=False)
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()


_TOKEN = re.compile(
    rb"CreateModel\(\s*(?:name\s*=\s*)?['\"](?P<model>\w+)['\"]"
    rb"|\(\s*['\"](?P<field>\w+)['\"]\s*,\s*(?:\w+\.)*(?P<kind>\w+)\("
    rb"|(?:Add|Alter)Field\(\s*(?:model_name\s*=\s*)?['\"](?P<of>\w+)['\"]\s*,\s*(?:name\s*=\s*)?['\"](?P<added>\w+)['\"]\s*,"
    rb"\s*(?:field\s*=\s*)?(?:\w+\.)*(?P<as>\w+)\("
    rb"|['\"]swappable['\"]\s*:\s*['\"](?P<setting>\w+)['\"]"
    rb"|['\"]db_table['\"]\s*:\s*['\"](?P<table>[^'\"]+)['\"]"
    rb"|AlterModelTable\(\s*(?:name\s*=\s*)?['\"](?P<moved>\w+)['\"]\s*,\s*(?:table\s*=\s*)?['\"](?P<new>[^'\"]+)['\"]"
    rb"|RenameField\(\s*(?:model_name\s*=\s*)?['\"](?P<in>\w+)['\"]\s*,\s*(?:old_name\s*=\s*)?['\"](?P<old>\w+)['\"]\s*,"
    rb"\s*(?:new_name\s*=\s*)?['\"](?P<renamed>\w+)['\"]"
    rb"|RenameModel\(\s*(?:old_name\s*=\s*)?['\"](?P<before>\w+)['\"]\s*,\s*(?:new_name\s*=\s*)?['\"](?P<after>\w+)['\"]"
)


def app_of(path: str) -> str:
    """The label of an app: by default the name of the folder that holds `migrations`."""
    return posixpath.basename(posixpath.dirname(posixpath.dirname(path)))


def django_names(files: Iterable[tuple[str, bytes]]) -> DjangoNames:
    """Search the Django migrations among `files`, which are paths with their text."""
    names = DjangoNames({}, {}, {}, {})
    for path, text in sorted(files):
        if b"class Migration" in text:
            _search(app_of(path), text, names)
    return names


def _search(app: str, text: bytes, names: DjangoNames) -> None:
    model = ""
    tokens = list(_TOKEN.finditer(text))
    for index, found in enumerate(tokens):
        said = {key: value.decode("utf-8", "replace") for key, value in found.groupdict().items() if value}
        if "model" in said:
            model = said["model"].lower()
            names.tables.setdefault((app, model), shortened(f"{app}_{model}"))
        elif "field" in said and model:
            end = tokens[index + 1].start() if index + 1 < len(tokens) else len(text)
            _field(names, (app, model, said["field"]), said["kind"], text[found.end() : end])
        elif "added" in said:
            end = tokens[index + 1].start() if index + 1 < len(tokens) else len(text)
            _field(names, (app, said["of"].lower(), said["added"]), said["as"], text[found.end() : end])
        elif "table" in said and model:
            names.tables[app, model] = said["table"]
        elif "setting" in said and model:
            names.swapped.setdefault(said["setting"], (app, model))
        elif "moved" in said:
            names.tables[app, said["moved"].lower()] = said["new"]
        elif "renamed" in said:
            kind = names.fields.get((app, said["in"].lower(), said["old"].lower()))
            if kind:
                _known(names, (app, said["in"].lower(), said["renamed"].lower()), kind)
        elif "after" in said:
            _renamed(names, app, said["before"].lower(), said["after"].lower())


_KEY_TYPES = {
    "AutoField": "integer",
    "BigAutoField": "bigint",
    "SmallAutoField": "smallint",
    "UUIDField": "uuid",
    "TextField": "text",
    "IntegerField": "integer",
    "PositiveIntegerField": "integer",
    "BigIntegerField": "bigint",
}


def _field(names: DjangoNames, of: tuple[str, str, str], kind: str, rest: bytes) -> None:
    """Note one field; `rest` is what follows it up to the next."""
    app, model, field = of
    known = "through" if kind == "ManyToManyField" and b"through=" in rest else kind
    _known(names, (app, model, field.lower()), known)
    if b"primary_key=True" in rest:
        column = f"{field}_id" if kind in RELATIONS else field
        length = re.search(rb"max_length=(\d+)", rest)
        written = (
            f"varchar({int(length[1])})" if length and kind == "CharField" else _KEY_TYPES.get(kind, "bigint")
        )
        names.keys.setdefault((app, model), Key(column, written))


def _known(names: DjangoNames, field: tuple[str, str, str], kind: str) -> None:
    before = names.fields.setdefault(field, kind)
    if (before in RELATIONS) != (kind in RELATIONS):
        names.fields[field] = CHANGED


def _renamed(names: DjangoNames, app: str, before: str, after: str) -> None:
    """A model goes on under another name."""
    names.tables.setdefault((app, after), shortened(f"{app}_{after}"))
    if (app, before) in names.keys:
        names.keys.setdefault((app, after), names.keys[app, before])
    for (of, owner, field), kind in list(names.fields.items()):
        if (of, owner) == (app, before):
            names.fields.setdefault((app, after, field), kind)
