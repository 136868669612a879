"""Single files of an order are moved where that lets more of them run."""

from collections.abc import Sequence

from confiture_linter.graph.repair import MOVES, Trial, mended, with_owners


def attempt(order: Sequence[str]) -> Trial:
    """`use` needs `table`, which `drop` takes away."""
    refused = {"use": ("relation t",)} if order.index("drop") < order.index("use") else {}
    return Trial(refused, 0, {"relation t": [path for path in order if path in ("make", "drop")]})


def test_a_file_moves_before_the_one_that_took_what_it_needs() -> None:
    assert mended(["make", "drop", "other", "use"], attempt) == ["make", "use", "drop", "other"]


def test_an_order_that_works_is_left_alone() -> None:
    order = ["make", "use", "other", "drop"]
    assert mended(order, attempt) == order


def test_no_more_orders_are_tried_than_allowed() -> None:
    tried = []

    def hopeless(order: Sequence[str]) -> Trial:
        tried.append(list(order))
        names = {path: (f"relation {path}",) for path in order[1:]}
        return Trial(names, 0, {f"relation {path}": [order[0]] for path in order})

    order = [f"{number}.sql" for number in range(100)]
    assert mended(order, hopeless) == order
    assert len(tried) == MOVES + 1


def test_a_part_is_followed_by_what_it_belongs_to() -> None:
    assert list(with_owners(["constraint t.t_fkey", "relation u"])) == [
        "constraint t.t_fkey",
        "relation t",
        "relation u",
    ]
