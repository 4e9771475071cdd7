"""Reads the mail logs of Sendmail, Dovecot, OpenSMTPD, and the filters rspamd and amavis."""

from __future__ import annotations

import re
from collections.abc import Callable

from .incidents import Incident, after_of, reply_lines

# Sendmail
_SENDMAIL = re.compile(
    r"(?:sendmail|sm-mta|sm-msp-queue|sm-que|mta)(?:\[\d{1,10}\]|/\S{1,40})?: "
    r"(?:(?P<id>\w{6,20}): )?(?P<text>.*)"
)
_STAT = re.compile(r"\bstat=(?P<stat>.{1,1500})")
_TO = re.compile(r"(?:\A|, )to=(?P<to>[^,]{1,320})")
_RELAY = re.compile(r", relay=(?P<relay>[^,]{1,300})")
_QUOTED = re.compile(r", reply=(?P<reply>[2-5]\d\d[ -].{1,1000}?)(?=, [a-z]{2,9}=|\Z)")
_REJECTED = re.compile(r"\breject=(?P<reply>[2-5]\d\d[ -].{1,1000})")
_RULESET = re.compile(r"ruleset=(?P<ruleset>\w{1,40}), arg1=(?P<arg>[^,]{0,320})")
_MILTER = re.compile(r"Milter: (?P<what>[\w =<>@.-]{1,300}?), reject=")
_SENDMAIL_PROBLEM = re.compile(
    r"(?P<text>(?:lost input channel|timeout waiting|SYSERR|AUTH failure|rejecting connections|"
    r"possible SMTP attack|Milter .{1,200}?: (?:to error state|error)|"
    r".{1,255}? did not issue MAIL|STARTTLS=\w{1,10}, error: |DSN: |"
    r"return to sender: |\S{1,320}\.\.\. (?:Host|User|Service|Deferred|Data|Mailbox)).*)"
)
_RULESETS = {
    "check_rcpt": "RCPT", "check_mail": "MAIL", "check_relay": "greeting", "check_data": "DATA",
    "check_eoh": "end of data", "check_compat": "end of data",
}  # fmt: skip


def _of_sendmail(line: str, number: int) -> Incident | None:
    found = _SENDMAIL.search(line)
    if found is None:
        return None
    text, queued = found["text"], f"queue ID {found['id']}" if found["id"] else ""
    if (reject := _REJECTED.search(text)) is not None:
        return _sendmail_reject(text, reject["reply"], queued, number)
    if (stat := _STAT.search(text)) is not None:
        return _sendmail_delivery(text, stat["stat"], queued, number)
    if (told := _SENDMAIL_PROBLEM.match(text)) is not None:
        return Incident(number, text=told["text"], about=queued)
    return None


def _sendmail_reject(text: str, reply: str, queued: str, number: int) -> Incident:
    ruleset, milter, relay = _RULESET.search(text), _MILTER.search(text), _RELAY.search(text)
    argument = ruleset["arg"].strip("<> ") if ruleset is not None else ""
    what = _RULESETS.get(ruleset["ruleset"], "") if ruleset is not None else ""
    if milter is not None:
        what = "end of data" if milter["what"] == "data" else milter["what"]
    after = after_of(what, sender=argument, recipient=argument)
    parts = ["refused by this server"]
    if relay is not None:
        parts.append(f"client {relay['relay']}")
    if (to := _TO.search(text)) is not None or (what == "RCPT" and argument):
        parts.append(f"to <{(to['to'] if to else argument).strip('<> ')}>")
    return Incident(
        number, reply_lines(reply), after, about=", ".join(filter(None, (*parts, queued)))
    )


def _sendmail_delivery(text: str, stat: str, queued: str, number: int) -> Incident | None:
    to, relay, quoted = _TO.search(text), _RELAY.search(text), _QUOTED.search(text)
    if stat.startswith(("Sent", "queued")) or to is None:
        return None
    became = "deferred" if stat.startswith("Deferred") else "failed"
    recipient = to["to"].strip("<> ")
    parts = [f"{became}: <{recipient}>"]
    if relay is not None:
        parts.append(f"relay {relay['relay']}")
    about = ", ".join(filter(None, (*parts, queued)))
    said = stat.removeprefix("Deferred: ")
    reply = quoted["reply"] if quoted is not None else said if re.match(r"[45]\d\d ", said) else ""
    if reply:
        return Incident(number, reply_lines(reply), "", about=about)
    return Incident(number, text=stat, about=about)


