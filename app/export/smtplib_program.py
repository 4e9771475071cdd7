"""Exports a replay as a Python program that needs only the standard library.

The program repeats the conversation and stops if a reply code differs. Where a method of smtplib
sends the same bytes, apart from the case of the verb, the program uses that method; it sends
everything else unchanged. It takes secrets from the environment or asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from smtplib import quoteaddr

from ...session.protocol.transparency import stuff
from ...session.verbs import TLS_VERBS
from ...session.visible import visible_text
from .login import SECRET_KINDS, USER_NAME, AuthLine, AuthPart, AuthPartKind, challenge_needed
from .replay import Replay, ReplayStep, StepKind
from .smtplib_helpers import HELPERS
from .smtplib_tls import context_lines

_MAIL = re.compile(r"(?:MAIL FROM|RCPT TO):<([^<>]*)>((?: [^ ]+)*)\Z", re.IGNORECASE)
_LATER_DOT = re.compile(rb"(?<!\r)\n\.")  # smtplib doubles the dot after a bare LF, too
_TIMEOUT = 60  # seconds
_SHORT = 60  # octets written inline in the line that sends them


class _Program:
    """A program under construction, with its lines, constants, imports and helpers."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.lines: list[str] = []
        self.constants: list[str] = []
        self.imports = {"smtplib"}
        self.helpers: set[str] = set()
        self._messages = 0
        self._esmtp = False
        self._outgoing: list[str] = []  # expressions for bytes to send together
        self._due: list[int | None] = []  # codes of replies to come; None is a TLS handshake

    def write(self) -> str:
        replay = self.replay
        self._secrets()
        self._connect()
        for number, step in enumerate(replay.steps):
            self._step(step, last=number + 1 == len(replay.steps))
        self._receive()
        if self.lines[-1] != f"expect(smtp.quit(), {self._last_code()})":
            self.lines.append("smtp.close()")
        if any("expect(" in line for line in self.lines):
            self.helpers.add("expect")
        for name in self.helpers:
            self.imports |= set(HELPERS[name].imports)
        what = f"A conversation with {replay.where}, recorded by heloscope."
        parts = [
            f"#!/usr/bin/env python3\n{_docstring(what)}\n",
            "".join(f"import {name}\n" for name in sorted(self.imports)),
        ]
        comments = self._comments()
        if comments:
            parts.append("\n".join(comments) + "\n")
        if self.constants:
            parts.append("\n".join(self.constants) + "\n")
        helpers = [helper.text for name, helper in HELPERS.items() if name in self.helpers]
        blocks = ["\n".join(parts), *helpers, "\n".join(self.lines)]
        return "\n\n\n".join(block.rstrip("\n") for block in blocks) + "\n"

    def _comments(self) -> list[str]:
        replay = self.replay
        lines: list[str] = []
        if replay.masked:
            lines.append("# Secrets in the conversation were replaced by stars.")
        lines += [f"# {remark}" for remark in replay.remarks]
        if replay.early:
            lines.append("# The client did not wait for the greeting; this program does.")
        if not replay.quits:
            lines.append("# The conversation has no QUIT, so the connection is closed without it.")
        return lines

    def _last_code(self) -> int:
        codes = self.replay.steps[-1].codes if self.replay.steps else ()
        return codes[0] if codes else 0

    # The connection

    def _connect(self) -> None:
        target = self.replay.target
        if target is None:
            self.lines.append(
                f"smtp = smtplib.SMTP(timeout={_TIMEOUT})  # add smtp.connect(HOST, PORT)"
            )
            return
        if self._usual:
            self._connect_by_smtplib()
        else:
            self._connect_by_hand()

    @property
    def _usual(self) -> bool:
        """Whether smtplib can connect and perform the handshakes as in the conversation."""
        replay = self.replay
        target = replay.target
        if target is None:
            return True
        if replay.greeting != 220 or (target.lmtp and target.implicit):
            return False
        if target.path:
            return target.lmtp and not replay.encrypted
        return not replay.encrypted or replay.server_name == target.host

    def _connect_by_smtplib(self) -> None:
        target = self.replay.target
        assert target is not None
        if target.path:
            self.lines.append(f"smtp = smtplib.LMTP({_text(target.path)}, timeout={_TIMEOUT})")
            return
        name = "LMTP" if target.lmtp else "SMTP_SSL" if target.implicit else "SMTP"
        place = f"{_text(target.host)}, {target.port}, timeout={_TIMEOUT}"
        if self.replay.source:
            place += f", source_address=({_text(self.replay.source)}, 0)"
        if target.implicit:
            place += f", context={self._context()}"
        self.lines.append(f"smtp = smtplib.{name}({place})")
        if target.implicit:
            self._check_certificate()

    def _connect_by_hand(self) -> None:
        replay = self.replay
        target = replay.target
        assert target is not None
        self.imports.add("socket")
        name = "LMTP" if target.lmtp else "SMTP"
        self.lines.append(f"smtp = smtplib.{name}(timeout={_TIMEOUT})")
        if target.path:
            self.lines += [
                "smtp.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
                f"smtp.sock.settimeout({_TIMEOUT})",
                f"smtp.sock.connect({_text(target.path)})",
            ]
        else:
            place = f"({_text(target.host)}, {target.port}), {_TIMEOUT}"
            if replay.source:
                place += f", ({_text(replay.source)}, 0)"
            self.lines.append(f"smtp.sock = socket.create_connection({place})")
        if target.implicit:
            self._handshake()
        if replay.greeting is None:
            self.lines.append("# There was no greeting, so this program does not wait for one.")
        else:
            self.lines.append(f"expect(smtp.getreply(), {replay.greeting})")

    # TLS

    def _context(self) -> str:
        if "ssl" not in self.imports:
            self.imports.add("ssl")
            self.constants += context_lines(self.replay.tls, self._secret)
        return "CONTEXT"

    def _handshake(self) -> None:
        name = self.replay.server_name
        shown = _text(name) if name else "None"
        self.lines += [
            f"smtp.sock = {self._context()}.wrap_socket(smtp.sock, server_hostname={shown})",
            "smtp.file = None  # smtplib opens it again, inside TLS",
        ]
        self._check_certificate()

    def _check_certificate(self) -> None:
        if self.replay.tls.pinned:
            self.helpers.add("accepted")
            self.lines.append("accepted(smtp.sock)")

    def _starttls(self, step: ReplayStep) -> None:
        self._esmtp, esmtp = False, self._esmtp  # the extensions are discarded until the next EHLO
        plain = step.data.upper() == b"STARTTLS" and step.offered and esmtp
        if plain and self._usual and len(step.codes) == 1 and not self._due and not step.together:
            self.lines.append(f"expect(smtp.starttls(context={self._context()}), 220)")
            self._check_certificate()
            return
        self._send(step.data + b"\r\n", step.codes)
        self._due.append(None)

    # The steps

    def _step(self, step: ReplayStep, *, last: bool) -> None:
        waits = not self._due and not step.together
        match step.kind:
            case StepKind.COMMAND if step.starts_tls:
                self._starttls(step)
            case StepKind.COMMAND:
                self._command(step, waits=waits, last=last)
            case StepKind.LOGIN:
                self._receive()
                self._login(step)
            case StepKind.MESSAGE:
                self._message(step, waits=waits)
            case StepKind.CHUNK:
                head = b"BDAT %d%s\r\n" % (len(step.data), b" LAST" * step.last)
                octets = _octets(head + step.data)
                if len(step.data) > _SHORT or b"\n" in step.data:
                    octets = f"{_octets(head)} + {self._constant(step.data)}"
                self._send_expression(octets, step.codes)
            case StepKind.RAW:
                self._send(step.data, step.codes)
        if not step.together:
            self._receive()

    def _say(self, call: str, codes: Sequence[int]) -> None:
        self.lines.append(f"expect({call}, {codes[0]})")
        self.lines += [f"expect(smtp.getreply(), {code})" for code in codes[1:]]

    def _send(self, data: bytes, codes: Sequence[int]) -> None:
        """Queue bytes to be sent together with the bytes that follow.

        `_receive` writes the program lines that send the queued bytes and read the replies.
        """
        long = len(data) > _SHORT and b"\n" in data[:-1]
        self._send_expression(self._constant(data) if long else _octets(data), codes)

    def _send_expression(self, octets: str, codes: Sequence[int]) -> None:
        self._outgoing.append(octets)
        self._due += codes

    def _receive(self) -> None:
        """Write the program lines that send the queued bytes and read the replies.

        If a TLS handshake is due, the lines perform it, too.
        """
        if len(self._outgoing) > 1:
            lines = [
                f"    {'+ ' if number else ''}{octets}"
                for number, octets in enumerate(self._outgoing)
            ]
            self.lines += ["smtp.send(", *lines, ")"]
        else:
            self.lines += [f"smtp.send({octets})" for octets in self._outgoing]
        self._outgoing.clear()
        due, self._due = self._due, []
        for code in due:
            if code is None:
                self._handshake()
            else:
                self.lines.append(f"expect(smtp.getreply(), {code})")

    def _command(self, step: ReplayStep, *, waits: bool, last: bool) -> None:
        line = step.data.decode("latin-1")
        verb, _, rest = line.partition(" ")
        plain = line.isascii() and line.isprintable() and line != ""
        if not plain or not waits or not step.codes or verb.upper() in TLS_VERBS:
            self._send(step.data + b"\r\n", step.codes)
            return
        code = step.codes[0]
        name = verb.lower()
        match name:
            case "ehlo" | "lhlo" if rest and (name == "lhlo") == self.replay.lmtp:
                self._esmtp = self._esmtp or code == 250
                self._say(f"smtp.ehlo({_text(rest)})", step.codes)
            case "helo" if rest:
                self._esmtp = False
                self._say(f"smtp.helo({_text(rest)})", step.codes)
            case "mail" | "rcpt" if self._path(line, step):
                pass
            case "quit" if not rest and last and len(step.codes) == 1:
                self._say("smtp.quit()", step.codes)
            case _:
                self._say(f"smtp.docmd({_text(line)})", step.codes)

    def _path(self, line: str, step: ReplayStep) -> bool:
        """Write the call of smtplib's method for MAIL or RCPT. Return whether this was possible.

        It is not possible if the method would send a different line.
        """
        match = _MAIL.match(line)
        if match is None or quoteaddr(match[1]) != f"<{match[1]}>":
            return False
        options = match[2].split()
        if options and (not self._esmtp or any(o.upper() == "SMTPUTF8" for o in options)):
            return False
        more = f", {options!r}" if options else ""
        self._say(f"smtp.{step.verb.lower()}({_text(match[1])}{more})", step.codes)
        return True

    # AUTH

    def _secrets(self) -> None:
        """Make the program ask, at its start, for the secrets that were omitted from logins."""
        asked: dict[str, str] = {}
        kinds = {step.secret.partition("_")[0] for step in self.replay.steps if step.secret}
        several = len({step.secret for step in self.replay.steps if step.secret}) > len(kinds)
        for step in self.replay.steps:
            if step.secret:
                what = "Token" if step.secret.startswith("TOKEN") else "Password"
                owner = f" for {visible_text(step.user)}" if step.user else ""
                refused = " (refused with 535)" if step.refused and several else ""
                asked.setdefault(step.secret, f"{what}{owner}{refused}: ")
        if any(step.assumed for step in self.replay.steps):
            self.imports.add("os")
            self.constants.append(
                f'{USER_NAME} = os.environ.get("{USER_NAME}") or input("User name: ")'
            )
        for name, prompt in asked.items():
            self.constants.append(f"{name} = {self._secret(name, prompt)}")

    def _secret(self, name: str, prompt: str) -> str:
        """Return an expression that takes an omitted secret from the environment or asks for it."""
        self.imports |= {"getpass", "os"}
        return f'os.environ.get("{name}") or getpass.getpass({_text(prompt)})'

    def _login(self, step: ReplayStep) -> None:
        lines = step.lines
        for number, line in enumerate(lines):
            if line.has(AuthPartKind.SCRAM_FIRST):
                self._scram(step, line)
            arguments = self._auth_arguments(step, line, number)
            if not line.codes:
                self.lines.append(f"smtp.putcmd({arguments})")
                continue
            before = lines[number - 1] if number else None
            checked = line.parts == () and before is not None and line.codes[0] == 235
            if before is not None and before.has(AuthPartKind.SCRAM_FINAL) and checked:
                self.lines[-1] = f"challenge = {self.lines[-1]}"
                self.lines.append("scram.check(challenge)")
            self._say(f"smtp.docmd({arguments})", line.codes)
            if challenge_needed(lines, number):
                self.lines[-1] = f"challenge = {self.lines[-1]}"

    def _scram(self, step: ReplayStep, line: AuthLine) -> None:
        self.helpers.add("Scram")
        digest = step.data.decode("ascii", "replace").removeprefix("SCRAM-").lower()
        name = {"sha-1": "sha1", "sha-256": "sha256", "sha-512": "sha512"}.get(digest, digest)
        header = b"".join(part.data for part in line.parts or ()).decode("utf-8", "replace")
        more = "" if header == "n,," else f", {_text(header)}"
        user = step.user.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        who = USER_NAME if step.assumed else _text(user)
        self.lines.append(f"scram = Scram({who}, {step.secret}, {_text(name)}{more})")

    def _auth_arguments(self, step: ReplayStep, line: AuthLine, number: int) -> str:
        """Return the arguments of `docmd` for a line of AUTH."""
        if line.parts is None:
            return _text(line.head.decode("latin-1"))
        if line.parts == ():
            response = '"="' if line.head else '""'
        elif line.has(AuthPartKind.LEFT_OUT):
            mechanism = visible_text(step.data.decode("ascii", "replace"))
            prompt = f"Response {number + bool(line.head)} for {mechanism or 'AUTH'}, in base64: "
            response = self._secret(line.answer, prompt)
        elif line.has(AuthPartKind.AS_SENT):
            response = _text(line.parts[0].data.decode("ascii", "replace"))
        else:
            self.helpers.add("encoded")
            response = f"encoded({', '.join(self._auth_part(step, part) for part in line.parts)})"
        return f"{_text(line.head.decode('latin-1'))}, {response}" if line.head else response

    def _auth_part(self, step: ReplayStep, part: AuthPart) -> str:
        match part.kind:
            case AuthPartKind.TEXT:
                try:
                    return _text(part.data.decode())
                except UnicodeDecodeError:
                    return _octets(part.data)
            case AuthPartKind.USER:
                return USER_NAME
            case AuthPartKind.CRAM_MD5:
                self.helpers.add("cram_md5")
                return f"cram_md5({step.secret}, challenge)"
            case AuthPartKind.SCRAM_FIRST:
                return "scram.first"
            case AuthPartKind.SCRAM_FINAL:
                return "scram.final(challenge)"
            case _:
                assert part.kind in SECRET_KINDS
                return step.secret

    # Messages

    def _message(self, step: ReplayStep, *, waits: bool) -> None:
        content = step.data
        ended = content.endswith(b"\r\n")
        if waits and ended and not _LATER_DOT.search(content) and step.codes:
            self._say(f"smtp.data({self._constant(content)})", step.codes)
            return
        if self._due or not waits:
            self._send(b"DATA\r\n", (354,))
            self._receive()
        else:
            self.lines.append('expect(smtp.docmd("DATA"), 354)')
        if content and not ended:
            content += b"\r\n"
        self._send_expression(self._constant(stuff(content) + b".\r\n"), step.codes)

    def _constant(self, octets: bytes) -> str:
        """Define a constant for these octets, and return its name.

        Each line of a message has a line of its own in the program.
        """
        self._messages += 1
        name = "MESSAGE" if self._messages == 1 else f"MESSAGE_{self._messages}"
        lines = octets.split(b"\n")
        parts = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
        body = "".join(f"    {part!r}\n" for part in parts) or '    b""\n'
        self.constants.append(f"{name} = (\n{body})")
        return name


def smtplib_program(replay: Replay) -> str:
    """Return the Python program for a replay."""
    return _Program(replay).write()


def _text(text: str) -> str:
    """Return a str literal in printable characters, with double quotes if possible."""
    shown = ascii(text)
    inner = shown[1:-1]
    if shown[0] == "'" and '"' not in inner and "\\'" not in inner:
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
