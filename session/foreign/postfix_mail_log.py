"""Reads Postfix's mail log: what smtpd and its filters refused, and what could not be delivered.

Successful deliveries are ignored. A reply is this server's own where smtpd refused something, and
the next server's where a delivery agent quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .incidents import Incident, after_of, reply_lines

# The program that a line is from, with what each logger writes after its name.
PROGRAM = re.compile(
    r"\bpostfix[\w.-]{0,40}/(?P<name>(?:[\w.-]{1,40}/){0,2}[\w-]{1,30})"
    r"(?:\[\d{1,10}\]: ?|: |[ \t]\d{1,10}[ \t]\S{1,40}[ \t](?:-|\[[^\]]{0,200}\])[ \t])"
)
_CLIENT = r"(?P<client>[^\s\[]{0,255}\[[^\]]{1,80}\](?::\d{1,6})?)"
_ENVELOPE = re.compile(r"\b(from|to)=<([^<>]{0,320})>")
_REFUSED = re.compile(
    r"(?P<id>\w{1,20}): (?:milter-)?reject: (?P<what>[A-Za-z][\w -]{1,40}?) from "
    + _CLIENT
    + r": (?P<reply>.{1,1500}?)(?:; (?=from=|proto=|helo=|to=|sasl_)(?P<rest>.*)|\Z)",
    re.DOTALL,
)
_BY_CONTENT = re.compile(
    r"(?P<id>\w{1,20}): reject: (?P<what>(?:mime-|nested-)?(?:header|body)) .{0,1000}?"
    r"(?: from (?P<client>[^\s\[]{0,255}\[[^\]]{1,80}\]))?; (?P<rest>from=.{0,800}?): "
    r"(?P<reply>(?:[45]\d\d )?[45]\.\d{1,3}\.\d{1,3} [^:]{0,500})\Z"
)
_DELIVERY = re.compile(
    r"(?P<id>\w{1,20}): to=<(?P<to>[^<>]{0,320})>, (?:orig_to=<[^<>]{0,320}>, )?"
    r"relay=(?P<relay>[^,]{1,300}),.{0,300}? status=(?P<status>[\w-]{1,20}) \((?P<why>.*)\)",
    re.DOTALL,
)
SAID = re.compile(
    r"(?:\bsaid|refused to talk to me): (?P<reply>[2-5]\d\d[ -].{0,1500}?)"
    r"(?: \(in reply to (?P<after>[^()]{1,80})\))?\Z",
    re.DOTALL,
)
_BY_THE_WAY = re.compile(
    r"(?P<id>\w{4,20}): host (?P<host>\S{1,300}) (?:said|refused to talk to)\b"
)
_EXPIRED = re.compile(
    r"(?P<id>\w{5,20}): from=<(?P<from>[^<>]{0,320})>, (?P<text>status=expired.*)"
)
_OF_CLIENT = re.compile(
    r"(?:warning: )?(?P<text>(?:lost connection|timeout|too many errors|"
    r"improper command pipelining|SSL_accept error|non-SMTP command|"
    r"TLS handshake failed)\b.{0,60}? from " + _CLIENT + r".*)"
)
_SCREENED = re.compile(
    r"(?P<text>(?:PREGREET|HANGUP|DNSBL rank|COMMAND (?:PIPELINING|TIME LIMIT|COUNT LIMIT)|"
    r"NON-SMTP COMMAND|BARE NEWLINE)\b.{0,80}?(?:from|for) \[(?P<client>[^\]]{1,80})\]\S{0,8}.*)"
)
_LOGIN = re.compile(
    r"warning: " + _CLIENT + r": (?P<text>SASL (?P<mechanism>\S{1,40}) authentication failed.*)"
)
_WARNING = re.compile(
    r"(?P<level>warning|error|fatal|panic): (?:(?P<id>[0-9A-F]{6,20}|[0-9A-Za-z]{10,20}): )?"
    r"(?P<text>.*)"
)
_CONNECTING = re.compile(
    r"(?P<id>\w{4,20}: )?(?P<text>connect to \S{1,300}: .*|"
    r"(?:lost connection|conversation) with \S{1,300} .*|"
    r"(?:SSL_connect error to|certificate verification failed for|Untrusted issuer|"
    r"server certificate verification failed for) .*)"
)
_PIPELINED = re.compile(r"(improper command pipelining after [\w-]{1,20} from [^\s:]{1,340}): .*")
# Parts whose unknown warnings are about mail; those of others are about files and settings.
_OF_MAIL = frozenset(
    ("smtpd", "smtp", "lmtp", "cleanup", "qmgr", "local", "virtual", "pipe", "tlsproxy",
     "postscreen", "master",
     "proxymap", "trivial-rewrite", "dnsblog", "error", "bounce", "anvil", "tlsmgr")
)  # fmt: skip


def of_postfix(line: str, number: int) -> Incident | None:
    """Return what a line of Postfix's log reports.

    Return None if nothing went wrong, or if the line is not from Postfix.
    """
    program = PROGRAM.search(line)
    text = line[program.end() :] if program is not None else line
    name = program["name"].rpartition("/")[2] if program is not None else ""
    for word, read in _READERS:
        if word in text and (found := read(text, number)) is not None:
            return found
    if program is None:
        return None
    for read in (_of_client, _connecting):
        if (found := read(text, number)) is not None:
            return found
    found = _WARNING.match(text)
    if found is None or (found["level"] == "warning" and name not in _OF_MAIL):
        return None
    about = f"queue ID {found['id']}" if found["id"] else f"reported by {name}"
    return Incident(number, text=f"{found['level']}: {found['text']}", about=about)


def _refused(text: str, number: int) -> Incident | None:
    found = _REFUSED.search(text) or _BY_CONTENT.search(text)
    if found is None:
        return None
    envelope: dict[str, str] = dict(_ENVELOPE.findall(found["rest"] or ""))
    sender, recipient = envelope.get("from", ""), envelope.get("to", "")
    what = found["what"]
    parts = ["refused by this server"]
    if found["client"]:
        parts.append(f"client {found['client']}")
    if "from" in envelope:
        parts.append(f"from <{sender}>")
    if recipient:
        parts.append(f"to <{recipient}>")
    if found["id"] != "NOQUEUE":
        parts.append(f"queue ID {found['id']}")
    after = after_of(what, sender=sender, recipient=recipient)
    return Incident(number, reply_lines(found["reply"]), after, about=", ".join(parts))


def _delivery(text: str, number: int) -> Incident | None:
    found = _DELIVERY.search(text)
    if found is None or found["status"] in ("sent", "deliverable"):
        return None
    relay = found["relay"]
    parts = [f"{found['status']}: <{found['to']}>", f"queue ID {found['id']}"]
    if relay != "none":
        parts.insert(1, f"relay {relay}")
    about, why = ", ".join(parts), found["why"]
    said = SAID.search(why)
    if said is None:
        return Incident(number, text=why, about=about)
    after = after_of(said["after"] or "", recipient=found["to"])
    if "refused to talk" in why:
        after = "(greeting)"
    elif "SASL authentication failed" in why:
        after = "(auth)"
    return Incident(number, reply_lines(said["reply"]), after, about=about)


def _by_the_way(text: str, number: int) -> Incident | None:
    """Return the refusal by a server, after which the next server is tried, or None."""
    found, said = _BY_THE_WAY.search(text), SAID.search(text)
    if found is None or said is None:
        return None
    after = after_of(said["after"] or "") if said["after"] else "(greeting)"
    about = f"relay {found['host']}, queue ID {found['id']}"
    return Incident(number, reply_lines(said["reply"]), after, about=about)


def _expired(text: str, number: int) -> Incident | None:
    found = _EXPIRED.search(text)
    if found is None:
        return None
    return Incident(
        number, text=found["text"], about=f"from <{found['from']}>, queue ID {found['id']}"
    )


def _login(text: str, number: int) -> Incident | None:
    found = _LOGIN.search(text)
    if found is None:
        return None
    about = f"refused by this server, client {found['client']}"
    return Incident(number, text=found["text"], about=about)


def _of_client(text: str, number: int) -> Incident | None:
    found = _OF_CLIENT.match(text) or _SCREENED.match(text)
    if found is None:
        return None
    said = _PIPELINED.sub(r"\1", found["text"])  # what was sent may be a password
    return Incident(number, text=said, about=f"client {found['client']}")


def _connecting(text: str, number: int) -> Incident | None:
    found = _CONNECTING.match(text)
    if found is None:
        return None
    about = f"queue ID {found['id'][:-2]}" if found["id"] else ""
    return Incident(number, text=found["text"], about=about)


_READERS: tuple[tuple[str, Callable[[str, int], Incident | None]], ...] = (
    ("reject: ", _refused),
    (" status=", _delivery),
    (": host ", _by_the_way),
    ("status=expired", _expired),
    ("authentication failed", _login),
)
"""For each kind of line, a text that such a line contains, and the function that reads the line."""
