"""What combinations of words mean, for texts that no rule in the tables matches.

A reading applies if all of its words occur in one clause of the reply. The order matters: the first
reading that applies is used, so specific readings come before general ones.
"""

from __future__ import annotations

from typing import NamedTuple


class Reading(NamedTuple):
    """A topic, and the classes of words (lexicon.LEXICON) that indicate it within one clause.

    The classes in `words` are separated by spaces: `recipient/address` means that either class must
    be present, and `!client` that the class must be absent. The other fields are as in TextRule:
    `means` and `try_next` replace the sentences of the topic.
    """

    topic: str
    words: str
    after: str = ""
    codes: str = ""
    means: str = ""
    try_next: str = ""


_REFUSED = "4xx 501 521 540 541 542 543 550 551 552 553 554 556 557 570 571 572"
"""Codes of refusals that have nothing to do with the order or the syntax of commands."""
_OWN_WISH = (
    "The recipient, or a rule for this particular recipient, does not accept mail from this "
    "sender. The address itself exists, and a general filter is not the reason."
)

_NO_SPAM = (
    "The server considers this client or its sender a source of spam. The reply does not say why: "
    "it may be a block list, the reputation of the IP address, a missing PTR record, SPF or DKIM."
)

_NO_TLS_BY_RULE = (
    "One of the server's policies does not let this client start TLS, although the EHLO reply may "
    "list STARTTLS."
)
_TLS_ELSEWHERE = (
    "Ask the server's administrator which clients may use STARTTLS, or try port 465, which uses "
    "TLS from the first byte. Do not silently fall back to an unencrypted connection."
)
_RULE_FOR_MESSAGE = (
    "One of the server's policies does not allow this message. The reply does not say whether the "
    "reason is the content, the sender or this client."
)
_IN_USE = (
    "The recipient's mailbox exists but cannot be written to now: it is in use, locked, being "
    "moved or under maintenance."
)
_DISABLED_FOR_NOW = (
    "The recipient's account exists but is disabled or locked for a while. Both the reply text "
    "and the code, which begins with 4, say that this is temporary."
)
_DISABLED_TOO_LONG = (
    "Try again later. If the problem persists, contact the recipient another way, for example by "
    "phone."
)
_CLIENT_BY_RULE = (
    "One of the server's policies does not allow this client: its IP address, its name or its "
    "network. The reply does not say which rule that is. The address and the message are not at "
    "fault."
)
_SENDER_CHARACTERS = (
    "The address in MAIL FROM{sender} contains a character that the server does not accept.{faults}"
)
_OTHER_SPELLING = (
    "Check the spelling of the address, especially the part before the @. If it is correct, use "
    "another address."
)
_RECIPIENT_CHARACTERS = (
    "The address in RCPT TO contains a character that the server does not accept, whether or not "
    "RFC 5321 allows it.{faults}"
)

