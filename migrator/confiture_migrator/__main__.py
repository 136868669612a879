"""`python -m confiture_migrator`."""

from confiture_migrator.cli.main import run

if __name__ == "__main__":
    run()
