"""The outcome of a proof as text."""

from collections.abc import Iterator

from tests.oracle.compare import Difference, Score
from tests.oracle.proof import Proof, Refused


def render(proof: Proof, *, limit: int = 0) -> str:
    """Render everything; `limit` bounds the differences named for each kind (0: all)."""
    return "\n".join(_lines(proof, limit)) + "\n"


def _lines(proof: Proof, limit: int) -> Iterator[str]:
    yield f"{proof.tree.root}: {proof.files} files, {proof.statements} statements, PostgreSQL {proof.server_version}"
    yield from _refusals(proof.refused)
    yield ""
    yield f"{'kind':<16}{'server':>8}{'ours':>8}{'same':>8}{'precision':>11}{'recall':>8}{'properties same':>22}"
    comparison = proof.comparison
    for kind, score in comparison.objects.items():
        if score.theirs or score.ours:
            properties = comparison.properties.get(kind, Score(0, 0, 0))
            tail = f"{properties.same:>14} of {properties.theirs}" if properties.theirs else ""
            yield (
                f"{kind:<16}{score.theirs:>8}{score.ours:>8}{score.same:>8}{score.precision:>11.4f}"
                f"{score.recall:>8.4f}{tail}"
            )
    shown: dict[str, list[Difference]] = {}
    for difference in comparison.differences:
        shown.setdefault(difference.kind, []).append(difference)
    for kind, group in shown.items():
        yield ""
        yield f"{kind}: {len(group)} differences"
        for difference in group[: limit or None]:
            yield f"  {difference_line(difference)}"
        if limit and len(group) > limit:
            yield f"  … and {len(group) - limit} more"


def difference_line(difference: Difference) -> str:
    """One difference, as tests and reports name it."""
    if difference.what in ("missing", "extra"):
        detail = difference.theirs or difference.ours
        return f"{difference.what} {difference.name}" + (f"  ({detail})" if detail else "")
    return f"{difference.name}: {difference.what} is {difference.theirs!r}, ours {difference.ours!r}"


def _refusals(refused: tuple[Refused, ...]) -> Iterator[str]:
    if not refused:
        return
    silent = [item for item in refused if not item.findings]
    yield f"refused by the server: {len(refused)} statements, {len(silent)} of them without a finding of ours"
    for item in refused:
        refusal = item.refusal
        said = ", ".join(sorted({finding.rule for finding in item.findings})) or "NOT REPORTED"
        yield f"  {refusal.path}:{refusal.line}: {refusal.sqlstate} {refusal.message}  [{said}]"
        yield f"      {refusal.text}"
