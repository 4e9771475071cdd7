"""Files that only the user can read (mode 0600), in folders that only the user can enter (0700).

The files that heloscope writes may contain addresses, messages and typed text, so none of them is
ever readable by others, not even for the moment between creating it and changing its mode. Every
file that heloscope writes or reads is opened here. Opening never blocks: anything but a regular
file (a named pipe, a device, a folder, a symbolic link) is refused, and so is another user's file.
The mode of an existing file is changed to 0600.

A folder is refused if it belongs to another user, or if its group or others can write to it; a
symbolic link to a folder is treated as that folder. Of the folders above it, only its parent is
checked: it must belong to the user or to root, and others must not be able to write to it unless it
is sticky, as /tmp is. A user who controls a folder further up could still replace it.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from .visible import visible_text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFREG: "a file",
}


class UnsafeFile(OSError):
    """Raised when a file or folder is unsafe to use; `strerror` explains why, and what to do."""

    def __init__(self, path: str | Path, words: str) -> None:
        super().__init__(errno.EPERM, words, str(path))


def reason(error: OSError, path: str | Path = "") -> str:
    """Return why a file could not be used, such as "No space left on device (/a/b)".

    The text fits at the end of a sentence. It names `path` if `error` itself does not name a file.
    """
    words = visible_text((error.strerror or str(error) or type(error).__name__).rstrip("."))
    name = error.filename if isinstance(error.filename, str) else path
    return f"{words} ({visible_text(str(name))})" if name else words


# Writing


def create(path: str | Path) -> int:
    """Create the file `path`, and return its descriptor.

    Raises FileExistsError if the file exists, or another OSError.
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)


def create_with(path: Path, data: bytes) -> None:
    """Create the file `path` with the content `data`; if writing fails, remove the file again.

    Raises FileExistsError if the file exists, or another OSError.
    """
    fd = create(path)
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(data)
    except BaseException:
        os.unlink(path)
        raise


def append(path: str | Path) -> int:
    """Open `path` for appending, creating the file if necessary, and return its descriptor.

    Raises UnsafeFile if `path` is not a regular file that belongs to the user, or another OSError.
    """
    return _open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def replace(path: Path, data: bytes) -> None:
    """Create the file `path`, or replace its content in one step.

    A reader sees either all of the old content or all of the new. Raises UnsafeFile if the existing
    file is not a regular file that belongs to the user, or another OSError.
    """
    try:
        _check(path, os.lstat(path))
    except FileNotFoundError:
        pass
    import tempfile

    fd, fresh = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)  # 0600, O_CLOEXEC
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(data)
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise


def unnamed(folder: Path | None) -> int:
    """Create an unnamed file, which disappears when its descriptor is closed.

    The file is in `folder`, or in the system's folder for temporary files if `folder` is None.
    Return the descriptor, which allows reading and writing. Raises OSError.
    """
    import tempfile

    fd, name = tempfile.mkstemp(prefix="message-", dir=folder)  # 0600, O_CLOEXEC
    os.unlink(name)
    return fd


def open_output(path: str | Path) -> int:
    """Open a file named by the user for output, creating the file if necessary.

    Unlike a private file, this file may have any owner and mode. Its content is kept until
    `overwrite` is called. Return the descriptor. Raises UnsafeFile for a named pipe that no program
    is reading from, instead of waiting until one does. Raises another OSError for any other
    failure.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise UnsafeFile(path, "no program is reading from this named pipe or socket") from None
        raise
    os.set_blocking(fd, True)  # the reader may be slow
    return fd


def overwrite(path: str | Path, fd: int, data: bytes) -> None:
    """Replace the content of `path`, which `open_output` opened as `fd`, and close `fd`.

    A regular file is replaced in one step where possible. If the new content then cannot be written
    in full, for example because the disk is full, the file keeps its old content; a file that was
    empty is removed. Anything else, such as a pipe, is written to directly. Raises OSError.
    """
    with os.fdopen(fd, "wb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            file.write(data)
            return
        place = os.path.realpath(path)
        try:
            _exchange(place, data, status)
        except PermissionError:  # the file can be written, its folder or its owner not changed
            file.truncate(0)
            file.write(data)
        except OSError:
            if not status.st_size:
                os.unlink(place)
            raise


def _exchange(place: str, data: bytes, status: os.stat_result) -> None:
    """Write `data` to a new file next to `place`, and rename it to `place`.

    Raises PermissionError if that is not permitted, or if it would change the file's owner or break
    a hard link.
    """
    import tempfile

    if status.st_uid != os.geteuid() or status.st_nlink > 1:
        raise PermissionError(errno.EPERM, "it is another user's file, or has several names")
    fd, fresh = tempfile.mkstemp(prefix=f"{os.path.basename(place)}-", dir=os.path.dirname(place))
    try:
        with os.fdopen(fd, "wb") as out:
            os.fchmod(fd, stat.S_IMODE(status.st_mode))
            out.write(data)
        os.replace(fresh, place)
    except BaseException:
        os.unlink(fresh)
        raise


# Reading


def read_end(path: Path, most: int) -> bytes:
    """Return the end of one of heloscope's own files, at most `most` octets.

    Raises UnsafeFile if the file is not a regular file that belongs to the user, or if another user
    controls its folder. Raises another OSError if the file cannot be read.
    """
    check_folder(path.parent)
    fd = _open(path, os.O_RDONLY)
    with os.fdopen(fd, "rb") as file:
        file.seek(max(0, os.fstat(fd).st_size - most))
        return file.read(most)


def read_all(path: str | Path, most: int) -> bytes:
    """Return the content of one of heloscope's own files, which must not exceed `most` octets.

    Raises the same errors as `read_end`, and UnsafeFile if the file is larger.
    """
    with open_own(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnsafeFile(path, f"it is larger than {most:,} bytes; remove it")
    return data


def open_own(path: str | Path) -> BinaryIO:
    """Open one of heloscope's own files for reading. Raises the same errors as `read_end`."""
    check_folder(os.path.dirname(path) or ".")
    return os.fdopen(_open(path, os.O_RDONLY), "rb")


