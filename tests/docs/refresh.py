"""Write what the commands in the documentation print today into the pages.

Run from the root of the repository: `python -m tests.docs.refresh [PAGE...]`. Blocks in which a line is `...` are left
as they are if they are still true, and named if they are not.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.docs.blocks import ROOT, Sandbox, blocks, commands, matches, pages

from confiture_migrator.shadow import Shadow


def refreshed(page: str) -> tuple[str, list[str]]:
    """The page with today's output, and what has to be mended by hand."""
    text = (ROOT / page).read_text("utf-8")
    changes: list[tuple[int, int, str]] = []
    wrong = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        url = ""
        if any(block.wants_database for block in blocks(page, text)):
            shadow = servers.enter_context(Shadow.start())
            url = shadow.dsn(shadow.create_database("shop"))
        sandbox = Sandbox(Path(folder), url)
        for block in blocks(page, text):
            sandbox.tell(block)
            if block.language != "console":
                continue
            told = ""
            for command, expected in commands(block):
                printed = sandbox.run(block, command).replace(f"{sandbox.root}/", "...")
                printed = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
                if "..." in (line.strip() for line in expected.splitlines()):
                    if not matches(expected, printed):
                        wrong.append(f"{page}:{block.line}: $ {command}")
                    printed = expected
                elif matches(expected, printed):
                    printed = expected
                told += f"$ {command}\n{printed}"
            changes.append((block.start, block.start + len(block.text), told))
    for start, end, told in reversed(changes):
        text = text[:start] + told + text[end:]
    return text, wrong


def main() -> int:
    """Command line."""
    by_hand = []
    for page in sys.argv[1:] or pages():
        text, wrong = refreshed(page)
        by_hand += wrong
        if text != (ROOT / page).read_text("utf-8"):
            (ROOT / page).write_text(text, "utf-8", newline="\n")
            sys.stdout.write(f"written: {page}\n")
    for place in by_hand:
        sys.stdout.write(f"mend by hand: {place}\n")
    return 1 if by_hand else 0


if __name__ == "__main__":
    sys.exit(main())
