"""Whether a sequence of PL/pgSQL statements can run past its end."""

from typing import Any

ELOG_ERROR = 21
"""PostgreSQL's elog level of RAISE EXCEPTION; notices and warnings are below."""


_LEAVING = (
    "PLpgSQL_stmt_return",
    "PLpgSQL_stmt_return_query",
    "PLpgSQL_stmt_return_next",
)


def leaves(body: Any) -> bool:
    """Whether a sequence of statements cannot run past its end without RETURN or RAISE."""
    last = body[-1]
    # The parser appends a RETURN of its own, without a line, where control may reach the end.
    if "PLpgSQL_stmt_return" in last and "lineno" not in last["PLpgSQL_stmt_return"]:
        body = body[:-1]
        if not body:
            return False
        last = body[-1]
    for kind, node in last.items():
        if kind in _LEAVING:
            return True
        if kind == "PLpgSQL_stmt_raise":
            return bool(node.get("elog_level", ELOG_ERROR) >= ELOG_ERROR)
        if kind == "PLpgSQL_stmt_if":
            branches = [node.get("then_body", ())]
            # a chain over TG_OP may cover just the events of its triggers
            if "else_body" in node or "tg_op" not in str(node.get("cond", "")).lower():
                branches.append(node.get("else_body", ()))
            branches += [item["PLpgSQL_if_elsif"].get("stmts", ()) for item in node.get("elsif_list", ())]
            return all(branch and leaves(branch) for branch in branches)
        if kind == "PLpgSQL_stmt_case":
            branches = [item["PLpgSQL_case_when"].get("stmts", ()) for item in node.get("case_when_list", ())]
            if node.get("have_else"):
                branches.append(node.get("else_stmts", ()))
            return all(branch and leaves(branch) for branch in branches)
        if kind == "PLpgSQL_stmt_block":
            handlers = node.get("exceptions", {}).get("PLpgSQL_exception_block", {}).get("exc_list", ())
            branches = [item.get("PLpgSQL_exception", {}).get("action", ()) for item in handlers]
            return all(branch and leaves(branch) for branch in (node.get("body", ()), *branches))
        return bool(kind == "PLpgSQL_stmt_loop")
    return False


__all__ = ["ELOG_ERROR", "leaves"]
