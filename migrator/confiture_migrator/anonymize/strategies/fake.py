"""`fake`: a value of the library Faker, chosen by the HMAC of the original from a pool made with the key as seed.

A pool, because seeding the library's generator for every value takes a hundred times as long as choosing. Only Python can.
"""

from functools import lru_cache
from typing import Any

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.keyring import Keyed
from confiture_migrator.anonymize.strategies.values import Compiled, Setting, Unfit, only

POOL = 5_000
"""Values of a provider."""


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The function for a text, date or whole number."""
    only(setting, spec, "text", "date", "integer")
    provider, locale = spec.options["provider"], spec.options["locale"]
    keyed = setting.keyring.keyed(spec.key, f"fake:{provider}\0".encode())
    size = setting.type.size if setting.type.kind == "text" else None
    pool = tuple(value[:size] for value in _pool(keyed, provider, locale))
    if setting.type.kind != "text":
        _typed(pool, setting)
    count = len(pool)

    def python(text: str, _: object) -> str:
        return pool[keyed.number(text.encode()) % count]

    return Compiled(None, python, repeats=f"fake has {POOL} values for everyone")


def _typed(pool: tuple[str, ...], setting: Setting) -> None:
    import datetime as dt

    read = int if setting.type.kind == "integer" else dt.date.fromisoformat
    limit = 1 << (setting.type.size or 63)
    try:
        values = [read(value) for value in pool]
    except ValueError:
        values = []
    if not values or any(isinstance(value, int) and not -limit <= value < limit for value in values):
        raise Unfit(f"its values are no {setting.type.name}") from None


@lru_cache(maxsize=64)
def _pool(keyed: Keyed, provider: str, locale: str) -> tuple[str, ...]:
    library = _library()
    try:
        made: Any = library.Faker(locale)
    except (AttributeError, ValueError, ModuleNotFoundError):
        raise Unfit(f"Faker knows no locale {locale}; such as fr_FR") from None
    known = {name for each in made.get_providers() for name in dir(each) if not name.startswith("_")}
    if provider not in known or provider.startswith("seed"):
        raise Unfit(f"Faker has no provider {provider} for {locale}")
    made.seed_instance(int.from_bytes(keyed.digest(b"pool"), "big"))
    call = getattr(made, provider)
    try:
        return tuple(str(call()) for _ in range(POOL))
    except TypeError:
        raise Unfit(f"Faker's provider {provider} needs arguments; choose another") from None


def _library() -> Any:
    try:
        import faker
    except ImportError:
        raise Unfit("the library Faker is missing: pip install 'confiture-lint[anonymize]'") from None
    return faker
