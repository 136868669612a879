"""What authors said themselves about which file comes after which."""

from collections.abc import Iterable


class Precedence:
    """Pairs of files, the first after the second, and what follows from them."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._direct: dict[str, set[str]] = {}
        for later, earlier in pairs:
            self._direct.setdefault(later, set()).add(earlier)
        self._all: dict[str, frozenset[str]] = {}

    def earlier(self, path: str) -> frozenset[str]:
        """All files that are said to come before."""
        if path not in self._direct:
            return frozenset()
        known = self._all.get(path)
        if known is None:
            seen: set[str] = set()
            queue = [path]
            while queue:
                for target in self._direct.get(queue.pop(), ()):
                    if target not in seen:
                        seen.add(target)
                        queue.append(target)
            known = self._all[path] = frozenset(seen - {path})
        return known


__all__ = ["Precedence"]
