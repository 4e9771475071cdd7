"""Exports a replay as a Python program that needs only the standard library.

The program repeats the conversation, and stops if a reply differs. It uses the methods of smtplib
that send exactly the same bytes, and sends everything else raw. Secrets come from the environment.
"""

from __future__ import annotations

import re
from smtplib import quoteaddr

from ...session.protocol.transparency import stuff
from ...session.visible import visible_text
from .replay import Replay, ReplayStep, StepKind
from .script import secret_name

_MAIL = re.compile(r"(?:MAIL FROM|RCPT TO):<([^<>]*)>((?: [^ ]+)*)\Z", re.IGNORECASE)
_AUTH = {"PLAIN": "auth_plain", "LOGIN": "auth_login", "CRAM-MD5": "auth_cram_md5"}
_LATER_DOT = re.compile(rb"(?<!\r)\n\.")  # smtplib doubles the dot after a bare LF, too

_SAID = '''\
def said(reply, before):
    """Show a reply; end when it is another one than came before."""
    code, text = reply
    print(code, text.decode("utf-8", "replace"))
    if code != before:
        raise SystemExit(f"it was {before} before")
'''
_TRIED = '''\
def tried(method, *arguments):
    """The reply to a login, also to one that fails."""
    try:
        return method(*arguments)
    except smtplib.SMTPResponseException as error:
        return error.smtp_code, error.smtp_error
'''
_UNIX = '''\
class UnixSMTP(smtplib.SMTP):
    """SMTP over a unix socket: smtplib has only LMTP there."""

    def _get_socket(self, host, port, timeout):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(PATH)
        return connection
'''


