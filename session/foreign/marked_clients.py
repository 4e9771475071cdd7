"""Reads the logs of clients that mark each line: swaks, curl, msmtp, PHPMailer, Perl and others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .bare import FACTS, read_bare
from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    DECODED,
    ERROR,
    NOTE,
    OMITTED,
    SERVER,
    TLS,
    Entries,
    Entry,
    Lines,
)  # fmt: skip
from .rules import MORE, SKIP, read_marked, rule

_SWAKS = (  # conversation comes first: nearly all lines are
    rule(r"<[-~*][ ~*] ? ?(?P<text>\d{3}(?:[ -].*)?)\Z", SERVER),
    rule(r"<(?:-|~|\*\*|~\*|\*) {1,2}(?P<text>.*)", SERVER),
    rule(r"\*\*\* Remote host closed connection", CLOSED, SERVER),
    rule(r"\*\*\*\s++(?P<text>.*)", NOTE, "error"),
    rule(r" ?[-~*][>*] ?(?P<text>.*)", CLIENT),  # a web page removes the first space
    rule(r"=== Trying ", SKIP),
    rule(r"=== Connected to (?P<host>\S+?)\.?\s*\Z", CONNECTED),
    rule(r"=== TLS started with cipher (?P<version>[^:]+):(?P<cipher>[^:\s]+)", TLS),
    rule(r"=== Connection closed with remote host", CLOSED),
    rule(r"=== (?P<text>response in .*)", NOTE, "time"),
    rule(r"===", SKIP),
)
_NO_HINTS = (
    rule(r"=== Connected to (?P<host>\S+?)\.?\s*\Z", CONNECTED),
    rule(r"=== TLS started with cipher (?P<version>[^:]+):(?P<cipher>[^:\s]+)", TLS),
    rule(r"=== Connection closed with remote host", CLOSED),
    rule(r"\*\*\* Remote host closed connection", CLOSED, SERVER),
    rule(r"(?:===|\*\*\*) ", SKIP),
)
_TRYING = re.compile(r"=== Trying (?P<host>.*?):(?P<port>\d+)\.\.\.")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}\Z")


def _is_base64(text: str) -> bool:
    return len(text) % 4 == 0 and _BASE64.match(text) is not None


def read_swaks(lines: Lines, *, wrapped: bool = False) -> Entries:
    """Read swaks output with or without its markers (-nth). The `Trying` line gives the port."""
    marked = any(re.match(r"<[-~*]| ?[-~]>", line) for line in lines)
    marked = marked or not any(re.match(r"\d{3}[ -]", line) for line in lines)  # no connection
    if marked:
        entries = read_marked(lines, _SWAKS, wrapped=wrapped, keep_cr=True)
    else:
        entries = read_bare(lines, _NO_HINTS, keep_cr=True)
    ports = iter([found for line in lines if (found := _TRYING.match(line)) is not None])
    challenged = False
    for entry in entries:
        if entry.what == CONNECTED and (trying := next(ports, None)) is not None:
            entry = entry._replace(text=f"{entry.text}:{trying['port']}")
        if entry.what == SERVER:
            challenged = entry.text.startswith("334")
            if challenged and _BASE64.match(entry.text[4:].strip()) is None:
                entry = entry._replace(marks=entry.marks | {DECODED})
        elif entry.what == CLIENT:
            if challenged and not _is_base64(entry.text.strip()):
                entry = entry._replace(marks=entry.marks | {DECODED})
            challenged = False
        yield entry


_AT = r"(?:\[?(?P<at>(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:\.\d++)?)\S*+ )?"
_CURL = (
    rule(_AT + r"\* +Connected to (?P<host>\S+) \(.*?\) port (?P<port>\d+)", CONNECTED),
    rule(_AT + r"\* .*SSL connection using (?P<version>\S+) / (?P<cipher>\S+)", TLS),
    rule(_AT + r"\* Connection #\d+ to host .* left intact", SKIP),
    rule(_AT + r"\* (?:Closing connection|shutting down connection)", CLOSED, CLIENT),
    rule(_AT + r"\* +(?P<text>.{0,200}?(?:problem: |[Ff]ail(?:ed|ure)\b|[Tt]imed out|[Dd]enied|"
         r"Could not|not supported|no alternative|does not match|\berror\b|SSL_connect: ).*)",
         NOTE, "error"),
    rule(_AT + r"\* ", SKIP),
    rule(_AT + r"\} \[(?P<text>\d+ bytes data)\]", NOTE, "upload"),
    rule(_AT + r"\{ \[", SKIP),
    rule(_AT + r"> (?P<text>.*)", CLIENT),
    rule(_AT + r"< (?P<text>.*)", SERVER),
    rule(r"(?P<text>curl: \(\d+\).*)", NOTE, "error"),
)  # fmt: skip
# The progress that curl overwrites in place, until a line of the conversation follows.
_METER = re.compile(r"[\s\d.kMG:-]*\r(?=[<>*{}] )")


def read_curl(lines: Lines) -> Entries:
    """Read the output of curl -v, or of Symfony's getDebug, which lacks curl's own lines."""
    data = False
    curl = any(line.startswith("* ") for line in lines)
    clean = [x[found.end() :] if (found := _METER.match(x)) else x for x in lines]
    for entry in read_marked(clean, _CURL, keep_cr=not curl):
        if entry.kind == "upload":
            if data:
                text = entry.text.replace(" data", " of data")
                yield entry._replace(kind=OMITTED, text=text)
            continue
        if entry.what == SERVER:
            data = entry.text.startswith("354")
        yield entry


_MSMTP = (
    rule(r"TLS session parameters:", SKIP),
    rule(r" +\((?P<version>TLS[\d.]+)\)(?:-\([^)]*\))*-\((?P<cipher>[^)]*)\)", TLS),
    rule(r"<-- (?P<text>.*)", SERVER),
    rule(r"--> ?(?P<text>.*)", CLIENT),
    rule(r"(?P<text>msmtp: .*)", NOTE, "error"),
)
_SETTING = re.compile(r"(host|port) += (\S+)")


def read_msmtp(lines: Lines) -> Entries:
    """Read the output of msmtp --debug, which shows the host and port among the settings.

    If the output went to a file, msmtp's final error comes before everything else, because
    errors are not buffered.
    """
    settings: dict[str, str] = {}
    for line in lines[:200]:
        if (found := _SETTING.match(line)) is not None:
            settings.setdefault(found[1], found[2])
    if "host" in settings:
        yield Entry(CONNECTED, f"{settings['host']}:{settings.get('port', '25')}")
    early: list[Entry] = []
    reached = False
    for entry in read_marked(lines, _MSMTP, keep_cr=True):
        if entry.kind == ERROR and not reached:
            early.append(entry)
            continue
        reached = reached or entry.said
        yield entry
    yield from early


_OPENSSL = re.compile(r"\s*error:[0-9A-F]{8}:")  # PHP's list of them, one per line
_PHP_REPLY = re.compile(r"SERVER -> CLIENT: ?(\d{3})([ -]|\Z)")
_PHP = (
    rule(r"(?:(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[\t ]++)?(?:.{0,80}?[\t ])??"
         r"SERVER -> CLIENT: ?(?P<text>.*)", SERVER),
    rule(r"(?:(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[\t ]++)?(?:.{0,80}?[\t ])??"
         r"CLIENT -> SERVER: ?(?P<text>.*)", CLIENT),
    rule(r".{0,80}?Connection: opening to (?:\w+://)?(?P<host>[^:,]+):(?P<port>\d+)", CONNECTED),
    rule(r".{0,80}?Connection: closed", CLOSED, CLIENT),
    rule(r".{0,80}?(?P<text>(?:SMTP E(?:RROR|rror): |Connection failed\. Error ).*)", NOTE,
         "error"),
    rule(r".{0,80}?SMTP -> FROM SERVER: ?(?P<text>.*)", SERVER),
    rule(r"[\t ]{20,}(?P<text>\d{3}[ -].*)", MORE),
)  # fmt: skip


def _indented(lines: Lines) -> Lines:
    """Restore the indentation of PHPMailer's reply continuation lines, which error_log strips.

    Append OpenSSL's errors to the line before them, which announces them.
    """
    found: Lines = []
    open_reply = ""  # the code of a reply that is not complete
    for line in lines:
        shown = line.rstrip("\r")
        if (reply := _PHP_REPLY.search(shown)) is not None:
            open_reply = reply[1] if reply[2] == "-" else ""
        elif open_reply and shown.startswith((f"{open_reply} ", f"{open_reply}-")):
            open_reply = open_reply if shown[3] == "-" else ""
            shown = " " * 20 + shown
        elif "CLIENT -> SERVER" in shown:
            open_reply = ""
        elif found and _OPENSSL.match(shown):
            found[-1] += f" {shown.strip()}"
            continue
        found.append(shown)
    return found


def read_phpmailer(lines: Lines) -> Entries:
    """Read PHPMailer's debug output."""
    plain = [re.sub(r"<br ?/?>\s*\Z", "", line) for line in _indented(lines)]
    yield from read_marked(plain, _PHP)


