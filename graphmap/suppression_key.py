"""The secret key of those who were forgotten: from the settings, or a file in the home folder that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from graphmap.config import Settings
from graphmap.errors import ConfigError

FILE = "suppression.key"


def suppression_key(settings: Settings) -> bytes | None:
    """The key, None where there is none yet.

    Raises:
        ConfigError: the file is readable for others.
    """
    given = settings.text("privacy.suppression_key").strip()
    if given:
        return given.encode()
    file = settings.home / FILE
    if not file.exists():
        return None
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise ConfigError(f"{FILE} can be read by others", file=str(file), remedy=f"chmod 600 {FILE}")
    return file.read_bytes().strip()


def make_suppression_key(settings: Settings) -> bytes:
    """The key; where there is none a new one is written to the home folder, for its owner alone."""
    known = suppression_key(settings)
    if known is not None:
        return known
    key = secrets.token_urlsafe(32).encode()
    _write(settings.home / FILE, key)
    return key


def _write(file: Path, key: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Created for us alone, before a byte of the key is in it; a file of another process is not overwritten.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(key + b"\n")
        out.flush()
        os.fsync(out.fileno())
