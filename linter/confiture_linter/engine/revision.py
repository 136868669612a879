"""What changed since a git revision."""

import subprocess

from confiture_linter.model import ConfigError, Problem


def changed_since(since: str, root: str) -> list[str]:
    """Files changed since `git:REF` (its merge base with HEAD), untracked ones too; relative to the working directory.

    Raises `ConfigError` if git does not know the revision.
    """
    base = merge_base(since, root)
    changed = git(root, "diff", "--name-only", "-z", "--relative", base).split("\0")
    untracked = git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    prefix = root.rstrip("/") + "/" if root not in ("", ".") else ""
    return [prefix + path for path in dict.fromkeys([*changed, *untracked]) if path]


def merge_base(since: str, root: str, other: str = "HEAD") -> str:
    """The commit from which `other` and the revision of `git:REF` have parted; raises `ConfigError`."""
    kind, _, reference = since.partition(":")
    if kind != "git" or not reference or reference.startswith("-"):
        raise ConfigError(
            (Problem("", 0, 0, f"--since {since}: write git:REF", "for example git:origin/main"),)
        )
    return git(root, "merge-base", reference, other).strip()


def files_at(commit: str, root: str) -> frozenset[str]:
    """The files below `root` at a commit, relative to it."""
    return frozenset(git(root, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")) - {""}


def text_at(commit: str, root: str, path: str) -> bytes:
    """What a file, given relative to `root`, was at a commit."""
    return git(root, "show", f"{commit}:./{path}").encode("utf-8", "surrogateescape")


def git(root: str, *arguments: str) -> str:
    """What git prints; raises `ConfigError` with its last word."""
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are ours, the reference was checked
            ["git", *arguments],  # noqa: S607 - the user's git, as on their PATH
            cwd=root or ".",
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError((Problem("", 0, 0, f"git cannot be run: {error}"),)) from None
    if done.returncode != 0:
        message = done.stderr.strip().splitlines()
        raise ConfigError((Problem("", 0, 0, f"git {arguments[0]}: {message[-1] if message else 'failed'}"),))
    return done.stdout