# Dovecot
_DOVECOT = re.compile(
    r"(?:\A|[\s:])(?P<who>(?:lmtp|auth|auth-worker|lda|deliver|submission|submission-login|master|"
    r"config|anvil|stats|indexer-worker)(?:\([^)\s]{0,320}\))?(?:<[^<>\s]{0,200}>){0,3}): "
    r"(?P<level>Info|Warning|Error|Fatal|Panic|Debug)?(?:: )?(?P<text>.*)"
)
_DOVECOT_FAILED = re.compile(
    r"password mismatch|unknown user|auth(?:entication)? failed|auth_failed|save failed|"
    r"quota exceeded|disabled or locked|rejected|no auth attempts in [1-9]\d{2,}|can't deliver|"
    r"failed:|timed out|disallowed", re.IGNORECASE
)  # fmt: skip
_GIVEN = re.compile(
    r"(\b(?:given password|password|pass): ?|\bpass(?:word)?=)(?!mismatch)[^,)\s]{1,200}",
    re.IGNORECASE,
)
_WHO_IN_AUTH = re.compile(r"\((?P<who>[^\s(),?]{1,320}),(?P<ip>[0-9A-Fa-f.:]{3,45})")
_FIELDS = re.compile(r"\b(?P<name>user|rip)=<?(?P<value>[^<>\s,]{1,320})")


def _of_dovecot(line: str, number: int) -> Incident | None:
    found = _DOVECOT.search(line)
    if found is None or found["level"] == "Debug":
        return None
    text = _GIVEN.sub(r"\1***", found["text"])
    grave = found["level"] in ("Error", "Fatal", "Panic")
    if not grave and _DOVECOT_FAILED.search(text) is None:
        return None
    parts: list[str] = []
    who = found["who"]
    if (user := _WHO_IN_AUTH.search(text)) is not None:
        parts += [f"user {user['who']}", f"client [{user['ip']}]"]
    else:
        said = {"user": "user {}", "rip": "client [{}]"}
        parts += [said[each["name"]].format(each["value"]) for each in _FIELDS.finditer(text)]
        if (box := re.search(r"\(([^)\s]{1,320})\)", who)) and not box[1].isdigit():
            parts.append(f"to <{box[1].partition(',')[0]}>")
    parts.append(f"reported by Dovecot's {who.partition('(')[0].partition('<')[0]}")
    return Incident(number, text=text, about=", ".join(dict.fromkeys(parts)))


# OpenSMTPD
_FAILED = re.compile(
    r"\b(?P<session>[0-9a-f]{16}) smtp failed-command (?P<rest>.{0,400}?)"
    r"command=\"(?P<command>.{0,500}?)\" result=\"(?P<reply>[2-5]\d\d .{0,800}?)\"\s*\Z"
)
_HANDED = re.compile(
    r"\b(?P<session>[0-9a-f]{16}) (?P<part>mta|mda) delivery (?P<rest>.{0,1500}?)"
    r"result=\"?(?P<result>PermFail|TempFail|Failed)\"? "
    r"(?:stat|error)=\"?(?P<stat>.{0,1000}?)\"?\s*\Z"
)
_OPENSMTPD_PROBLEM = re.compile(
    r"\b(?P<session>[0-9a-f]{16}) (?P<text>(?:mta error reason=|smtp bad-input|"
    r"smtp authentication .{0,400}?"
    r"result=(?:perm|temp)?fail|(?:smtp|mta) disconnected .{0,400}?reason=\"?(?:io-error|timeout|"
    r"connection-error)).*)"
)
_NAMED = re.compile(
    r"\b(?P<name>from|rcpt|to|relay|host|address)="
    r"(?:\"(?P<quoted>[^\"]{1,320})\"|<?(?P<value>[^<>\s\"]{1,320}))"
)


