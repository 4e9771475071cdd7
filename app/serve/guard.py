"""The sandbox of a visitor's process, which limits what the process may open, connect to and run.

The orders and dialogs of a confined run give no access to files or other servers
(app/confinement.py). In case one was overlooked, an audit hook of the interpreter, which nothing in
the process can remove, refuses every other file, host and program with a PermissionError. System
limits bound memory, processor time and the amount written.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Collection, Iterable
from typing import Any

MIB = 1024 * 1024
FILE_MIB = 16  # MiB of one file: the part of a transcript that does not fit into memory
DESCRIPTORS = 256  # the practice server takes 50 connections, each of which has two ends
SECONDS = 3600  # seconds of processor time
NICE = 5

_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READ_ONLY = frozenset(("/dev/null", "/dev/urandom", "/etc/localtime", "/etc/mime.types"))
_CHANGES = frozenset((
    "os.chflags", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename",
    "os.rmdir", "os.setxattr", "os.removexattr", "os.symlink", "os.truncate", "os.utime",
    "shutil.chown", "shutil.copyfile", "shutil.copymode", "shutil.copystat", "shutil.copytree",
    "shutil.make_archive", "shutil.move", "shutil.unpack_archive",
))  # fmt: skip
_LISTS = frozenset(("os.listdir", "os.scandir", "os.walk", "os.fwalk", "glob.glob"))
_NEVER = frozenset((
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.kill", "os.killpg", "os.chdir", "os.chroot", "os.fchdir", "pty.spawn", "subprocess.Popen",
    "ctypes.dlopen", "resource.setrlimit", "resource.prlimit", "webbrowser.open", "syslog.syslog",
    "socket.gethostname", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    "socket.sendto", "socket.sendmsg", "socket.sethostname",
))  # fmt: skip


class Guard:
    """An audit hook that refuses what a visitor's process is not allowed to do.

    `home` is the visitor's folder, the only place where the process may write. `readable` are other
    folders from which it may read. `ports` returns the loopback ports on which the process itself
    listens, the only ports to which it may connect.
    """

    def __init__(
        self, home: str, readable: Iterable[str], ports: Callable[[], Collection[int]]
    ) -> None:
        self._home = os.path.realpath(home)
        self._readable = tuple({os.path.realpath(folder) for folder in readable if folder})
        self._ports = ports

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        """Handle an audit event. Raises PermissionError for anything that is not allowed."""
        if event == "open":
            path, _, flags = given
            if not isinstance(path, int):
                self._check(event, path, writes=bool(flags & _WRITE))
        elif event == "socket.connect":
            self._check_peer(given[1])
        elif event == "socket.bind":
            self._refuse_unless(_on_loopback(given[1]), event, given[1])
        elif event == "socket.getaddrinfo":
            self._refuse_unless(_on_loopback((given[0],)), event, given[0])
        elif event in _LISTS:
            self._check(event, given[0], writes=False)
        elif event in _CHANGES:
            for path in given:
                if isinstance(path, str | bytes | os.PathLike):
                    self._check(event, path, writes=True)
        else:
            self._refuse_unless(event not in _NEVER, event, "")

    def _check(self, event: str, path: Any, *, writes: bool) -> None:
        if isinstance(path, int) or path is None:
            return
        place = os.path.realpath(os.fsdecode(path))
        allowed = _inside(place, self._home) or (
            not writes
            and (place in _READ_ONLY or any(_inside(place, each) for each in self._readable))
        )
        self._refuse_unless(allowed, event, place)

    def _check_peer(self, address: Any) -> None:
        ours = _on_loopback(address) and len(address) > 1 and address[1] in self._ports()
        self._refuse_unless(ours, "socket.connect", address)

    @staticmethod
    def _refuse_unless(allowed: bool, event: str, what: Any) -> None:
        if not allowed:
            raise PermissionError(errno.EACCES, f"a visitor may not do this ({event})", str(what))


def _inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip("/") + "/")


def _on_loopback(address: Any) -> bool:
    return isinstance(address, tuple) and address[:1] in (("127.0.0.1",), ("::1",))


def program_folders() -> list[str]:
    """Return the folders from which this program and its libraries are imported."""
    from ... import app, session, widgets

    ours = [folder for package in (app, session, widgets) for folder in package.__path__]
    return [*filter(None, sys.path), *ours]


def raise_wall(home: str, memory: int, ports: Callable[[], Collection[int]]) -> None:
    """Confine this process for the rest of its life.

    `memory` is the memory limit of the process in MiB; `home` and `ports` are as for `Guard`.
    """
    import resource

    for what, limit in (
        (resource.RLIMIT_AS, memory * MIB),
        (resource.RLIMIT_FSIZE, FILE_MIB * MIB),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        most = resource.getrlimit(what)[1]
        limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(what, (limit, limit))
    os.nice(NICE)
    sys.addaudithook(Guard(home, program_folders(), ports))