_PERL = (
    rule(r"Net::SMTP(?P<conn>)\S*?=GLOB\(0x[0-9a-f]+\)>>> ?(?P<text>.*)", CLIENT),
    rule(r"Net::SMTP\S*?=GLOB\(0x[0-9a-f]+\)<<< ?(?P<text>.*)", SERVER),
)
_SNAIL = (
    rule(r"(?>.*?s-nail: Connecting to )(?P<host>\S+?):(?P<port>\d+) .*connected", CONNECTED),
    rule(r".*?s-nail: >>> SERVER: (?P<text>.*)", SERVER),
    rule(r".*?s-nail: >>> (?P<text>.*)", CLIENT),
    rule(r".*?s-nail: (?P<text>(?:SMTP server: |\.\.\. message not sent).*)", NOTE, "error"),
)
_MUTT = (
    rule(r"(?:\[(?P<at>[^\]]*)\])?(?>.*?mutt_socket_open\(\) Connected to )(?P<host>.*?):"
         r"(?P<port>\d+)", CONNECTED),
    rule(r"(?:\[(?P<at>[^\]]*)\])?.{0,40}?mutt_socket_write_d\(\) \d+> (?P<text>.*)", CLIENT),
    rule(r"(?:\[(?P<at>[^\]]*)\])?.{0,40}?mutt_socket_readln_d\(\) \d+< (?P<text>.*)", SERVER),
)  # fmt: skip
_SWIFT = (
    rule(r"\+\+ .* stopped", CLOSED, CLIENT),
    rule(r"<< (?P<text>.*)", SERVER),
    rule(r">> (?P<text>.*)", CLIENT),
    rule(r"!! (?P<text>.*)", NOTE, "error"),
    rule(r"(?P<text>\d{3}[ -].*)", MORE),
    rule(r"(?P<text>\.)\Z", MORE),
)
_PEAR = (
    rule(r"DEBUG: Send: (?P<text>.*)", CLIENT),
    rule(r"DEBUG: Recv: (?P<text>.*)", SERVER),
)
_JAVA = (
    rule(r'DEBUG SMTP: trying to connect to host "(?P<host>[^"]*)", port:? (?P<port>\d+)',
         CONNECTED),
    rule(r"DEBUG SMTP: (?P<text>AUTH .* command trace suppressed)", NOTE, OMITTED),
    rule(r"DEBUG SMTP: (?P<text>AUTH .* failed)", NOTE, "info"),
    rule(r"DEBUG SMTP: EOF: ", CLOSED, SERVER),
    rule(r"DEBUG", SKIP),
    rule(r"(?P<text>(?:Exception in thread|\S+Exception: ).*)", NOTE, "error"),
    rule(r"\t", SKIP),
)  # fmt: skip
_MAILKIT = (
    rule(r".{0,40}?Connected to smtps?://(?P<host>[^:/]+):(?P<port>\d+)", CONNECTED),
    rule(r"(?:.{0,60}? )?(?:C|Client): ?(?P<text>.*)", CLIENT),
    rule(r"(?:.{0,60}? )?(?:S|Server): ?(?P<text>.*)", SERVER),
)
_THUNDERBIRD = (
    rule(r".{0,60}?mailnews\.smtp: Connecting to smtps?://(?P<host>[^:/]+):(?P<port>\d+)",
         CONNECTED),
    rule(r".{0,60}?mailnews\.smtp: (?P<text>Sending \d+ bytes of payload)", NOTE, OMITTED),
    rule(r".{0,60}?mailnews\.smtp: Socket closed", CLOSED),
    rule(r".{0,60}?mailnews\.smtp: S: (?P<text>.*)", SERVER),
    rule(r".{0,60}?mailnews\.smtp: C: (?P<text>.*)", CLIENT),
    rule(r"(?P<text>\d{3}[ -].*)", MORE),
)  # fmt: skip
_RFC = (
    rule(r"\s+(?:C & S|C|S): *<.*TLS negotiation>|\s+C & S: ", SKIP),
    rule(r"\s+C: ?(?P<text>.*)", CLIENT),
    rule(r"\s+S: ?(?P<text>.*)", SERVER),
)
_SENDMAIL = (
    rule(r".*\.\.\. Connecting to (?P<host>\S+?)\.? ", CONNECTED),
    rule(r"Closing connection to ", CLOSED, CLIENT),
    rule(r"\.{3,4} while talking to (?P<host>\S+?)\.?:", CONNECTED),
    rule(r">>> (?P<text>.*)", CLIENT),
    rule(r"<<< (?P<text>.*)", SERVER),
)
_S_CLIENT = (
    rule(r"CONNECTED\(|CONNECTION ESTABLISHED", CONNECTED),
    rule(r"(?:New, )?(?P<version>TLSv[\d.]+), Cipher is (?P<cipher>\S+)", TLS),
    rule(r"(?P<text>verify error:num=\d+:.*)", NOTE, "error"),
    rule(r"(?P<text>Verif(?:y return code: [1-9]\d*|ication error:) .*)", NOTE, "error"),
    rule(r"Protocol version: |Ciphersuite: |depth=|verify |Verification|read R BLOCK|DONE\Z", SKIP),
    rule(r"(?P<text>RENEGOTIATING)", NOTE, "error"),
    rule(r"KEYUPDATE|closed\Z|Server certificate|SSL-Session|Post-Handshake", SKIP),
    rule(r"(?P<text>[0-9A-F]{8,16}:error:.*)", NOTE, "error"),
)