class _Program:
    """A program under construction: its lines, constants, imports and helpers."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.lines: list[str] = []
        self.constants: list[str] = []
        self.imports = {"smtplib"}
        self.helpers: dict[str, str] = {}
        self._messages = 0
        self._esmtp = False

    def write(self) -> str:
        replay = self.replay
        begin = self._connected()
        for step in replay.steps:
            self._step(step)
        if not any(step.verb == "QUIT" and step.kind is StepKind.COMMAND for step in replay.steps):
            self.lines.append("smtp.close()")
        if any(line.startswith("said(") for line in self.lines):
            self.helpers["said"] = _SAID
        what = f"A conversation with {replay.where}, recorded by heloscope."
        parts = [
            f"#!/usr/bin/env python3\n{_docstring(what)}\n",
            "".join(f"import {name}\n" for name in sorted(self.imports)),
        ]
        if replay.masked:
            parts.append("# Secrets in the conversation were replaced by stars.\n")
        if self.constants:
            parts.append("\n".join(self.constants) + "\n")
        blocks = ["\n".join(parts), *self.helpers.values(), "\n".join([*begin, *self.lines])]
        return "\n\n\n".join(block.rstrip("\n") for block in blocks) + "\n"

    # The connection

    def _connected(self) -> list[str]:
        target = self.replay.target
        if target is None:
            return ["smtp = smtplib.SMTP(timeout=60)  # connect(HOST, PORT) comes next"]
        if target.path and target.lmtp:
            return [f"smtp = smtplib.LMTP({_text(target.path)})"]
        if target.path:
            self.imports.add("socket")
            self.helpers["unix"] = _UNIX
            self.constants.append(f"PATH = {_text(target.path)}")
            return ['smtp = UnixSMTP("localhost", timeout=60)']
        place = f"{_text(target.host)}, {target.port}, timeout=60"
        if target.lmtp:
            return [f"smtp = smtplib.LMTP({place})"]
        if target.implicit:
            return [f"smtp = smtplib.SMTP_SSL({place}, context={self._context()})"]
        return [f"smtp = smtplib.SMTP({place})"]

    def _context(self) -> str:
        if "ssl" not in self.imports:
            self.imports.add("ssl")
            self.constants.append(
                "CONTEXT = ssl.create_default_context()"
                "  # load_verify_locations() adds an authority of your own"
            )
        return "CONTEXT"

    # The steps

    def _step(self, step: ReplayStep) -> None:
        match step.kind:
            case StepKind.COMMAND:
                self._command(step)
            case StepKind.LOGIN:
                self._login(step)
            case StepKind.MESSAGE:
                self._message(step)
            case StepKind.CHUNK:
                size = f"{len(step.data)}{' LAST' if step.last else ''}"
                name = self._constant(step.data)
                self._sent(f'b"BDAT {size}\\r\\n" + {name}', step.codes)
            case StepKind.RAW:
                self._sent(_octets(step.data), step.codes)

    def _said(self, call: str, codes: tuple[int, ...]) -> None:
        self.lines.append(f"said({call}, {codes[0]})")
        self._further(codes)

    def _further(self, codes: tuple[int, ...]) -> None:
        self.lines += [f"said(smtp.getreply(), {code})" for code in codes[1:]]

    def _sent(self, octets: str, codes: tuple[int, ...]) -> None:
        """Send raw octets, then read as many replies as there were."""
        self.lines.append(f"smtp.send({octets})")
        self.lines += [f"said(smtp.getreply(), {code})" for code in codes]

    def _command(self, step: ReplayStep) -> None:
        line = step.data.decode("latin-1")
        verb, _, rest = line.partition(" ")
        plain = line.isascii() and line.isprintable() and line != ""
        if not plain or len(step.codes) != 1:
            self._sent(_octets(step.data + b"\r\n"), step.codes)
            return
        code = step.codes[0]
        name = verb.lower()
        lmtp = self.replay.target is not None and self.replay.target.lmtp
        match name:
            case "ehlo" | "lhlo" if rest and (name == "lhlo") == lmtp:
                self._esmtp = self._esmtp or code == 250
                self._said(f"smtp.ehlo({_text(rest)})", step.codes)
            case "helo" if rest:
                self._esmtp = False
                self._said(f"smtp.helo({_text(rest)})", step.codes)
            case "starttls" if not rest and code == 220 and self._esmtp:
                self._esmtp = False  # the extensions are discarded until the next EHLO
                self._said(f"smtp.starttls(context={self._context()})", step.codes)
            case "mail" | "rcpt" if self._path(line, step):
                pass
            case "quit" if not rest:
                self._said("smtp.quit()", step.codes)
            case _:
                self._said(f"smtp.docmd({_text(line)})", step.codes)

    def _path(self, line: str, step: ReplayStep) -> bool:
        """MAIL or RCPT by smtplib's method, if that sends the same line."""
        match = _MAIL.match(line)
        if match is None or quoteaddr(match[1]) != f"<{match[1]}>":
            return False
        options = match[2].split()
        if options and (not self._esmtp or any(o.upper() == "SMTPUTF8" for o in options)):
            return False
        more = f", {options!r}" if options else ""
        self._said(f"smtp.{step.verb.lower()}({_text(match[1])}{more})", step.codes)
        return True

    def _login(self, step: ReplayStep) -> None:
        mechanism = step.data.decode("ascii", "replace")
        name = secret_name(mechanism)
        self._from_environment(name)
        user = _text(step.user) if step.user else "USER_NAME"
        if not step.user:
            self._from_environment(user)
        self.helpers["tried"] = _TRIED
        codes = step.codes[-1:] or (235,)
        if mechanism in _AUTH:
            self.lines.append(f"smtp.user, smtp.password = {user}, {name}")
            self._said(f'tried(smtp.auth, "{mechanism}", smtp.{_AUTH[mechanism]})', codes)
        elif mechanism == "XOAUTH2":
            self.lines.append(f'answer = f"user={{{user}}}\\x01auth=Bearer {{TOKEN}}\\x01\\x01"')
            self._said('tried(smtp.auth, "XOAUTH2", lambda challenge=None: answer)', codes)
        else:
            shown = visible_text(mechanism) or "an answer"
            self.lines.append(
                f"# This was {shown}, which smtplib does not support: it chooses another."
            )
            self._said(f"tried(smtp.login, {user}, {name})", codes)

    def _from_environment(self, name: str) -> None:
        self.imports.add("os")
        line = f'{name} = os.environ["{name}"]  # left out here'
        if line not in self.constants:
            self.constants.append(line)

    # Messages

    def _message(self, step: ReplayStep) -> None:
        content = step.data
        if content == b"" or _LATER_DOT.search(content) or not step.codes:
            self.lines.append('said(smtp.docmd("DATA"), 354)')
            self._sent(self._constant(stuff(content) + b".\r\n"), step.codes)
            return
        self._said(f"smtp.data({self._constant(content)})", step.codes)

    def _constant(self, octets: bytes) -> str:
        """The name of a new constant for these octets, written one line at a time."""
        self._messages += 1
        name = "MESSAGE" if self._messages == 1 else f"MESSAGE_{self._messages}"
        lines = octets.split(b"\n")
        parts = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
        body = "".join(f"    {part!r}\n" for part in parts) or '    b""\n'
        self.constants.append(f"{name} = (\n{body})")
        return name


def smtplib_program(replay: Replay) -> str:
    """The program as text."""
    return _Program(replay).write()


def _text(text: str) -> str:
    """A str literal in printable characters, with double quotes if possible."""
    shown = ascii(text)
    inner = shown[1:-1]
    if shown[0] == "'" and '"' not in inner and "\\" not in inner:
        return f'"{inner}"'
    return shown


def _octets(data: bytes) -> str:
    shown = repr(data)
    if shown[1] == "'" and '"' not in shown:
        return f'b"{shown[2:-1]}"'
    return shown


def _docstring(text: str) -> str:
    shown = visible_text(text).replace("\\", "\\\\").replace('"', "'")
    return f'"""{shown}"""'
