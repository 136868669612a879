"""`python -m confiture_linter` is `confiture-lint`."""

from confiture_linter.cli.main import run

if __name__ == "__main__":
    run()