_S_CLIENT_ASKED = re.compile(
    r".{0,100}?\bopenssl s_client .{0,300}?-connect (?P<server>[^\s]{1,300})"
)


def read_perl(lines: Lines) -> Entries:
    """Read the output of Perl's Net::SMTP with Debug => 1."""
    secured = False
    for line in lines:
        for entry in read_marked([line], _PERL, keep_cr=True):
            if not secured and line.startswith("Net::SMTP::_SSL"):
                secured = True
                yield Entry(TLS, marks=frozenset({"inferred"}))
            yield entry


def read_s_nail(lines: Lines) -> Entries:
    """Read the output of s-nail -v -v, skipping lines such as the one with the password."""
    return read_marked(lines, _SNAIL)


def read_mutt(lines: Lines) -> Entries:
    """Read the log of mutt or NeoMutt with -d 2."""
    return read_marked(lines, _MUTT, keep_cr=True)


def read_swift(lines: Lines) -> Entries:
    """Read Swift Mailer's log, which shows the end of a message after an empty `>> `."""
    if not any(line.startswith(">> ") for line in lines):
        return  # the log of another program with the same mark for the server
    empty: Entry | None = None
    for entry in read_marked(lines, _SWIFT):
        if entry.what == CLIENT and not entry.text:
            empty = entry
            continue
        if empty is not None and entry.text == ".":
            yield Entry(NOTE, "the message is not in the log", OMITTED)
        empty = None
        yield entry


