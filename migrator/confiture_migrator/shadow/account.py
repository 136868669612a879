"""As whom the server runs: PostgreSQL refuses root and needs a name for its uid."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confiture_migrator.shadow.errors import ShadowError


@dataclass(frozen=True, slots=True)
class Account:
    """A uid and gid; `demoted` when they are not our own."""

    uid: int
    gid: int
    demoted: bool

    def process(self) -> dict[str, Any]:
        """Return what `subprocess` needs in order to run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.demoted else {}

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if self.demoted:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Return ourselves, or `nobody` where we are root."""
    if os.geteuid() == 0:
        return _nobody()
    uid = os.geteuid()
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise ShadowError(
            f"uid {uid} has no entry in /etc/passwd, and initdb needs one: add the entry, run as root or as a named "
            "user, or name a server of your own with --shadow-url"
        ) from None
    return Account(uid, os.getegid(), demoted=False)


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ShadowError(
            "PostgreSQL refuses to run as root and there is no user 'nobody' to run as: add one, run as an "
            "unprivileged user, or name a server of your own with --shadow-url"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, demoted=True)
