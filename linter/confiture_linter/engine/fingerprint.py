"""What a finding is recognised by when lines move."""

from collections import Counter

from confiture_linter.model import Finding


def fingerprinted(findings: list[Finding]) -> list[Finding]:
    """Give every finding its fingerprint: sha256 over rule, path, object and ordinal among equals."""
    from hashlib import sha256

    seen: Counter[tuple[str, str, str]] = Counter()
    marked = []
    for finding in findings:
        key = (finding.rule, finding.path, finding.object)
        digest = sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogateescape")).hexdigest()
        seen[key] += 1
        marked.append(finding._replace(fingerprint=digest))
    return marked
