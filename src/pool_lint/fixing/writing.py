"""Putting fixed content in the place of a file, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile


class FileChangedError(OSError):
    """The file on disk is no longer the one that was read."""


def write_atomically(path: str | os.PathLike[str], old: bytes, new: bytes) -> None:
    """Replace the content of a file that must not have changed since it was read.

    The new content is written beside the file and then takes its place in one step, so that
    nobody ever sees half of it.  The file keeps its mode and, where the system allows it, its
    owner; a symbolic link stays one, and the file it leads to is replaced.

    Args:
        path: the file.
        old: the content that the new one was made from.
        new: the new content.

    Raises:
        FileChangedError: the file no longer has the content ``old``; it is left alone.
        OSError: the file cannot be read or written; it is left alone.
    """
    target = os.path.realpath(path)
    status = _unchanged(target, path, old)
    if new == old:
        return
    if not os.access(target, os.W_OK):
        # The folder may allow what the file's own mode forbids, and its owner meant the file.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    folder, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(new)
            stream.flush()
            os.fsync(stream.fileno())
        _keep_owner_and_mode(temporary, status)
        _unchanged(target, path, old)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _unchanged(target: str, path: str | os.PathLike[str], old: bytes) -> os.stat_result:
    with open(target, "rb") as stream:
        if stream.read() != old:
            message = "changed since it was read"
            raise FileChangedError(errno.EBUSY, message, os.fspath(path))
        return os.fstat(stream.fileno())


def _keep_owner_and_mode(temporary: str, status: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(temporary, status.st_uid, status.st_gid)
    os.chmod(temporary, stat.S_IMODE(status.st_mode))