_OUTLIVED = (
    "This server queued the message, tried to pass it on to the next server, and gave up when the "
    "time limit was reached. Its log shows why the delivery failed."
)
_SENDER_DOMAIN_OVER = (
    "The server says that the domain of the address in MAIL FROM{sender} has been suspended or "
    "has expired."
)
_OF_ROUTING = ("x.4.*", "x.6.*")
CONTRADICTED: dict[str, tuple[str, ...]] = {
    "account-locked": ("x.3.*", "x.4.*", "x.5.*", "x.6.*"),
    "mailbox-disabled": _OF_ROUTING,
    "mailbox-full": _OF_ROUTING,
    "login-address": _OF_ROUTING,
    "credentials": _OF_ROUTING,
    "vrfy-off": _OF_ROUTING,
    "no-name": _OF_ROUTING,
    "client-refused": ("x.6.*",),
}
"""For each topic, the enhanced codes that rule it out (RFC 3463 section 3)."""
READINGS: tuple[Reading, ...] = (
    # Within AUTH
    Reading("kerberos", "ticket !mechanism", "login"),
    Reading("login-tries", "limited attempts/login", "login"),
    Reading("token-expired", "token expired/unknown/malformed", "login"),
    Reading("session-expired", "session expired !token", "login"),
    Reading("login-certificate", "certificate expired/malformed/unknown", "login", "5xx"),
    Reading("login-over-tls", "tls needed", "login"),
    Reading("login-over-tls", "in-clear", "login"),
    Reading("channel-binding", "channel-binding", "login"),
    Reading("login-address", "region", "login"),
    Reading("smtp-off-account", "smtp disabled/unsupported/blocked recipient !client", "login"),
    Reading("login-policy", "hours", "login", "5xx"),
    Reading("no-secret", "no-secret", "login"),
    Reading("account-locked", "disabled", "login", "4xx 525 530 534 535 550 553 554"),
    Reading("mechanism", "mechanism unknown/blocked/malformed/fault", "login"),
    Reading("mechanism", "mechanism unsupported", "login"),
    Reading("login-address", "client blocked", "login"),
    Reading("login-full-name", "full-name", "login", "5xx"),
    Reading("daily-quota", "quota", "login"),
    Reading("daily-quota", "limited period", "login"),
    Reading("auth-empty", "empty password/login/recipient/sender", "login", "5xx"),
    Reading("auth-base64", "decode", "login", "5xx"),
    Reading("auth-base64", "parameter malformed", "login", "5xx"),
    Reading("auth-not-offered", "login unsupported", "login", "5xx"),
    Reading("auth-not-offered", "login blocked !password", "AUTH", "500 502 503"),
    Reading("login-policy", "permission login/recipient", "login", "5xx"),
    Reading("login-policy", "login barred !malformed", "login", "5xx"),
    Reading("credentials", "login/password malformed/unknown/blocked", "login", "5xx"),
    Reading(
        "sender-at-login",
        "sender dns/verify/domain/unknown/blocked/malformed !login !password !permission",
        "login",
    ),
    Reading("login-trouble", "busy/maintenance/later !certificate", "login", "4xx"),
    Reading("login-trouble", "fault !login !certificate", "login", "4xx"),
    # Subjects with a name of their own
    Reading("greylist", "grey", "policy", "4xx"),
    Reading("tls-failed", "tls handshake fault/blocked/time", "STARTTLS start MAIL"),
    Reading("restricted-recipient", "recipient wish", "RCPT message", means=_OWN_WISH),
    Reading("restricted-recipient", "blocked wish", "RCPT message", means=_OWN_WISH),
    Reading("restricted-recipient", "wish", "RCPT message", "5xx", means=_OWN_WISH),
    Reading("bounce-to-several", "null several", "mail", "5xx"),
    Reading("dmarc", "dmarc", "mail", "4xx 5xx"),
    Reading("spf-error", "spf later fault", "policy"),
    Reading("spf-lookup", "spf dns/time/fault/later", "policy", "4xx"),
    Reading("spf", "spf", "policy", "4xx 5xx"),
    Reading("dkim", "dkim", "mail", "4xx 5xx"),
    Reading("arc", "arc fault/malformed/blocked/unknown", "message"),
    Reading("domain-block-list", "listed domain/sender/content !client", "policy"),
    Reading("block-list", "listed", "policy"),
    Reading("ptr-lookup", "ptr later fault", "policy", "4xx"),
    Reading("no-ptr", "ptr", "policy", "4xx 5xx"),
    Reading("no-ptr", "client dns unknown/needed", "policy"),
    Reading("virus", "virus", "mail", "5xx"),
    Reading("open-relay", "open-relay", "policy"),
    Reading("region", "region", "policy"),
    Reading("helo-dynamic", "name dynamic", "helo"),
    Reading("dynamic-address", "dynamic client/blocked", "policy"),
    Reading("reputation", "reputation", "policy"),
    Reading("tls-required", "tls needed", "policy", "5xx"),
    Reading("login-required", "login needed", "mail VRFY EXPN helo", "5xx"),
    Reading("login-required", "login fault/blocked/malformed", "RCPT MAIL", "5xx"),
    Reading("next-hop-tls", "tls dane", "mail"),
    Reading("client-spam", "spam/complaints !busy", "start"),
    Reading("spoofed", "spoof", "mail", "5xx"),
    Reading("tls-in-transaction", "transaction already", "STARTTLS", "5xx"),
    Reading("nested-mail", "transaction already", "RCPT DATA", "503"),
    Reading("greet-first", "name needed !recipient", "MAIL RCPT VRFY EXPN AUTH STARTTLS", "503"),
    Reading(
        "rule-blocks",
        "policy blocked",
        "STARTTLS",
        means=_NO_TLS_BY_RULE,
        try_next=_TLS_ELSEWHERE,
    ),
    # The name in EHLO
    Reading("ehlo-wanted", "name unsupported/needed !domain", "HELO", "500 502 504"),
    Reading("helo-own-name", "own-name host/name/client", "EHLO HELO LHLO", "5xx"),
    Reading("helo-own-name", "own-name name", "helo", "5xx"),
    Reading("helo-not-fqdn", "name domain needed", "helo", "5xx"),
    Reading("helo-unresolved", "name dns", "helo"),
    Reading("helo-invalid", "name malformed/unknown/fault", "EHLO HELO LHLO"),
    Reading("helo-refused", "forged", "EHLO HELO LHLO"),
    Reading("helo-refused", "name blocked/malformed/unknown/fault/forged", "helo"),
    Reading("account-locked", "account blocked/disabled", "MAIL"),
    Reading("recipients-unknown", "harvest", "policy command"),
    Reading("client-spam", "client spam/complaints !recipient", "policy"),
    Reading("client-spam", "spammer", "policy"),
    Reading("client-spam", "complaints blocked", "policy"),
    Reading("next-hop-down", "onward fault/time/expired/unreachable", "RCPT message"),
    Reading("next-hop-down", "outlived", "RCPT message", means=_OUTLIVED),
    Reading("next-hop-down", "gave-up", "RCPT message"),
    # Limits
    Reading("too-many-recipients", "one-recipient !null", "RCPT DATA message"),
    Reading("busy", "load !client", "policy command", "4xx"),
    Reading("login-tries", "many login", "start MAIL"),
    Reading("body-line", "line large/limited", "message", "5xx"),
    Reading("line-too-long", "line large", "command", "5xx"),
    Reading("loop", "loop", "mail"),
    Reading("rate", "throttled !grey", "policy"),
    Reading("recipients-unknown", "limited commands recipients", "mail"),
    Reading("too-many-errors", "limited commands"),
    Reading("session-limit", "limited session !time", "mail start RSET NOOP QUIT"),
    Reading("rate-recipients", "limited recipients period", "MAIL RCPT message"),
    Reading("too-many-recipients", "limited recipients !time", "RCPT DATA message"),
    Reading("session-limit", "time session/connection !idle", "", "4xx"),
    Reading("idle", "time connection/session/command", "", "4xx"),
    Reading("rate", "frequent connection/client"),
    Reading("concurrent", "limited connection !period"),
    Reading("mailbox-full", "full recipient", "RCPT message"),
    Reading("mailbox-full", "mailbox large/limited", "RCPT message"),
    Reading("disk", "full server", "mail start"),
    Reading("too-large", "large message/attachment !several !many", "mail", "5xx"),
    Reading("size-unacceptable", "large message !several", "mail", "4xx"),
    Reading("rate", "limited message/client/sender/period/connection", "mail start"),
    Reading("rate", "limited", "policy command", "4xx"),
    Reading("spoofed", "forged domain/client/sender/header/host/address", "mail", "5xx"),
    Reading("other-mx", "other-mx", "policy"),
    Reading("approval", "held !recipient !client", "RCPT message", "4xx"),
    # People and their addresses
    Reading("moved", "moved", "RCPT message VRFY EXPN"),
    Reading("source-route", "source-route", "MAIL RCPT"),
    Reading("address-too-long", "address large !message !line !client", "mail", "5xx"),
    Reading("relay", "not-ours !client", "RCPT", "5xx"),
    Reading(
        "restricted-recipient",
        "recipient/address restricted !client !sender",
        "RCPT message",
        "5xx",
    ),
    Reading(
        "mailbox-unavailable-now",
        "recipient in-use !limited",
        "RCPT message VRFY",
        "4xx",
        means=_IN_USE,
    ),
    Reading(
        "no-recipient-domain",
        "domain disabled",
        "RCPT",
        means="The server no longer accepts mail for this recipient's domain, or does not "
        "accept it now: the reply calls the domain inactive or suspended.",
        try_next="Contact the recipient or the domain's owner another way, for example by phone.",
    ),
    Reading(
        "mailbox-unavailable-now",
        "disabled recipient/address later !client !sender",
        "RCPT message VRFY",
        "4xx",
        means=_DISABLED_FOR_NOW,
        try_next=_DISABLED_TOO_LONG,
    ),
    Reading("mailbox-disabled", "disabled recipient", "RCPT message VRFY"),
    Reading("mailbox-disabled", "disabled address !client", "RCPT message VRFY"),
    Reading("sender-refused", "domain disabled", "MAIL", means=_SENDER_DOMAIN_OVER),
    Reading("account-locked", "disabled recipient/sender", "MAIL"),
    Reading("sender-not-owner", "sender owner", "mail"),
    Reading("sender-verify-pending", "address/sender verify fault/later", "MAIL", "4xx"),
    Reading("sender-verify", "sender verify", "mail"),
    Reading(
        "sender-syntax",
        "characters sender/address/recipient/domain/malformed",
        "MAIL",
        "5xx",
        means=_SENDER_CHARACTERS,
        try_next=_OTHER_SPELLING,
    ),
    Reading("sender-syntax", "sender/address malformed", "MAIL", "501 553 555"),
    Reading("sender-lookup", "domain/dns fault/time", "MAIL", "4xx"),
    Reading("sender-lookup", "sender domain/dns fault/time", "mail", "4xx"),
    Reading("sender-domain", "unreachable sender/domain/dns/address", "MAIL", "5xx"),
    Reading("sender-domain", "domain/dns/host unknown/fault", "MAIL"),
    Reading("sender-domain", "sender domain/dns unknown/fault", "mail"),
    Reading(
        "empty-message",
        "blank message !header !sender !recipient !attachment",
        "message",
        "5xx",
    ),
    Reading("plain-text-only", "html blocked/needed message", "message", "5xx"),
    Reading("content-policy", "header words detected/blocked", "message", "5xx"),
    Reading("content-policy", "subject detected/blocked/spam", "message", "5xx"),
    Reading("bad-header", "header/sender malformed/several", "message", "5xx"),
    Reading(
        "client-refused",
        "policy client blocked !sender !recipient",
        "policy",
        _REFUSED,
        means=_CLIENT_BY_RULE,
    ),
    Reading("client-refused", "client blocked !sender !address", "MAIL"),
    Reading(
        "sender-refused", "sender/address/domain blocked/malformed/unknown/forged", "MAIL", _REFUSED
    ),
    Reading("sender-refused", "sender blocked !recipient !client", "mail"),
    Reading("no-ptr", "domain/host unreachable", "start"),
    Reading("no-recipient-domain", "domain/host unreachable !client", "RCPT message"),
    Reading("no-recipient-domain", "unreachable !client", "RCPT", "5xx"),
    Reading("no-recipient-domain", "domain/dns unknown !recipient !client", "RCPT message"),
    Reading(
        "no-recipient-domain",
        "domain/dns fault/malformed !recipient !client",
        "RCPT message",
        "5xx",
    ),
    Reading("relay", "relay blocked/unknown/needed", "mail"),
    Reading("relay", "relay", "RCPT DATA", "5xx"),
    Reading(
        "recipient-syntax",
        "characters recipient/address/domain/malformed",
        "RCPT",
        "5xx",
        means=_RECIPIENT_CHARACTERS,
        try_next=_OTHER_SPELLING,
    ),
    Reading("recipient-syntax", "recipient/address malformed", "RCPT", "501 555"),
    Reading("no-user", "recipient/address unknown", "RCPT message VRFY"),
    Reading("recipient-pending", "recipient verify", "RCPT", "4xx"),
    Reading("no-user", "recipient verify fault", "RCPT", "5xx"),
    Reading("mailbox-unavailable-now", "recipient unavailable", "RCPT", "4xx"),
    Reading("mailbox-unavailable", "recipient/address unavailable", "RCPT message", "5xx"),
    Reading("recipient-syntax", "address/recipient malformed", "RCPT", "5xx"),
    Reading("no-name", "unknown !command", "EXPN"),
    Reading(
        "vrfy-off",
        "policy/blocked/disabled/permission",
        "VRFY EXPN",
        "550 551 553 554 5.7.*",
    ),
    # After RCPT the recipient is meant, unless something else is named
    Reading("no-user", "unknown !client !sender !server !command !message", "RCPT", "5xx"),
    Reading("mailbox-disabled", "disabled !client !sender", "RCPT", "5xx"),
    Reading("mailbox-full", "full !server", "RCPT"),
    Reading("closing", "maintenance !recipient !client", "policy command", "4xx"),
    Reading("busy", "busy", "policy", "4xx"),
    Reading("no-mail-host", "no-mail !later", "start", "5xx"),
    # The client
    Reading("client-refused", "client verify fault", "policy", "5xx"),
    Reading("client-refused", "client blocked", "policy"),
    Reading("client-refused", "client unknown/malformed", "policy", "5xx"),
    Reading("client-refused", "client verify !recipient !sender !message", "policy", _REFUSED),
    # The message
    Reading("spam", "spam", "mail"),
    Reading("spam", "score message", "message"),
    Reading(
        "attachment",
        "attachment limited",
        "message",
        "5xx",
        means="The message has more attachments, or larger ones, than the server accepts.",
        try_next="Send fewer or smaller attachments, or share the files in another way.",
    ),
    Reading("attachment", "attachment blocked", "message"),
    Reading("attachment", "attachment", "message", "5xx"),
    Reading("bare-newline", "bare line/message/malformed", "message"),
    Reading("bad-header", "eight-bit header", "message", "5xx"),
    Reading("eight-bit", "eight-bit message/blocked", "message", "5xx"),
    Reading("bad-header", "header", "message", "5xx"),
    Reading("unreadable-message", "message/mime malformed", "message", "5xx"),
    Reading("null-sender", "null blocked", "mail"),
    Reading(
        "rule-blocks",
        "policy message blocked !content !attachment !header !spam !detected",
        "message",
        _REFUSED,
        means=_RULE_FOR_MESSAGE,
    ),
    Reading("server-fault", "crash", "policy", "5xx"),
    Reading("content-policy", "policy message", "message", "5xx"),
    Reading("content-policy", "content blocked", "message", "5xx"),
    Reading("content-policy", "content/message detected", "message", "5xx"),
    Reading("client-spam", "no-spam !message", "start MAIL RCPT", _REFUSED, means=_NO_SPAM),
    Reading("rule-blocks", "policy blocked", "policy", _REFUSED),
    Reading("content-policy", "policy", "message", "5xx"),
    Reading("protocol", "protocol", "policy command", "5xx"),
    Reading("message-refused", "message blocked", "message", _REFUSED),
    # Accepted messages
    Reading("discarded", "discarded", "message", "2xx"),
    Reading("held", "held", "message", "2xx"),
    Reading("accepted-as-spam", "marked", "message", "2xx"),
    # The server
    Reading("client-refused", "connection blocked", "policy"),
    Reading("dns-trouble", "dns fault/time !name", "RCPT message", "4xx"),
    Reading("server-trouble", "fault !blocked", "policy", "4xx"),
    Reading("server-trouble", "dns", "mail", "4xx"),
    Reading("server-fault", "fault server/later/handled", "policy", "5xx"),
    Reading("rule-blocks", "policy", "MAIL RCPT start", _REFUSED),
    Reading("recipient-rule", "recipient/address/message/domain blocked", "RCPT", "x.7.1"),
    Reading("recipient-refused", "recipient/address/message/domain blocked", "RCPT", _REFUSED),
    Reading("client-refused", "blocked", "start", _REFUSED),
    Reading("rule-blocks", "blocked", "MAIL RCPT", _REFUSED),
)
