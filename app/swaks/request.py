"""What a swaks command asks for, in heloscope's terms: a `SwaksRequest`.

Every option is looked at: what cannot be done is an error that says why, and what is done in
another way is a note.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Sequence
from email.utils import formatdate
from pathlib import Path

import msgspec

from ...session.net.proxy_header import ProxyHeaderError, proxy_header
from ...session.procedures.commands import xtext
from ...session.secret import Secret
from ...session.visible import visible_text
from .message import Part, Tokens, body_of, default_data, message_of, without_fixup
from .options import OPTION_OF
from .words import Given, SwaksError

NONE, TRY, OFFERED, REQUIRED, IMPLICIT = "none", "try", "offered", "required", "implicit"
MECHANISMS = ("CRAM-MD5", "LOGIN", "PLAIN")
"""What swaks and heloscope both speak, in the order in which swaks tries them."""
TIMEOUT = 30.0  # seconds, of swaks
_NOT_SPOKEN = ("CRAM-SHA1", "DIGEST-MD5", "NTLM", "SPA", "MSN", "LOGIN-INITIAL")
_STEPS = {
    "connect": "connect", "banner": "connect", "first-helo": "ehlo", "first-ehlo": "ehlo",
    "first-lhlo": "ehlo", "tls": "starttls", "starttls": "starttls", "helo": "secured",
    "ehlo": "secured", "lhlo": "secured", "xclient": "xclient", "auth": "login", "mail": "mail",
    "from": "mail", "rcpt": "rcpt", "to": "rcpt", "data": "data", "dot": "message",
}  # fmt: skip
# PROTOCOL -> (greeting, STARTTLS, TLS at once, login)
_PROTOCOLS = {
    "smtp": ("HELO", False, False, False), "ssmtp": ("EHLO", False, True, False),
    "ssmtpa": ("EHLO", False, True, True), "smtps": ("HELO", False, True, False),
    "esmtp": ("EHLO", False, False, False), "esmtpa": ("EHLO", False, False, True),
    "esmtps": ("EHLO", True, False, False), "esmtpsa": ("EHLO", True, False, True),
    "lmtp": ("LHLO", False, False, False), "lmtpa": ("LHLO", False, False, True),
    "lmtps": ("LHLO", True, False, False), "lmtpsa": ("LHLO", True, False, True),
}  # fmt: skip
_VERSIONS = {"tlsv1": "TLSv1", "tlsv1_1": "TLSv1.1", "tlsv1_2": "TLSv1.2", "tlsv1_3": "TLSv1.3"}
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
Ask = Callable[[str, bool], str]
"""Asks a person for a value, and for a secret where the second argument is true."""
ReadInput = Callable[[], bytes]


class SwaksRequest(msgspec.Struct, frozen=True):
    """A conversation, as a swaks command describes it.

    `target` is the text of a TARGET. `tls` and `login` are policies: none, try, offered, required,
    and for TLS implicit. `until` is the last step, "" for all; with `drops` the connection is
    closed then. `message` is complete, with its dots not yet doubled. `notes` say what is done in
    another way than swaks does it.
    """

    target: str
    source: str = ""
    hello: str = "EHLO"
    ehlo: str = ""
    timeout: float = TIMEOUT
    tls: str = NONE
    verify: bool = False
    server_name: str = ""
    sends_name: bool = False
    ca: str = ""
    cert: str = ""
    key: str = ""
    ciphers: str = ""
    minimum: str = ""
    maximum: str = ""
    proxy_header: bytes = b""
    xclient: tuple[str, ...] = ()
    login: str = NONE
    mechanisms: tuple[str, ...] = ()
    user: str = ""
    secret: Secret | None = None
    sender: str = ""
    recipients: tuple[str, ...] = ()
    message: bytes = b""
    pipelining: bool = False
    until: str = ""
    drops: bool = False
    quiet: bool = False
    notes: tuple[str, ...] = ()


def request_of(
    given: Sequence[Given],
    *,
    ask: Ask | None = None,
    read_input: ReadInput | None = None,
    now: float | None = None,
) -> SwaksRequest:
    """The conversation that these options describe. Raises SwaksError.

    `ask` gets what is missing from a person, `read_input` what is to come from standard input;
    where there is none, that is an error. `now` is the time for the header, in seconds since 1970.
    """
    return _Reading(given, ask, read_input, now).request()


class _Reading:
    """The options of one command, read one group after another."""

    def __init__(
        self, given: Sequence[Given], ask: Ask | None, read_input: ReadInput | None,
        now: float | None,
    ) -> None:  # fmt: skip
        self._given = given
        self._ask = ask
        self._read_input = read_input
        self._input: bytes | None = None
        self._now = now
        self._notes: list[str] = []
        self._values = {each.option.name: each.value for each in given}

    def request(self) -> SwaksRequest:
        """All of it."""
        self._refuse()
        hello, starttls, at_once, logs_in = self._protocol()
        tls = self._tls(starttls=starttls, at_once=at_once)
        until, drops = self._end(tls)
        login = self._login(required=logs_in)
        recipients = self._recipients(until)
        sender = self._address("from", self._value("from") or _default_sender())
        ehlo = self._value("helo") or ""
        if " " in ehlo or not ehlo.isprintable():
            raise SwaksError(
                f"swaks would say EHLO {visible_text(ehlo[:60])}: -h is the name in EHLO. A field "
                "of the header is --header 'NAME: VALUE'."
            )
        request = SwaksRequest(
            target=self._target(hello, tls, recipients),
            source=self._source(),
            hello="HELO" if hello == "HELO" else "EHLO",
            ehlo=ehlo,
            timeout=self._timeout(),
            tls=tls,
            proxy_header=self._proxy_header(),
            xclient=self._xclient(),
            login=login,
            sender=sender,
            recipients=recipients,
            pipelining=self._has("pipeline"),
            until=until,
            drops=drops,
            quiet=self._has("hide-all") or (self._values.get("silent") or "") == "3",
        )
        request = msgspec.structs.replace(request, **self._tls_details(tls))
        if login != NONE:
            request = msgspec.structs.replace(request, **self._credentials())
        if until not in _BEFORE_MESSAGE:
            request = msgspec.structs.replace(request, message=self._message(sender, recipients))
        return msgspec.structs.replace(request, notes=tuple(self._notes))

    # Values

    def _has(self, name: str) -> bool:
        return name in self._values

    def _value(self, name: str) -> str | None:
        """The value of an option given last; asked for where it has none. None if not given."""
        if name not in self._values:
            return None
        value = self._values[name]
        return value if value else self._asked(name)

    def _asked(self, name: str, *, secret: bool = False) -> str:
        if self._ask is None:
            raise SwaksError(f"--{name} needs a value.")
        return self._ask(name, secret)

    def _refuse(self) -> None:
        """Refuse what cannot be done, and note what is done in another way."""
        for option in dict.fromkeys(each.option for each in self._given):
            if option.is_done:
                continue
            raise SwaksError(f"heloscope does not do --{option.name}: {option.why}.")
        printing = [each.option for each in self._given if each.option.why == "output"]
        for option in dict.fromkeys(printing):
            self._notes.append(f"--{option.name}: {option.ours}.")

    # Where

    def _protocol(self) -> tuple[str, bool, bool, bool]:
        word = (self._values.get("protocol") or "esmtp").lower()
        if word not in _PROTOCOLS:
            raise SwaksError(f"swaks has no protocol {visible_text(word[:30])}.")
        return _PROTOCOLS[word]

    def _target(self, hello: str, tls: str, recipients: Sequence[str]) -> str:
        lmtp = hello == "LHLO"
        path, server = self._value("socket"), self._value("server")
        if path is not None:
            if server is not None:
                raise SwaksError("--server and --socket exclude each other.")
            full = os.path.abspath(os.path.expanduser(path))
            return f"{'unix' if lmtp else 'smtp+unix'}:{full}"
        port = self._value("port")
        scheme = "lmtp://" if lmtp else "smtps://" if tls == IMPLICIT else "smtp://"
        if server is None:
            return self._exchanger(recipients, scheme, port)
        host, own = _server(server)
        port = own if port is None else port
        host = f"[{host}]" if ":" in host else host
        return f"{scheme}{host}{f':{_service(port)}' if port else ''}"

    def _exchanger(self, recipients: Sequence[str], scheme: str, port: str | None) -> str:
        """The target where no server is named: the MX of the last recipient's domain."""
        address = self._value("copy-routing") or (recipients[-1] if recipients else "")
        if literal := re.search(r"@?\[(\d+\.\d+\.\d+\.\d+)\]\Z", address):
            return f"{scheme}{literal[1]}{f':{_service(port)}' if port else ''}"
        domain = address.rpartition("@")[2]
        if not domain:
            return f"{scheme}localhost{f':{_service(port)}' if port else ''}"
        if port not in (None, "25", "smtp") or scheme != "smtp://":
            raise SwaksError(
                "heloscope looks up an MX for port 25 only: name the server by --server."
            )
        return f"mx:{domain}"

    def _source(self) -> str:
        interface, port = self._value("local-interface"), self._value("local-port")
        four, six = self._has("4"), self._has("6")
        if four and six:
            raise SwaksError("-4 and -6 exclude each other.")
        host, own = _server(interface) if interface is not None else ("", "")
        if not host and (four or six or port):
            host = "::" if six else "0.0.0.0"
        if not host:
            return ""
        port = port or own
        if not port:
            return host
        return f"[{host}]:{_service(port)}" if ":" in host else f"{host}:{_service(port)}"

    def _timeout(self) -> float:
        text = self._value("timeout")
        if text is None:
            return TIMEOUT
        match = re.fullmatch(r"(\d{1,9})([hms]?)", text, re.IGNORECASE)
        if match is None:
            raise SwaksError(
                f"--timeout is a number with s, m or h, not {visible_text(text[:20])}."
            )
        return float(int(match[1]) * _UNITS[match[2].lower()]) or 7 * 24 * 3600.0

    def _end(self, tls: str) -> tuple[str, bool]:
        quits, drops = self._values.get("quit-after"), self._values.get("drop-after")
        if quits is not None and drops is not None:
            raise SwaksError("--quit-after and --drop-after exclude each other here: give one.")
        word = (quits if quits is not None else drops or "").lower()
        if not word:
            return "", False
        step = _STEPS.get(word)
        if step is None or (quits is not None and step in ("data", "message")):
            name = "--quit-after" if quits is not None else "--drop-after"
            raise SwaksError(f"{name} has no step {visible_text(word[:30])}.")
        if step == "starttls" and tls not in (OFFERED, REQUIRED, TRY):
            step = "ehlo"
        if step == "xclient" and not any(name.startswith("xclient") for name in self._values):
            step = "secured"
        return step, drops is not None

    # TLS

    def _tls(self, *, starttls: bool, at_once: bool) -> str:
        named = [
            policy
            for name, policy in (
                ("tls-on-connect", IMPLICIT), ("tls-optional-strict", OFFERED),
                ("tls-optional", TRY), ("tls", REQUIRED),
            )
            if self._has(name)
        ]  # fmt: skip
        if named:
            if len(named) > 1 and named[0] == IMPLICIT:
                raise SwaksError("--tls-on-connect and STARTTLS exclude each other.")
            if named[0] == TRY:
                self._notes.append(
                    "--tls-optional: where the handshake fails, heloscope ends; swaks goes on in "
                    "clear on a broken connection."
                )
            return named[0]
        return IMPLICIT if at_once else REQUIRED if starttls else NONE

    def _tls_details(self, tls: str) -> dict[str, object]:
        if tls == NONE:
            return {}
        sni, checked = self._value("tls-sni"), self._value("tls-verify-target")
        verify = any(self._has(f"tls-verify{more}") for more in ("", "-ca", "-host"))
        if sni and checked and sni != checked:
            raise SwaksError("heloscope has one name for SNI and for the check: give one.")
        if verify and not sni and not checked:
            self._notes.append("heloscope sends the server's name (SNI), which swaks leaves out.")
        cert, key = self._values.get("tls-cert"), self._values.get("tls-key")
        if bool(cert) != bool(key):
            raise SwaksError("--tls-cert and --tls-key go together.")
        low, high = self._versions()
        return {
            "verify": verify,
            "server_name": sni or checked or "",
            "sends_name": bool(sni) or verify,
            "ca": (self._values.get("tls-ca-path") or "") if verify else "",
            "cert": cert or "",
            "key": key or "",
            "ciphers": self._values.get("tls-cipher") or "",
            "minimum": low,
            "maximum": high,
        }

    def _versions(self) -> tuple[str, str]:
        text = self._values.get("tls-protocol")
        if not text:
            return "", ""
        words = [word.lower() for word in re.split(r",\s*", text)]
        without = [word.removeprefix("no_") for word in words if word.startswith("no_")]
        if without and len(without) != len(words):
            raise SwaksError("--tls-protocol takes versions, or versions with no_, not both.")
        wanted = [name for name in _VERSIONS if (name not in without if without else name in words)]
        order = list(_VERSIONS)
        if not wanted:
            raise SwaksError("--tls-protocol names no version of TLS that is left.")
        low, high = order.index(wanted[0]), order.index(wanted[-1])
        if high - low + 1 != len(wanted):
            raise SwaksError("heloscope limits TLS to versions in a row: no gap in --tls-protocol.")
        return _VERSIONS[wanted[0]], _VERSIONS[wanted[-1]]

    # AUTH

    def _login(self, *, required: bool) -> str:
        if self._has("auth-optional-strict"):
            return OFFERED
        if self._has("auth-optional"):
            return TRY
        named = any(self._has(name) for name in ("auth", "auth-user", "auth-password"))
        return REQUIRED if named or required else NONE

    def _credentials(self) -> dict[str, object]:
        options = ("auth", "auth-optional-strict", "auth-optional")
        text = next((self._values[each] for each in options if self._values.get(each)), "") or ""
        asked = [word.strip().upper() for word in text.split(",") if word.strip()]
        spoken = [word for word in asked if word not in _NOT_SPOKEN]
        if asked and not spoken:
            raise SwaksError(f"heloscope does not speak {visible_text(', '.join(asked))}.")
        if len(spoken) < len(asked):
            self._notes.append("heloscope does not speak DIGEST-MD5, NTLM and CRAM-SHA1.")
        user = self._values.get("auth-user") or self._asked("auth-user")
        password = self._values.get("auth-password") or self._asked("auth-password", secret=True)
        return {
            "mechanisms": tuple(spoken) or MECHANISMS,
            "user": "" if user == "<>" else user,
            "secret": Secret(b"" if password == "<>" else os.fsencode(password)),
        }

    # Before the greeting, and behind it

    def _proxy_header(self) -> bytes:
        raw = self._value("proxy")
        parts = {
            name: (self._value(f"proxy-{name}") or "").upper()
            for name in ("family", "source", "source-port", "dest", "dest-port")
        }
        version = 2 if self._values.get("proxy-version") == "2" else 1
        if raw is not None:
            if version == 2:
                raise SwaksError(
                    "heloscope builds a PROXY header of version 2 itself: give --proxy-family and "
                    "its like."
                )
            text = raw.removeprefix("PROXY ")
        elif any(parts.values()):
            local = (self._values.get("proxy-command") or "").upper() == "LOCAL"
            missing = next((name for name, value in parts.items() if not value), "")
            if missing:
                raise SwaksError(f"--proxy-{missing} is missing for the PROXY header.")
            family = {"AF_INET": "TCP4", "AF_INET6": "TCP6"}.get(parts["family"], parts["family"])
            text = (
                f"{family} {parts['source']} {parts['dest']} {parts['source-port']} "
                f"{parts['dest-port']}"
            )
            text = "LOCAL" if local and version == 2 else text
        else:
            return b""
        try:
            return proxy_header(text, version)
        except ProxyHeaderError as error:
            raise SwaksError(str(error)) from None

    def _xclient(self) -> tuple[str, ...]:
        commands: list[str] = []
        pieces: list[str] = []
        for each in self._given:
            name = each.option.name
            if name in ("xclient", "xclient-delim"):
                commands += [" ".join(pieces)] if pieces else []
                pieces = []
                commands += [each.value or ""] if name == "xclient" else []
            elif name.startswith("xclient-") and each.option.value:
                attribute = name.removeprefix("xclient-").replace("-", "_").upper()
                pieces.append(f"{attribute}={xtext(each.value or '')}")
        found = [*commands, *([" ".join(pieces)] if pieces else [])]
        return tuple(each for each in found if each)

    # Envelope and message

    def _recipients(self, until: str) -> tuple[str, ...]:
        to = self._value("to")
        server = self._has("server") or self._has("socket")
        needed = until not in _BEFORE_RECIPIENTS or not server
        if to is None and needed:
            to = self._asked("to")
        words = [to, self._value("cc"), self._value("bcc")]
        found: list[str] = []
        for text in words:
            if text is None:
                continue
            for address in text.split(","):
                if address != address.strip():
                    self._notes.append(
                        "swaks sends the blanks around an address, too; heloscope does not."
                    )
                if address.strip():
                    found.append(self._address("to", address.strip()))
        return tuple(found)

    def _address(self, name: str, text: str) -> str:
        if text in ("", "<>"):
            return ""
        if re.search(r"[<>\s\x00-\x1f\x7f]", text):
            verb = "MAIL FROM" if name == "from" else "RCPT TO"
            raise SwaksError(
                f"swaks would say {verb}:<{visible_text(text[:60])}>, which is no path: give the "
                "address alone, and a name by --header 'From: NAME <ADDRESS>'."
            )
        return text

    def _octets(self, name: str, value: str | None) -> bytes:
        """The value of an option that may name a file, or standard input."""
        text = value if value is not None else self._asked(name)
        if text == "-":
            if self._input is None:
                if self._read_input is None:
                    raise SwaksError(f"--{name} - is standard input, and there is none here.")
                self._input = self._read_input()
            return self._input
        if text.startswith("@@"):
            return os.fsencode(text[1:])
        path = Path(text.removeprefix("@")).expanduser()
        if text.startswith("@") or (name == "data" and not re.search(r"\\n|\n|%NEWLINE%", text)):
            return self._file(name, path)
        if name != "data" and len(text) < 1024 and path.is_file():
            return self._file(name, path)  # as swaks before 2024 does
        return os.fsencode(text)

    def _file(self, name: str, path: Path) -> bytes:
        from ...session.private_file import read_all, reason

        try:
            return read_all(path, 1024**3)
        except OSError as error:
            raise SwaksError(f"--{name} cannot be read: {reason(error, str(path))}.") from None

    def _message(self, sender: str, recipients: Sequence[str]) -> bytes:
        parts = self._parts()
        text = b"This is a test mailing"
        if self._has("body"):
            text = self._octets("body", self._values["body"])
        cc = os.fsencode(self._values.get("cc") or "")
        data = default_data(parts, cc)
        if self._has("data"):
            data = self._octets("data", self._values["data"])
        if self._has("no-data-fixup"):
            message = without_fixup(data)
            if message is None:
                raise SwaksError(
                    "--no-data-fixup sends the data untouched, and it does not end with a dot on a "
                    "line of its own: the server would wait for it."
                )
            return message
        to = self._values.get("to") or ",".join(recipients)
        tokens = Tokens(
            os.fsencode(sender), os.fsencode(to), formatdate(self._now, localtime=True).encode(),
            f"{os.urandom(8).hex()}@heloscope.invalid".encode(),
        )  # fmt: skip
        return message_of(
            data, body_of(text, parts), tokens,
            replaced=self._lines("header"), added=self._lines("add-header"),
            strips_from=not self._has("no-strip-from"),
        )  # fmt: skip

    def _lines(self, name: str) -> list[bytes]:
        option = OPTION_OF[name]
        return [os.fsencode(each.value or "") for each in self._given if each.option is option]

    def _parts(self) -> list[Part]:
        parts: list[Part] = []
        kind, named = b"", None
        for each in self._given:
            name, value = each.option.name, each.value
            if name == "attach-type":
                kind = os.fsencode(value or "")
            elif name == "attach-name":
                named = os.fsencode(value or "")
            elif name == "attach-body":
                parts.append(Part(self._octets(name, value), kind or b"text/plain", b"", True))
                kind, named = b"", None
            elif name == "attach":
                data = self._octets(name, value)
                path = (value or "").removeprefix("@")
                own = b"" if value == "-" or os.fsencode(value or "") == data else os.fsencode(
                    Path(path).name
                )  # fmt: skip
                kinds = (kind,) if kind else ()
                parts.append(Part(data, *kinds, name=own if named is None else named))
                named = None
        return parts


_BEFORE_RECIPIENTS = ("connect", "ehlo", "starttls", "secured", "xclient", "login", "mail")
_BEFORE_MESSAGE = (*_BEFORE_RECIPIENTS, "rcpt", "data")


def _server(text: str) -> tuple[str, str]:
    """(host, port or "") of HOST, HOST:PORT, [HOST]:PORT, HOST/PORT."""
    for pattern in (r"\[([^\]]+)\]:(.*)", r"([^:]+):([^:]+)", r"\[?([^/\]]*)\]?/(\w+)"):
        if match := re.fullmatch(pattern, text):
            return match[1], match[2]
    return text.removeprefix("[").removesuffix("]"), ""


def _service(port: str) -> int:
    if port.isascii() and port.isdigit():
        return int(port[:6])
    try:
        return socket.getservbyname(port, "tcp")
    except OSError:
        raise SwaksError(f"there is no service {visible_text(port[:30])}.") from None


def _default_sender() -> str:
    import getpass

    name = os.environ.get("LOGNAME") or getpass.getuser()
    return f"{name}@{socket.getfqdn()}"
