"""The lock beside the archive: one job crawls into it at a time, so that no server is asked twice at once.

An archive's path flows in. The lock belongs to the process that holds the file open, so that nothing has to be cleaned up
after a job that was killed; what is written in the file is for whoever is refused.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cli.errors import CliError


def lock_path(archive: Path) -> Path:
    """Return the lock file of an archive.

    >>> lock_path(Path("news/yuanliu.db")).as_posix()
    'news/yuanliu.db.lock'
    """
    return archive.with_name(f"{archive.name}.lock")


@contextmanager
def hold_lock(archive: Path, *, job: str) -> Iterator[None]:
    """Hold the lock of an archive while a job runs.

    Raises:
        CliError: when another job holds it: which one, and since when.
    """
    path = lock_path(archive)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CliError(f"cannot open {path}: {error.strerror}; name another file with --archive") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CliError(f"{holder(descriptor)} works on {archive}; wait until it has ended") from None
        os.ftruncate(descriptor, 0)
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "job": job, "since": since}).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(descriptor: int) -> str:
    """Return who holds a lock, as its file says."""
    try:
        told = json.loads(os.pread(descriptor, 1000, 0))
        return f"`yuanliu {told['job']}` (process {told['pid']}, since {told['since']})"
    except (ValueError, KeyError, TypeError):
        return "another job"
