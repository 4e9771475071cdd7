"""Reads Exim's main log (spec.txt, chapter "Log files"): refusals and failed deliveries.

The flag ** marks a failed delivery, and == a deferred one; `rejected` marks what this server
refused a client.
"""

from __future__ import annotations

import re

from .incidents import Incident, after_of, reply_lines

_ID = r"(?P<id>\w{6}-\w{6,11}-\w{2,4})"
_UNDELIVERED = re.compile(
    _ID + r" (?P<flag>\*\*|==) (?P<to>\S{1,320})(?: \(.{0,200}?\))?(?: <[^<>]{0,320}>)?"
    r"(?P<fields>(?: [A-Z]{1,8}=(?:\"[^\"]{0,300}\"|<[^<>]{0,320}>|\S{1,320})"
    r"(?: \[[^\]]{1,80}\](?::\d{1,6})?)?){0,20})"
    r"(?: defer \((?P<errno>-?\d{1,9})\))?:? ?(?P<why>.*)",
    re.DOTALL,
)
_NEXT = re.compile(r"\bH=(?P<host>\S{1,255}(?: \[[^\]]{1,80}\])?)")
REMOTE = re.compile(
    r"SMTP error from remote (?:mail server|mailer) after (?P<after>[^:]{1,80})"
    r"(?::<(?P<path>[^<>]{0,320})>)?[^:]{0,80}: (?:host [^:]{1,200}: )?(?P<reply>[2-5]\d\d[ -].*)",
    re.DOTALL,
)
_REJECTED = re.compile(
    r"(?:(?P<client>(?:H=|\[).{1,400}?) )?(?P<how>(?:temporarily )?rejected) "
    r"(?P<what>.{1,400}?)(?:: (?P<why>.*))?\Z",
    re.DOTALL,
)
_HOST = re.compile(r"H=(?:\S{1,255} )?(?:\([^)]{0,255}\) )?\[[^\]]{1,80}\]|\[[0-9A-Fa-f.:]{3,45}\]")
_SENDER = re.compile(r"\bF=<([^<>]{0,320})>")
_PATH = re.compile(r"<([^<>]{1,320})>")
_LOGIN = re.compile(
    r"(?P<text>\S{1,60} authenticator failed for (?P<client>.{1,400}?\]): (?P<reply>[2-5]\d\d .*))"
)
_SET_ID = re.compile(r" \(set_id=(?P<user>.{0,200}?)\)\Z")
_PROBLEM = re.compile(
    r"(?P<text>(?:SMTP connection from .{1,400}? (?:lost|closed by DROP)|unexpected disconnection|"
    r"SMTP command timeout|SMTP data timeout|SMTP protocol (?:synchronization )?error|"
    r"SMTP syntax error|"
    r"SMTP call from .{1,400}? dropped|no host name found|TLS error on connection|TLS session: |"
    r"a TLS session is required|Remote host .{0,400}?closed connection|no IP address found|"
    r"Connection from .{1,400}? refused: |refused connection|host name alias list truncated|"
    r"SMTP timeout|too many connections).*)"
)
_TO_HOST = re.compile(
    r"(?:" + _ID + r" )?(?P<text>H=\S{1,255} \[[^\]]{1,80}\](?::\d{1,6})?:? "
    r"(?P<why>(?:Connection (?:refused|timed out|reset)|No route to host|Network is unreachable|"
    r"SMTP error from remote|Remote host closed|SMTP timeout|TLS ).*))"
)
_FROZEN = re.compile(_ID + r" (?P<text>(?:Message is frozen|Frozen\b|cancelled by ).*)")
_AT = re.compile(
    r"(?:\A|.{0,200}?\b)(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [+-]\d{4})? |"
    r"exim4?\[\d{1,10}\]: )"
    r"(?:\[\d{1,10}(?:\.\d{1,6})?\] )?"
)


def is_exim(line: str) -> bool:
    """Return whether a line begins like those in Exim's log: with a time, or Exim's syslog name."""
    return _AT.match(line) is not None


def of_exim(line: str, number: int) -> Incident | None:
    """Return what a line of Exim's main log reports.

    Return None if nothing went wrong, or if the line is not from Exim.
    """
    if (" ** " in line or " == " in line) and (found := _UNDELIVERED.search(line)) is not None:
        return _undelivered(found, number)
    begins = _AT.match(line)
    if begins is None:
        return None
    text = line[begins.end() :]
    if "authenticator failed" in text and (found := _LOGIN.search(text)) is not None:
        return _login(found, number)
    if (found := _TO_HOST.match(text)) is not None:
        about = f"queue ID {found['id']}" if found["id"] else ""
        if (remote := REMOTE.search(found["why"])) is not None:
            return _remote(remote, number, f"{about}, {_host(text)}".removeprefix(", "))
        return Incident(number, text=found["text"], about=about)
    if (found := _PROBLEM.search(text)) is not None:
        host = _HOST.search(found["text"])
        about = f"client {host[0].removeprefix('H=')}" if host is not None else ""
        return Incident(number, text=found["text"], about=about)
    if "rejected " in text and (found := _REJECTED.search(text)) is not None:
        return _rejected(found, text, number)
    if (found := _FROZEN.search(text)) is not None:
        return Incident(number, text=found["text"], about=f"queue ID {found['id']}")
    return None


def _host(text: str) -> str:
    found = _NEXT.search(text)
    return f"relay {found['host']}" if found is not None else ""


def _undelivered(found: re.Match[str], number: int) -> Incident:
    became = "failed" if found["flag"] == "**" else "deferred"
    to = found["to"].strip("<>:")
    why, fields = found["why"], found["fields"]
    host = _host(fields) or _host(why)
    about = ", ".join(filter(None, (f"{became}: <{to}>", host, f"queue ID {found['id']}")))
    if (remote := REMOTE.search(why)) is not None:
        return _remote(remote, number, about, to)
    return Incident(number, text=why or f"defer ({found['errno']})", about=about)


def _remote(remote: re.Match[str], number: int, about: str, to: str = "") -> Incident:
    words = remote["after"]
    recipient = to if "RCPT" in words and to else remote["path"] or ""
    after = after_of(words.replace("initial connection", "greeting").replace("pipelined ", ""),
                     sender=remote["path"] or "", recipient=recipient)  # fmt: skip
    return Incident(number, reply_lines(remote["reply"]), after, about=about)


def _rejected(found: re.Match[str], text: str, number: int) -> Incident:
    what, why = found["what"], found["why"] or ""
    client = _HOST.search(text)
    sender = _SENDER.search(text)
    path = _PATH.search(what)
    parts = [f"{found['how']} by this server"]
    if client is not None:
        parts.append(f"client {client[0].removeprefix('H=')}")
    if sender is not None:
        parts.append(f"from <{sender[1]}>")
    if path is not None and what.startswith("RCPT"):
        parts.append(f"to <{path[1]}>")
    said = f"rejected {what}: {why}" if why else f"rejected {what}"
    return Incident(number, text=said, about=", ".join(parts))


def _login(found: re.Match[str], number: int) -> Incident:
    reply = found["reply"]
    about = f"refused by this server, client {found['client']}"
    if (user := _SET_ID.search(reply)) is not None:
        reply = reply[: user.start()]
        about += f", user {user['user']}"
    return Incident(number, reply, "(auth)", about=about)
