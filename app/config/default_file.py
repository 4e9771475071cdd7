"""The file that `heloscope config default` prints: every key with its default, all as comments."""

from __future__ import annotations

from textwrap import wrap

from ..actions import ACTIONS
from .fields import CONNECTING, FOR_ALL, SETTINGS, Field

_WIDTH = 96
_HEAD = """\
# The configuration of heloscope, in TOML. Lines that begin with # are comments; here they show the
# defaults and examples. heloscope config check reports each mistake with its line.
#
# The order of precedence is: a command-line option; an environment variable whose name is
# HELOSCOPE_ and the key in upper case (HELOSCOPE_TIMEOUT=30); the server's profile; this file; the
# default.
"""
_CONNECT = """\
# How to connect to any server except the practice server.
# File names are relative to the folder of this file.
"""
_SERVERS = """\
# Named servers: heloscope @mail, heloscope send @mail, :connect @mail. Every key of [connect] may
# be used here, and also target, user, mechanism and secret. A secret itself is never in this file,
# only where to find it, in one of the three ways below.
"""
_KEYS = """\
# The keys of each action; heloscope --keys lists all actions. Separate several keys with commas;
# "" means no key. Changes take effect at the next start.
"""


def default_file() -> str:
    """Return the text of a valid configuration file that sets nothing."""
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
