"""The text of each finding: its subject, its grade, one or two sentences, and the RFC.

`seen.py` collects the observations; `server.py` decides which rows apply, and fills in the
`{names}` in braces. Values come from the wire, so `server.py` passes them through `visible_text`.
"""

from __future__ import annotations

import msgspec

from ..facts.open_relay import CHECK, MEANS

GOOD, NOTICE, PROBLEM = "good", "notice", "problem"
GRADES = (GOOD, NOTICE, PROBLEM)


class FindingFact(msgspec.Struct, frozen=True):
    """A row of the table. `says` states the observation and what it means.

    `source` cites the document that the row is based on.
    """

    subject: str
    grade: str
    says: str
    source: str


SUBJECTS: dict[str, str] = {
    "connection": "Connection",
    "greeting": "Greeting",
    "extensions": "Extensions",
    "tls": "TLS",
    "certificate": "Certificate",
    "login": "Login",
    "vrfy": "VRFY",
    "expn": "EXPN",
    "help": "HELP",
    "pipelining": "Pipelining",
    "limits": "Limits",
    "relaying": "Relaying",
    "protocol": "Protocol",
}
"""The subjects, in the order in which they are reported, with their titles."""

FINDINGS: dict[str, FindingFact] = {
    # Connection
    "ended": FindingFact(
        "connection", PROBLEM,
        "The connection ended before all checks were made: {detail}",
        "RFC 5321 3.8",
    ),
    "no-connection": FindingFact(
        "connection", PROBLEM,
        "Connecting failed: {detail} {means}",
        "RFC 5321 3.1",
    ),
    "unanswered": FindingFact(
        "connection", PROBLEM,
        "The server did not answer {verb}, so the commands after it were not sent.",
        "RFC 5321 4.5.3.2",
    ),
    # Greeting
    "greeting": FindingFact(
        "greeting", GOOD,
        "The server greets with 220 and its name, {name}.",
        "RFC 5321 4.3.1",
    ),
    "greeting-no-name": FindingFact(
        "greeting", NOTICE,
        "The first word of the greeting, {name}, is not a full host name. Clients and logs "
        "identify the server by that name.",
        "RFC 5321 4.3.1",
    ),
    "greeting-refuses": FindingFact(
        "greeting", PROBLEM,
        "The greeting is {reply}: the server does not accept mail on this connection.",
        "RFC 5321 3.1",
    ),
    "greeting-temporary": FindingFact(
        "greeting", PROBLEM,
        "The greeting is {reply}: the server is not accepting mail now. Clients should try again "
        "later.",
        "RFC 5321 3.8, 4.5.4.1",
    ),
    "greeting-no-code": FindingFact(
        "greeting", PROBLEM,
        "The greeting has no reply code: {reply}. This may not be a mail server.",
        "RFC 5321 4.2",
    ),
    # Extensions
    "extensions": FindingFact(
        "extensions", GOOD,
        "The {verb} reply lists {count}.",
        "RFC 5321 4.1.1.1",
    ),
    "ehlo-refused": FindingFact(
        "extensions", PROBLEM,
        "EHLO is refused: {reply}. Without EHLO, there are no extensions and no TLS.",
        "RFC 5321 2.2.1",
    ),
    "lhlo-refused": FindingFact(
        "extensions", PROBLEM,
        "LHLO is refused: {reply}. LMTP has no other greeting.",
        "RFC 2033 4.1",
    ),
    "helo-only": FindingFact(
        "extensions", PROBLEM,
        "The server accepts HELO but not EHLO, so there are no extensions and no TLS.",
        "RFC 5321 2.2.1",
    ),
    "only-over-tls": FindingFact(
        "extensions", GOOD,
        "Offered only over TLS: {keywords}.",
        "RFC 3207 4.2",
    ),
    "only-in-clear": FindingFact(
        "extensions", NOTICE,
        "Offered without TLS, but not over TLS: {keywords}.",
        "RFC 3207 4.2",
    ),
    "other-over-tls": FindingFact(
        "extensions", GOOD,
        "Offered with different parameters over TLS: {keywords}.",
        "RFC 3207 4.2",
    ),
    "no-8bitmime": FindingFact(
        "extensions", NOTICE,
        "8BITMIME is not offered, so a message with 8-bit characters must be converted or "
        "returned.",
        "RFC 5321 2.4",
    ),
    "smtputf8-alone": FindingFact(
        "extensions", PROBLEM,
        "SMTPUTF8 is offered without 8BITMIME, which it requires.",
        "RFC 6531 3.1",
    ),
    "binarymime-alone": FindingFact(
        "extensions", PROBLEM,
        "BINARYMIME is offered without CHUNKING, which it requires.",
        "RFC 3030 3",
    ),
    "lmtp-lacks": FindingFact(
        "extensions", PROBLEM,
        "An LMTP server must offer PIPELINING and ENHANCEDSTATUSCODES; missing: {keywords}.",
        "RFC 2033 5",
    ),
    "overwritten": FindingFact(
        "extensions", PROBLEM,
        "Overwritten by a firewall: {keywords}. An extension hidden in this way, such as "
        "STARTTLS, cannot be used.",
        "Cisco ESMTP inspection",
    ),
    "unknown-keywords": FindingFact(
        "extensions", NOTICE,
        "Not recognised as extensions: {keywords}.",
        "RFC 5321 2.2.2",
    ),
    # TLS
    "starttls": FindingFact(
        "tls", GOOD,
        "STARTTLS leads to {version} with {cipher}.",
        "RFC 3207 4, RFC 9325 3.1.1",
    ),
    "implicit-tls": FindingFact(
        "tls", GOOD,
        "TLS starts with the first byte: {version} with {cipher}.",
        "RFC 8314 3.3, RFC 9325 3.1.1",
    ),
    "no-starttls": FindingFact(
        "tls", NOTICE,
        "STARTTLS is not offered, so anyone on the network path can read mail and logins.",
        "RFC 3207 1",
    ),
    "no-starttls-submission": FindingFact(
        "tls", PROBLEM,
        "STARTTLS is not offered on a submission port, so mail and passwords would be sent "
        "unencrypted.",
        "RFC 8314 4.1",
    ),
    "no-starttls-required": FindingFact(
        "tls", PROBLEM,
        "STARTTLS is not offered, but TLS is required here.",
        "RFC 3207 4",
    ),
    "no-starttls-local": FindingFact(
        "tls", GOOD,
        "TLS is not offered. It is not needed, because the conversation does not leave this "
        "machine.",
        "RFC 3207 1",
    ),
    "starttls-not-tried": FindingFact(
        "tls", NOTICE,
        "STARTTLS is offered but was not tried.",
        "RFC 3207 4",
    ),
    "starttls-refused": FindingFact(
        "tls", PROBLEM,
        "STARTTLS is offered but was refused: {reply}",
        "RFC 3207 4",
    ),
    "tls-failed": FindingFact("tls", PROBLEM, "{detail}", "RFC 3207 4.1"),
    "tls-old": FindingFact(
        "tls", PROBLEM,
        "The server supports at most {version}, which must no longer be used.",
        "RFC 8996 4, 5; RFC 9325 3.1.1",
    ),
    "tls-no-forward-secrecy": FindingFact(
        "tls", NOTICE,
        "{cipher} has no forward secrecy: anyone who records the conversation can read it once the "
        "server's key is known.",
        "RFC 9325 4.1",
    ),
    "tls-weak-cipher": FindingFact(
        "tls", PROBLEM,
        "{cipher} is too weak to use.",
        "RFC 9325 4.1",
    ),
    "starttls-twice": FindingFact(
        "tls", PROBLEM,
        "STARTTLS is listed again although TLS is active.",
        "RFC 3207 4.2",
    ),
    # Certificate
    "certificate": FindingFact(
        "certificate", GOOD,
        "The certificate of {name} was verified: issued by {issuer}, {key}, valid until {until} "
        "({left}).",
        "RFC 5280 6, RFC 6125 6",
    ),
    "certificate-unverified": FindingFact(
        "certificate", NOTICE,
        "The certificate of {name} was not verified, as requested: issued by {issuer}, {key}, "
        "valid until {until} ({left}).",
        "RFC 5280 6",
    ),
    "certificate-fault": FindingFact("certificate", PROBLEM, "{detail}", "RFC 5280 6, RFC 6125 6"),
    "certificate-fault-ignored": FindingFact(
        "certificate", NOTICE, "{detail}", "RFC 5280 6, RFC 6125 6",
    ),
    "certificate-looked-at": FindingFact(
        "certificate", NOTICE,
        "The certificate failed verification. The other checks were made over a second, "
        "unverified connection, without logging in.",
        "RFC 3207 4.1",
    ),
    "certificate-expires": FindingFact(
        "certificate", NOTICE,
        "The certificate expires on {until} ({left}); it should have been renewed by now.",
        "RFC 5280 4.1.2.5",
    ),
    # Login
    "login-none": FindingFact(
        "login", GOOD,
        "No login is offered, as is usual for a server that receives mail from other servers.",
        "RFC 4954 3",
    ),
    "login-none-submission": FindingFact(
        "login", NOTICE,
        "No login is offered on a submission port, where clients have to log in.",
        "RFC 6409 4.3",
    ),
    "login-not-seen": FindingFact(
        "login", NOTICE,
        "No login is offered without TLS; whether one is offered over TLS is unknown, because TLS "
        "was not established.",
        "RFC 4954 3, 4",
    ),
    "login-over-tls": FindingFact(
        "login", GOOD,
        "Login is offered only over TLS, with {mechanisms}.",
        "RFC 4954 4",
    ),
    "login-clear-readable": FindingFact(
        "login", PROBLEM,
        "Login is offered without TLS, with {mechanisms}: the password or token itself would be "
        "sent unencrypted.",
        "RFC 4954 4",
    ),
    "login-clear": FindingFact(
        "login", NOTICE,
        "Login is offered without TLS, with {mechanisms}: anyone who records an exchange can "
        "guess passwords offline.",
        "RFC 4954 9",
    ),
    "login-weak-mechanism": FindingFact(
        "login", NOTICE,
        "Weak mechanisms are offered: {mechanisms}. Anyone who records an exchange can guess "
        "passwords offline.",
        "RFC 4954 9",
    ),
    "login-no-mechanism": FindingFact(
        "login", NOTICE,
        "AUTH is listed without a mechanism, so nobody can log in.",
        "RFC 4954 3",
    ),
    # VRFY, EXPN, HELP
    "vrfy-252": FindingFact(
        "vrfy", GOOD,
        "VRFY neither confirms nor denies the name {name} (252). No non-existent name was tried: "
        "some servers, such as Postfix, refuse those with 550, which makes it possible to "
        "discover addresses.",
        "RFC 5321 7.3",
    ),
    "vrfy-252-all": FindingFact(
        "vrfy", GOOD,
        "VRFY answers 252 to {names} alike, so it neither confirms nor denies a name.",
        "RFC 5321 3.5.3, 7.3",
    ),
    "vrfy-all": FindingFact(
        "vrfy", NOTICE,
        "VRFY accepts {names} alike ({codes}), so it confirms names without checking them. A "
        "server that does not verify a name must answer 252.",
        "RFC 5321 3.5.3, 7.3",
    ),
    "vrfy-tells": FindingFact(
        "vrfy", NOTICE,
        "VRFY verifies names: it accepts {known} ({yes}) and refuses {refused} ({no}). Addresses "
        "can be discovered by guessing.",
        "RFC 5321 3.5.3, 7.3",
    ),
    "vrfy-confirms": FindingFact(
        "vrfy", NOTICE,
        "VRFY reveals whether a name exists ({reply}), so addresses can be discovered by "
        "guessing.",
        "RFC 5321 3.5.3, 7.3",
    ),
    "vrfy-unknown": FindingFact(
        "vrfy", NOTICE,
        "VRFY refuses the name {name} ({reply}), but every mail server must recognise postmaster,"
        " and one that disables VRFY must answer 252.",
        "RFC 5321 4.5.1, 7.3",
    ),
    "vrfy-missing": FindingFact(
        "vrfy", NOTICE,
        "VRFY is not implemented ({reply}), but it is part of the minimum implementation, and a "
        "server that disables it must answer 252.",
        "RFC 5321 3.5.3, 4.5.1, 7.3",
    ),
    "vrfy-later": FindingFact(
        "vrfy", GOOD,
        "VRFY is answered only after TLS or a login ({reply}), so strangers cannot use it to "
        "discover addresses.",
        "RFC 3207 4, RFC 4954 6",
    ),
    "vrfy-refused": FindingFact(
        "vrfy", NOTICE,
        "VRFY is refused ({reply}); a server that disables it must answer 252.",
        "RFC 5321 7.3",
    ),
    "expn-expands": FindingFact(
        "expn", NOTICE,
        "EXPN shows who is behind a name ({reply}), so anyone can read lists and aliases.",
        "RFC 5321 7.3",
    ),
    "expn-closed": FindingFact(
        "expn", GOOD,
        "EXPN does not expand names ({reply}).",
        "RFC 5321 3.5.3, 7.3",
    ),
    "help": FindingFact("help", GOOD, "HELP is answered ({reply}).", "RFC 5321 4.1.1.8"),
    "help-other": FindingFact(
        "help", NOTICE,
        "HELP is answered with {reply}; a reply that gives help has the code 211 or 214.",
        "RFC 5321 4.1.1.8, 4.3.2",
    ),
    "help-missing": FindingFact(
        "help", NOTICE,
        "HELP is refused ({reply}); a server should support it.",
        "RFC 5321 4.1.1.8",
    ),
    # Pipelining
    "pipelining-kept": FindingFact(
        "pipelining", GOOD,
        "PIPELINING is offered and works: {verbs}, sent together, were answered with {codes}.",
        "RFC 2920 3.2",
    ),
    "pipelining-lost": FindingFact(
        "pipelining", PROBLEM,
        "PIPELINING is offered, but of {verbs}, sent together, {count} answered: clients that "
        "send commands together wait in vain.",
        "RFC 2920 3.2",
    ),
    "pipelining-refused": FindingFact(
        "pipelining", PROBLEM,
        "PIPELINING is offered, but {verbs}, sent together, were answered with {codes}.",
        "RFC 2920 3.2",
    ),
    "pipelining-not-tried": FindingFact(
        "pipelining", GOOD,
        "PIPELINING is offered; no commands were sent together here.",
        "RFC 2920 3.1",
    ),
    "pipelining-none": FindingFact(
        "pipelining", NOTICE,
        "PIPELINING is not offered, so each command must wait for the reply to the previous one.",
        "RFC 2920 3.1",
    ),
    # Limits
    "size": FindingFact("limits", GOOD, "The server accepts {size}.", "RFC 1870 3"),
    "size-silent": FindingFact(
        "limits", GOOD,
        "SIZE is offered without stating a maximum.",
        "RFC 1870 3",
    ),
    "size-none": FindingFact(
        "limits", NOTICE,
        "SIZE is not offered, so a message that is too large is refused only after it has been "
        "sent.",
        "RFC 1870 3",
    ),
    "size-wrong": FindingFact(
        "limits", PROBLEM,
        "SIZE is offered with {size}, which is not a number of octets.",
        "RFC 1870 3",
    ),
    "limits": FindingFact("limits", GOOD, "LIMITS allows {limits}.", "RFC 9422 3"),
    # Relaying
    "relays": FindingFact(
        "relaying", NOTICE,
        f"{MEANS} {CHECK}",
        "RFC 5321 3.6.2, 7.9",
    ),
    # Protocol
    "violation": FindingFact("protocol", PROBLEM, "{title}: {why}", "{rfc}"),
    "kept": FindingFact(
        "protocol", GOOD,
        "The server broke none of the protocol rules that heloscope checks.",
        "RFC 5321 4.1, 4.2",
    ),
}  # fmt: skip