def open_regular(path: str | Path) -> int:
    """Open a file named by the user for reading, and return its descriptor.

    The file may belong to any user, and symbolic links are followed. Raises UnsafeFile for anything
    but a regular file, or another OSError.
    """
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(fd).st_mode
        if not stat.S_ISREG(mode):
            raise UnsafeFile(path, f"it is {_kind(mode)}, not a file")
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_named(path: str | Path, most: int) -> bytes:
    """Return the content of a file named by the user, which must not exceed `most` octets.

    The file may have any owner and mode, and may be in any folder. Raises UnsafeFile if the file is
    larger or is not a regular file, or another OSError.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnsafeFile(path, f"it is larger than {most:,} bytes")
    return data


def is_own(fd: int) -> bool:
    """Return whether an open file is a regular file that belongs to the user."""
    status = os.fstat(fd)
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()


# Folders


def make_folder(folder: str | Path) -> None:
    """Create `folder` and its parents, if they do not exist.

    Raises UnsafeFile if another user controls the folder (see the module), or another OSError.
    """
    missing: list[str] = []
    each = os.fspath(folder)
    while each and not os.path.exists(each):
        missing.append(each)
        each = os.path.dirname(each)
    for each in reversed(missing):
        try:
            os.mkdir(each, 0o700)
        except FileExistsError:
            if os.path.islink(each) and not os.path.exists(each):
                raise UnsafeFile(
                    each, "it is a symbolic link whose target does not exist"
                ) from None
    check_folder(folder)


def check_folder(folder: str | Path) -> None:
    """Raise UnsafeFile if another user controls the folder (see the module), or another OSError."""
    status = os.stat(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise UnsafeFile(folder, f"it is {_kind(status.st_mode)}, not a folder")
    if status.st_uid != os.geteuid():
        raise UnsafeFile(folder, "the folder belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UnsafeFile(folder, "other users can write to the folder; run chmod go-w on it")
    above = os.path.dirname(os.path.realpath(folder))
    status = os.stat(above)
    if status.st_uid not in (0, os.geteuid()):
        raise UnsafeFile(above, "the parent folder belongs to another user")
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        raise UnsafeFile(above, "all users can write to the parent folder; run chmod o-w on it")


def _open(path: str | Path, how: int) -> int:
    """Open one of heloscope's own files, and return its descriptor.

    A mode other than 0600 is corrected. Raises UnsafeFile if the file is not a regular file that
    belongs to the user, or another OSError.
    """
    try:
        fd = os.open(path, how | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError:
        status = os.lstat(path)  # a link, a folder or a pipe gets an error text of its own
        _check(path, status)
        raise
    try:
        status = os.fstat(fd)
        _check(path, status)
        if stat.S_IMODE(status.st_mode) != 0o600:
            os.fchmod(fd, 0o600)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _check(path: str | Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeFile(path, f"it is {_kind(status.st_mode)}, not a regular file; remove it")
    if status.st_uid != os.geteuid():
        raise UnsafeFile(path, "it belongs to another user; remove it")


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "a special file")