def _of_opensmtpd(line: str, number: int) -> Incident | None:
    if (found := _FAILED.search(line)) is not None:
        command = found["command"]
        client = _named(found["rest"])
        about = "refused by this server"
        if "address" in client:
            about += f", client {client.get('host', '')}[{client['address']}]"
        return Incident(
            number, found["reply"], command, about=f"{about}, session {found['session']}"
        )
    if (found := _HANDED.search(line)) is not None:
        named = _named(found["rest"])
        became = "failed" if found["result"] == "PermFail" else "deferred"
        to = named.get("to") or named.get("rcpt", "")
        about = f"{became}: <{to}>" + (f", relay {named['relay']}" if "relay" in named else "")
        stat = found["stat"]
        reply = stat if re.match(r"[2-5]\d\d ", stat) else ""
        return Incident(number, reply, "", "" if reply else stat, about)
    if (found := _OPENSMTPD_PROBLEM.search(line)) is not None:
        return Incident(number, text=found["text"], about=f"session {found['session']}")
    return None


def _named(fields: str) -> dict[str, str]:
    found = _NAMED.finditer(fields)
    return {each["name"]: (each["quoted"] or each["value"]).rstrip(",") for each in found}


# Filters
_RSPAMD = re.compile(
    r"\bip: (?P<ip>[0-9A-Fa-f.:]{3,45}),.{0,1500}?\(default: [TF] \((?P<verdict>reject|"
    r"soft reject|greylist)\): \[(?P<score>[-\d.]{1,12}/[-\d.]{1,12})\]"
)
_RSPAMD_FROM = re.compile(r"\b(?P<name>from|rcpts|qid): <(?P<value>[^<>]{1,320})>")
_AMAVIS = re.compile(
    r"\((?P<id>[\w-]{3,40})\) (?P<text>Blocked [\w-]{1,30}[^{,]{0,200}(?:\{[^}]{0,200}\})?), "
    r"(?P<rest>.{0,1500})"
)
_AMAVIS_MAIL = re.compile(r"<(?P<from>[^<>]{0,320})> -> <(?P<to>[^<>]{0,320})>")
_AMAVIS_FORWARD = re.compile(
    r"\((?P<id>[\w-]{3,40})\) .{0,400}?from MTA\(\S{1,100}\): (?P<reply>[45]\d\d .{1,800})"
)


def _of_rspamd(line: str, number: int) -> Incident | None:
    found = _RSPAMD.search(line)
    if found is None:
        return None
    named = {each["name"]: each["value"] for each in _RSPAMD_FROM.finditer(line)}
    parts = [f"client [{found['ip']}]"]
    parts += [f"{word} <{named[name]}>" for name, word in (("from", "from"), ("rcpts", "to"))
              if name in named]  # fmt: skip
    if "qid" in named:
        parts.append(f"queue ID {named['qid']}")
    text = f"rspamd: {found['verdict']}, score {found['score']}"
    return Incident(number, text=text, about=", ".join(parts))


def _of_amavis(line: str, number: int) -> Incident | None:
    if (found := _AMAVIS_FORWARD.search(line)) is not None:
        return Incident(number, reply_lines(found["reply"]), "", about=f"amavis {found['id']}")
    found = _AMAVIS.search(line)
    if found is None:
        return None
    mail = _AMAVIS_MAIL.search(found["rest"])
    about = f"from <{mail['from']}>, to <{mail['to']}>" if mail is not None else ""
    return Incident(number, text=f"amavis: {found['text']}", about=about)


_READERS: tuple[tuple[tuple[str, ...], Callable[[str, int], Incident | None]], ...] = (
    (("sendmail", "sm-", "mta"), _of_sendmail),
    ((" smtp failed-command ", " delivery ", " mta error ", " smtp bad-input", " disconnected ",
      " smtp authentication "), _of_opensmtpd),
    (("(default: ",), _of_rspamd),
    ((" Blocked ", " from MTA("), _of_amavis),
    (("auth", "lmtp", "lda", "submission", "deliver", "dovecot"), _of_dovecot),
)  # fmt: skip


def of_others(line: str, number: int) -> Incident | None:
    """Return what a line of one of these logs reports.

    Return None if nothing went wrong, or if the line is from another log.
    """
    for words, read in _READERS:
        if any(word in line for word in words) and (found := read(line, number)) is not None:
            return found
    return None