def read_pear(lines: Lines) -> Entries:
    """Read the output of PEAR's Net_SMTP.

    The lines without a marker that follow `Send:` were sent as well, except an empty last one.
    """
    sending = False
    kept: list[str] = []
    for line in [*lines, "DEBUG: end"]:
        if line.startswith("DEBUG: "):
            if kept and not kept[-1].strip():
                kept.pop()
            for each in kept:
                yield Entry(CLIENT, each.rstrip("\r"))
            kept = []
            for entry in read_marked([line], _PEAR):
                sending = entry.what == CLIENT
                yield entry
        elif sending:
            kept.append(line)


def read_javamail(lines: Lines) -> Entries:
    """Read JavaMail's debug output (mail.debug)."""
    return read_bare(lines, _JAVA)


def read_mailkit(lines: Lines) -> Entries:
    """Read MailKit's ProtocolLogger and other logs that use `C: ` and `S: `."""
    return read_marked(lines, _MAILKIT)


def read_thunderbird(lines: Lines) -> Entries:
    """Read a log copied from Thunderbird's console."""
    return read_marked(lines, _THUNDERBIRD)


def read_rfc(lines: Lines) -> Entries:
    """Read a listing like those in RFCs. A line without a marker continues the preceding one."""
    before: Entry | None = None
    for raw in lines:
        line = raw.rstrip("\r")
        entry = next(iter(read_marked([line], _RFC)), None)
        if entry is not None:
            if before is not None:
                yield before
            before = entry
        elif before is not None and re.match(r"\s{4,}\S", line) and not _RFC[0].pattern.match(line):
            marks = before.marks | {"wrapped"}
            before = before._replace(text=before.text + line.strip(), marks=marks)
    if before is not None:
        yield before


def read_sendmail(lines: Lines) -> Iterable[Entry]:
    """Read the output of sendmail -v, or a failure report, where `<<< ` marks replies."""
    if any(line.startswith("<<< 220") for line in lines):
        return []  # another program with these marks: sendmail shows no greeting so
    if any(line.startswith("<<< ") for line in lines):
        return read_marked(lines, _SENDMAIL)
    replies = rule(r"(?P<text>[2-5]\d\d[ -].*)", SERVER)
    return read_marked(lines, (*_SENDMAIL, replies))


def read_s_client(lines: Lines) -> Entries:
    """Read the output of openssl s_client, where TLS started before the first line.

    The server's name is taken from the command, if the log shows it.
    """
    plain = [x for x in lines if not re.match(r"\s*(?:\d s:|i:|[0-9a-f]{4} - )|-----|Follow", x)]
    servers = [found["server"] for x in plain if (found := _S_CLIENT_ASKED.match(x)) is not None]
    for entry in read_bare(plain, _S_CLIENT):
        if entry.what == CONNECTED and not entry.text and servers:
            entry = entry._replace(text=servers.pop(0))
        yield entry


def read_telnet(lines: Lines) -> Entries:
    """Read the output of telnet, nc, ncat or smtp4dev, or a log that has lost its markers."""
    return read_bare(lines, FACTS)
