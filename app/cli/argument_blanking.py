"""Overwrites a secret among the arguments of this process, which other users can list.

Only Linux lets a process overwrite its arguments. Elsewhere nothing is overwritten, and the caller
reports that.
"""

from __future__ import annotations


def blank_argument(secret: str) -> bool:
    """Overwrite `secret` with x in each argument that is the secret or ends with = and the secret.

    Return whether no argument contains the secret any more. Until this call, other users could read
    it.
    """
    import ctypes
    import os

    octets = os.fsencode(secret)
    if not octets:
        return True
    try:
        with open("/proc/self/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        with open("/proc/self/cmdline", "rb") as file:
            arguments = file.read()
        start = int(fields[45])  # arg_start, the 48th field: proc_pid_stat(5)
        at = 0
        for word in arguments.split(b"\0"):
            if word == octets or word.endswith(b"=" + octets):
                place = start + at + len(word) - len(octets)
                ctypes.memset(place, ord("x"), len(octets))
            at += len(word) + 1
        with open("/proc/self/cmdline", "rb") as file:
            return octets not in file.read().split(b"\0")
    except (OSError, ValueError, IndexError):
        return False
