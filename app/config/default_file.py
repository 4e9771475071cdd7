"""The file that `heloscope config default` prints: every key, with its default, as a comment."""

from __future__ import annotations

from textwrap import wrap

from ..actions import ACTIONS
from .fields import CONNECTING, FOR_ALL, SETTINGS, Field

_WIDTH = 96
_HEAD = """\
# The configuration of heloscope, in TOML. Lines that begin with # are comments: here these are the
# defaults and examples. heloscope config check reports each mistake with its line.
#
# In order of precedence: an option of the command line; an environment
# variable, HELOSCOPE_ and the key in capitals (HELOSCOPE_TIMEOUT=30); the profile of the server;
# this file; the default.
"""
_CONNECT = """\
# How to connect, for every server but the practice server.
# Files are relative to the folder of this file.
"""
_SERVERS = """\
# Servers by a name: heloscope @mail, heloscope send @mail, :connect @mail. Every key of
# [connect] may be used here, and target, user, mechanism and secret. A secret is never in this
# file, only its place: one of the three.
"""
_KEYS = """\
# Keys, by the name of the action; heloscope --keys lists all. Several with commas between, "" for
# none. They take effect at the next start.
"""


def default_file() -> str:
    """The text, which is a valid file that sets nothing."""
    connecting = "".join(map(_commented, FOR_ALL))
    return "\n".join((_HEAD, *map(_commented, SETTINGS), _CONNECT + "[connect]", connecting,
                      _SERVERS + _example(), _KEYS + _keys()))  # fmt: skip


def _commented(field: Field) -> str:
    about = "\n".join(wrap(field.about, _WIDTH, initial_indent="# ", subsequent_indent="# "))
    return f"{about}\n# {field.name} = {field.example or field.default}\n"


def _example() -> str:
    lines = ["[servers.mail]", 'target = "mail.example.org:587"', 'tls = "required"']
    lines += [f"{each.name} = {each.example}" for each in CONNECTING if each.example]
    lines += ['secret = {env = "MAIL_PASSWORD"}', 'secret = {command = ["pass", "mail"]}',
              'secret = {keyring = "mail.example.org"}  # needs the package keyring']  # fmt: skip
    return "".join(f"# {line}\n" for line in lines)


def _keys() -> str:
    keyed = (action for action in ACTIONS.values() if action.key)
    return "[keys]\n" + "".join(f'# {action.name} = "{action.key}"\n' for action in keyed)
