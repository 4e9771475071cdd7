"""Texts of large mail providers, and of filtering services that many other providers use."""

from __future__ import annotations

from .row import TextRule

PROVIDERS: tuple[TextRule, ...] = (
    TextRule(
        "gmail-bad-user",
        "Gmail",
        "5.1.1",
        "account that you tried to reach does not exist",
        after="mail",
        topic="no-user",
    ),
    TextRule(
        "gmail-inactive",
        "Gmail",
        "5.2.1",
        (
            "account that you tried to reach is inactive | account that you tried to "
            "reach is disabled"
        ),
        after="mail",
        topic="mailbox-disabled",
    ),
    TextRule(
        "gmail-quota",
        "Gmail",
        "x.2.2",
        ("inbox is out of storage space | account that you tried to reach is over quota"),
        after="mail",
        topic="mailbox-full",
    ),
    TextRule(
        "gmail-too-fast-for-user",
        "Gmail",
        "x.2.1",
        (
            "receiving mail too quickly | receiving email too quickly | receiving "
            "mail at a rate | receiving email at a rate"
        ),
        after="mail",
        topic="mailbox-busy",
    ),
    TextRule(
        "gmail-rate-ip",
        "Gmail",
        "x.7.0 x.7.1 x.7.28",
        "unusual rate of",
        after="policy",
        topic="rate",
        means=(
            "A rate limit has been reached: this IP address, network or domain sends too much "
            "mail, or too much spam, in a short time."
        ),
        try_next=(
            "Try again later, and send less mail, more slowly. Look for a compromised account or "
            "web form, and check Postmaster Tools."
        ),
    ),
    TextRule(
        "gmail-reputation",
        "Gmail",
        "",
        "very low reputation of the sending",
        after="policy",
        topic="reputation",
        try_next=(
            "Send only small amounts of mail that recipients want, authenticate it (SPF, DKIM), "
            "and check Postmaster Tools."
        ),
    ),
    TextRule(
        "gmail-spam",
        "Gmail",
        "5.7.1",
        "likely unsolicited",
        after="mail",
        topic="spam",
    ),
    TextRule(
        "gmail-hardfail",
        "Gmail",
        "5.7.26",
        "spf record with a hard fail",
        after="mail",
        topic="spf",
        means=(
            "The SPF record of the domain in MAIL FROM ends with -all and does not list this "
            "client."
        ),
    ),
    TextRule(
        "gmail-unauthenticated",
        "Gmail",
        "x.7.26",
        "authenticate with either spf or dkim",
        after="mail",
        topic="unauthenticated",
    ),
    TextRule(
        "gmail-dmarc",
        "Gmail",
        "x.7.26",
        "domain's dmarc policy",
        after="mail",
        topic="dmarc",
    ),
    TextRule(
        "gmail-ipv6",
        "Gmail",
        "5.7.1 4.7.1 550 421",
        "ipv6 sending guidelines",
        after="policy",
        topic="no-ptr",
        means=(
            "The client connected over IPv6, for which Gmail requires both a PTR record whose "
            "name resolves back to the IPv6 address and a sender that passes SPF or DKIM. One of "
            "the two is missing."
        ),
        try_next=(
            "Ask the address's provider to set its PTR record with a matching AAAA record, and "
            "set up SPF or DKIM for the sender's domain; or send over IPv4."
        ),
    ),
    TextRule(
        "gmail-no-ptr",
        "Gmail",
        "4.7.0 4.7.23 5.7.1 5.7.25",
        "ptr record",
        after="policy",
        topic="no-ptr",
    ),
    TextRule(
        "gmail-no-tls",
        "Gmail",
        "x.7.29",
        "tls",
        after="policy",
        means="TLS is required for bulk senders. This message was sent without it.",
        try_next="Send the message again after STARTTLS.",
    ),
    TextRule(
        "gmail-dmarc-missing",
        "Gmail",
        "x.7.40",
        "dmarc",
        after="mail",
        topic="dmarc-missing",
    ),
    TextRule(
        "gmail-direct",
        "Gmail",
        "5.7.1",
        "not authorized to send email directly to our servers",
        after="mail",
        topic="dynamic-address",
    ),
    TextRule(
        "gmail-bad-domain",
        "Gmail",
        "5.1.2",
        "able to find the recipient domain",
        after="mail",
        topic="no-recipient-domain",
    ),
    TextRule(
        "gmail-helo",
        "Gmail",
        "5.5.4",
        "helo/ehlo argument",
        after="helo",
        topic="helo-invalid",
    ),
    TextRule(
        "gmail-login-tries",
        "Gmail",
        "4.7.0",
        "too many login attempts",
        after="login",
        topic="login-tries",
        try_next=(
            "Wait a few minutes, then log in with a user name and password known to be correct, "
            "or with OAuth."
        ),
    ),
    TextRule(
        "gmail-relay-stage",
        "Gmail",
        "421",
        "4.7.0 try again later, closing connection",
        after="policy",
        topic="rate",
        means=(
            "The server temporarily refuses this client at its greeting. Google's page about this "
            "error mentions two causes: the name in EHLO, and the rate at which a relay sends."
        ),
        try_next=(
            "Check that the EHLO name is the client's real, fully qualified host name, send more "
            "slowly, and try again later."
        ),
    ),
    TextRule(
        "gmail-temporary",
        "Gmail",
        "4.3.0 4.7.0",
        "temporary system problem | 421 4.7.0 try again later",
        after="policy",
        topic="server-trouble",
        means=(
            "The server cannot handle this now. Google's page about this reply to EHLO mentions "
            "two causes: the EHLO name, and the rate at which a relay sends."
        ),
        try_next=(
            "Try again later. If the problem persists, check the EHLO name and send more slowly."
        ),
    ),
    TextRule(
        "gmail-dkim-required",
        "Gmail",
        "x.7.30",
        "dkim",
        after="mail",
        topic="dkim",
        means=(
            "Bulk senders must sign with DKIM here, but this message has no DKIM signature that "
            "passed."
        ),
    ),
    TextRule(
        "gmail-spf-required",
        "Gmail",
        "x.7.27",
        "spf",
        after="mail",
        topic="spf",
        means=(
            "Bulk senders must pass SPF here, but the domain in MAIL FROM has no SPF record, or "
            "its record does not list this client."
        ),
    ),
    TextRule(
        "gmail-alignment",
        "Gmail",
        "4.7.32 5.7.32",
        "from: header | aligned",
        after="mail",
        topic="alignment",
    ),
    TextRule(
        "gmail-login",
        "Gmail",
        "",
        "username and password not accepted",
        after="login",
        topic="credentials",
        try_next=(
            "Gmail does not accept the normal account password. Use an app password, which "
            "requires two-step verification (2-Step), or OAuth (XOAUTH2)."
        ),
    ),
    TextRule(
        "gmail-app-password",
        "Gmail",
        "",
        "application-specific password required | invalidsecondfactor",
        after="login",
        topic="app-password",
    ),
    TextRule(
        "gmail-web-login",
        "Gmail",
        "534 535",
        ("log in via your web browser | log in with your web browser | webloginrequired"),
        after="login",
        topic="login-web",
    ),
    TextRule(
        "gmail-malformed",
        "Gmail",
        "5.7.1",
        "not rfc 5322 compliant",
        after="mail",
        topic="bad-header",
    ),
    TextRule(
        "gmail-from-missing",
        "Gmail",
        "",
        ("missing a valid address in the from: header | missing a valid address in from: header"),
        after="mail",
        topic="bad-header",
        means="The message has no From: field with a valid address.",
        try_next="Add one From: field with an address.",
    ),
    TextRule(
        "gmail-relay-denied",
        "Gmail",
        "5.7.0 5.7.1",
        "mail relay denied | email relay denied | invalid credentials for relay",
        means="The Google Workspace relay does not recognise this client.",
        try_next=(
            "As the Workspace administrator, register the client's address or login in the relay "
            "settings."
        ),
    ),
    TextRule(
        "gmail-daily-limit",
        "Gmail",
        "5.4.5",
        "daily user sending | daily smtp relay",
        topic="daily-quota",
    ),
    TextRule(
        "gmail-syntax",
        "Gmail",
        "",
        "555 5.5.2 syntax error",
        after="MAIL RCPT",
        means=(
            "The server could not parse the command. Usually the angle brackets < > around the "
            "address are missing or misplaced.{faults}"
        ),
        try_next="Send MAIL FROM:<user@example.org> and RCPT TO:<user@example.org>.",
    ),
    TextRule(
        "gmail-big",
        "Gmail",
        "5.2.3 5.3.4",
        "exceeded google's message size limits",
        after="mail",
        topic="too-large",
    ),
    TextRule(
        "gmail-attachment",
        "Gmail",
        "5.7.0",
        "potential security issue | illegal attachment",
        after="message",
        topic="attachment",
        means=(
            "The message has content or an attachment of a kind that the provider forbids, such "
            "as programs, scripts or some archives."
        ),
    ),
    TextRule(
        "ms-blocklist",
        "Outlook.com",
        "",
        ("part of their network is on our block list | part of their network is on our blocklist"),
        after="policy",
        topic="blocked-client",
        means="The client's IP address or network is on Microsoft's own block list.",
        try_next=(
            "Request removal (delisting) at olcsupport.office.com, and check the address in SNDS."
        ),
    ),
    TextRule(
        "ms-banned-ip",
        "Exchange Online",
        "5.7.5* 5.7.6*",
        "access denied, banned sending ip | banned sender",
        after="policy",
        topic="blocked-client",
        try_next=(
            "Request delisting as the reply describes: forward the whole reply to the address "
            "given in it, or use the form at sender.office.com."
        ),
    ),
    TextRule(
        "ms-rate-reputation",
        "Outlook.com",
        "4.7.650",
        "temporarily rate limited due to ip reputation",
        after="policy",
        topic="rate",
        means="The client is rate-limited because of its reputation.",
        try_next="Send fewer messages, more slowly. Try again later, and check SNDS.",
    ),
    TextRule(
        "ms-busy",
        "Exchange Online",
        "4.7.5* 4.7.6* 4.7.7* 4.7.8*",
        "server busy | access denied, please try again later",
        after="policy",
        topic="rate",
        means="The client is rate-limited because of unusual traffic.",
        try_next="Try again later, and send less mail.",
    ),
    TextRule(
        "ms-dmarc",
        "Exchange Online",
        "5.7.509",
        "does not pass dmarc verification",
        after="mail",
        topic="dmarc",
    ),
    TextRule(
        "ms-high-volume-auth",
        "Outlook.com",
        "5.7.515",
        "access denied",
        after="mail",
        means=(
            "SPF, DKIM or DMARC is missing or did not pass. This receiver requires all three "
            "from domains that send in bulk."
        ),
        try_next="Set up all three: SPF, DKIM and DMARC.",
    ),
    TextRule(
        "ms-spf",
        "Exchange Online",
        "5.7.23",
        "sender policy framework",
        after="mail",
        topic="spf",
    ),
    TextRule(
        "ms-bad-user",
        "Exchange Online",
        "",
        ("resolver.adr.recipientnotfound | recipientnotfound; | resolver.adr.recipnotfound"),
        after="mail",
        topic="no-user",
    ),
    TextRule(
        "ms-restricted",
        "Exchange",
        "5.7.1 5.7.12* 5.7.13* 5.7.193",
        "resolver.rst | sender not authenticated for | userorgroupnotallowed",
        after="mail",
        topic="restricted-recipient",
    ),
    TextRule(
        "ms-partner-connector",
        "Exchange Online",
        "5.7.51",
        "tenantinboundattribution | partner connector",
        after="mail",
        topic="client-refused",
        means=(
            "The recipient's organisation has a connector for mail from its partners. The "
            "connector accepts only certain IP addresses or certificates, and this client's is "
            "not one of them."
        ),
        try_next=(
            "Send from an IP address or with a certificate that the connector allows, or ask the "
            "administrator of the recipient's organisation to add yours."
        ),
    ),
    TextRule(
        "ms-edge-bad-user",
        "Exchange Online",
        "5.4.1",
        "recipient address rejected: access denied",
        after="mail",
        topic="no-user",
        means=(
            "The recipient does not exist in the organisation (the server refuses "
            "unknown users at its edge), or its domain is not set up there."
        ),
        try_next=(
            "Check the spelling of the address. The recipient's administrator should check how "
            "the domain is set up (authoritative or internal relay)."
        ),
    ),
    TextRule(
        "gmx-sending",
        "GMX and WEB.DE",
        "550",
        "failure sending mail … try again later",
        after="mail",
        means=(
            "The provider will not send this message for you now. Its reply names the mailbox, "
            "but it also replies like this when an account has sent too much in a short time."
        ),
        try_next=("Check the address. Then wait half an hour, and send fewer messages at a time."),
        sure=False,
    ),
    TextRule(
        "aol-rate",
        "AOL",
        "4xx 5xx",
        "(dyn:t | (rly:b1 | (rly:b2",
        after="policy",
        topic="rate",
        sure=False,
    ),
    TextRule(
        "aol-dynamic",
        "AOL",
        "4xx 5xx",
        "(rtr:bb | (rtr:du | (rly:ir",
        after="policy",
        topic="dynamic-address",
        sure=False,
    ),
    TextRule(
        "aol-ptr",
        "AOL",
        "4xx 5xx",
        "(rtr:rd",
        after="policy",
        topic="no-ptr",
        sure=False,
    ),
    TextRule(
        "aol-blocked",
        "AOL",
        "4xx 5xx",
        "(rtr:sc | (rtr:bl | (con:b1 | (rly:bl",
        after="policy",
        topic="blocked-client",
        sure=False,
    ),
    TextRule(
        "aol-content",
        "AOL",
        "4xx 5xx",
        "(hvu:b | (rly:bd",
        after="policy",
        topic="content-policy",
        sure=False,
    ),
    TextRule(
        "netease-local-senders",
        "QQ and NetEase",
        "5xx",
        "local user only",
        after="MAIL RCPT message",
        topic="sender-needs-login",
        means=(
            "This server accepts mail only from its own users: the sender in MAIL FROM{sender} "
            "must have an account here. The recipient is not at fault."
        ),
        try_next=(
            "To reach one of this provider's recipients, connect to the domain's MX. To send "
            "through this server, use a sender that has an account here, and log in with AUTH."
        ),
    ),
    TextRule(
        "netease-mx-only",
        "QQ and NetEase",
        "5xx",
        "no smtp mx only",
        after="MAIL RCPT message",
        topic="sender-needs-login",
        means=(
            "This host is an MX: it accepts mail from other domains only. The sender in MAIL "
            "FROM{sender} belongs to the provider itself. The recipient is not at fault."
        ),
        try_next=(
            "Send with AUTH through the provider's server for mail programs (its name begins with "
            "smtp., and its port is 465 or 587), or use a sender in another domain."
        ),
    ),
    TextRule(
        "netease-session",
        "QQ and NetEase",
        "4xx",
        "mi:dmc | rp:drc",
        after="policy",
        topic="session-limit",
    ),
    TextRule(
        "netease-relay",
        "QQ and NetEase",
        "5xx",
        "rp:frl",
        after="mail",
        topic="relay",
    ),
    TextRule(
        "netease-many-recipients",
        "QQ and NetEase",
        "5xx",
        "rp:rcl | too much recipient",
        after="mail",
        topic="too-many-recipients",
    ),
    TextRule(
        "netease-day",
        "QQ and NetEase",
        "5xx",
        "mi:stc",
        after="mail",
        topic="daily-quota",
    ),
    TextRule(
        "netease-spf",
        "QQ and NetEase",
        "4xx 5xx",
        "mi:spf",
        after="mail",
        topic="spf",
    ),
    TextRule(
        "netease-dmarc",
        "QQ and NetEase",
        "4xx 5xx",
        "mi:dma",
        after="mail",
        topic="dmarc",
    ),
    TextRule(
        "netease-helo",
        "QQ and NetEase",
        "4xx 5xx",
        "mi:nhd",
        after="policy",
        topic="helo-refused",
    ),
    TextRule(
        "netease-sender-syntax",
        "QQ and NetEase",
        "4xx 5xx",
        "mi:imf",
        after="mail",
        topic="sender-refused",
        means="The sender's address does not have the form of an e-mail address.",
    ),
    TextRule(
        "netease-not-admitted",
        "QQ and NetEase",
        "4xx 5xx",
        "wm:bli | hl:ipb | ip in blacklist",
        after="policy",
        topic="blocked-client",
    ),
    TextRule(
        "netease-suspended-client",
        "QQ and NetEase",
        "4xx 5xx",
        "hl:ihu",
        after="policy",
        topic="client-spam",
    ),
    TextRule(
        "netease-sender-blocked",
        "QQ and NetEase",
        "4xx 5xx",
        "wm:blu | mi:spb | user in blacklist",
        after="mail",
        topic="sender-refused",
        means=(
            "The provider does not allow the sender in MAIL FROM{sender} to send to its users: "
            "the sender is on its block list."
        ),
    ),
    TextRule(
        "netease-envelope",
        "QQ and NetEase",
        "4xx 5xx",
        "dt:sum",
        after="message",
        topic="alignment",
        means="The address in MAIL FROM does not match the one in the message's From: field.",
        try_next="Use the same address in MAIL FROM and in From:.",
    ),
    TextRule(
        "netease-rate",
        "QQ and NetEase",
        "4xx 5xx",
        "hl:ifc | mi:sfq",
        after="policy",
        topic="rate",
    ),
    TextRule(
        "netease-connections",
        "QQ and NetEase",
        "4xx 5xx",
        "hl:icc",
        after="policy",
        topic="concurrent",
    ),
    TextRule(
        "netease-recipients",
        "QQ and NetEase",
        "4xx 5xx",
        "rp:trc | rp:qrc",
        after="policy",
        topic="rate-recipients",
        sure=False,
    ),
    TextRule(
        "netease-errors",
        "QQ and NetEase",
        "4xx 5xx",
        "mi:cel | mi:ccl | rp:cel | rp:ccl",
        after="policy",
        topic="too-many-errors",
    ),
    TextRule(
        "netease-unknown-recipients",
        "QQ and NetEase",
        "4xx 5xx",
        "hl:rep",
        after="policy",
        topic="recipients-unknown",
    ),
    TextRule(
        "netease-forged-domains",
        "QQ and NetEase",
        "4xx 5xx",
        "hl:mep",
        after="policy",
        topic="spoofed",
        means=(
            "Too much mail from this client has a forged sender domain, so the client's address "
            "is blocked for a while."
        ),
    ),
    TextRule(
        "netease-spam",
        "QQ and NetEase",
        "4xx 5xx",
        "dt:spm",
        after="message",
        topic="spam",
    ),
    TextRule(
        "netease-listed",
        "QQ and NetEase",
        "4xx 5xx",
        "dt:rbl",
        after="policy",
        topic="block-list",
        means="The client's address is on a DNS block list. The reply does not say which one.",
        try_next=(
            "Look up the address on the usual block lists: each explains why an address is listed "
            "and how to have it removed."
        ),
    ),
    TextRule(
        "outlook-rate",
        "Outlook.com",
        "421",
        "421 rp-0",
        after="policy",
        topic="rate",
        means=(
            "The client's address has reached a limit on its sending rate or its connections. The "
            "provider sets this limit according to the reputation of the address and its domain."
        ),
    ),
    TextRule(
        "outlook-no-user",
        "Outlook.com",
        "550",
        "requested action not taken: mailbox unavailable",
        after="RCPT message",
        topic="no-user",
        means="This mailbox does not exist or has been closed.",
    ),
    TextRule(
        "ms-auth-disabled-tenant",
        "Exchange Online",
        "5.7.139",
        "smtpclientauthentication is disabled for the tenant",
        after="login",
        topic="smtp-off-organisation",
    ),
    TextRule(
        "ms-auth-disabled-mailbox",
        "Exchange Online",
        "5.7.139",
        "smtpclientauthentication is disabled",
        after="login",
        topic="smtp-off-account",
    ),
    TextRule(
        "ms-auth-basic-disabled",
        "Outlook.com",
        "5.7.139",
        "basic authentication is disabled",
        after="login",
        topic="basic-off",
    ),
    TextRule(
        "ms-auth-basic-gone",
        "Exchange Online",
        "5.7.30",
        "basic authentication is not supported",
        after="login",
        topic="basic-off",
    ),
    TextRule(
        "ms-auth-policy",
        "Exchange Online",
        "5.7.139",
        "the request did not meet | security defaults | conditional access | policy",
        after="login",
        topic="login-policy",
    ),
    TextRule(
        "ms-auth-wrong",
        "Exchange Online",
        "5.7.139",
        "user credentials were incorrect",
        after="login",
        topic="credentials",
    ),
    TextRule(
        "ms-auth-failed",
        "Exchange",
        "5.7.3",
        "authentication unsuccessful",
        after="login",
        topic="credentials",
        try_next="Ask the administrator whether SMTP AUTH is enabled for this account.",
    ),
    TextRule(
        "ms-anonymous",
        "Exchange Online",
        "5.7.57",
        "not authenticated",
        topic="login-required",
    ),
    TextRule(
        "ms-submission-anonymous",
        "Exchange",
        "",
        "client was not authenticated",
        topic="login-required",
    ),
    TextRule(
        "ms-relay",
        "Exchange",
        "5.7.1 5.7.54",
        "unable to relay",
        after="mail",
        topic="relay",
    ),
    TextRule(
        "ms-attribution",
        "Exchange Online",
        "",
        "tenantattribution",
        after="mail",
        topic="relay",
        means="The hybrid connector did not recognise the sender's organisation.",
        try_next="Check the connector's address or certificate.",
    ),
    TextRule(
        "ms-send-as",
        "Exchange",
        "",
        "client does not have permissions to send as this sender | sendasdenied",
        after="mail",
        topic="sender-not-owner",
    ),
    TextRule(
        "ms-submission-limit",
        "Exchange Online",
        "5.1.* 5.2.* 5.7.*",
        (
            "exceeded the recipient rate limit | submission quota exceeded | "
            "recipientratelimit | exceeded the maximum number of recipients per day"
        ),
        topic="daily-quota",
    ),
    TextRule(
        "ms-concurrent",
        "Exchange Online",
        "432 4.3.2",
        "concurrent connections limit | sender thread limit",
        topic="concurrent",
    ),
    TextRule(
        "ms-bare-lf",
        "Exchange Online",
        "5.6.11",
        "invalid characters | barelinefeeds",
        after="mail",
        topic="bare-newline",
        means=(
            "The message contains bare LFs (without CR), and the next server does not support "
            "BDAT. Each line must end with CRLF."
        ),
    ),
    TextRule(
        "ms-loop",
        "Exchange",
        "5.4.6 5.4.14",
        "hop count exceeded | routing loop",
        after="mail",
        topic="loop",
    ),
    TextRule(
        "ms-spam-sender",
        "Exchange Online",
        "5.1.8",
        "bad outbound sender",
        after="mail",
        means="The sending account is blocked because spam was sent from it.",
        try_next=(
            "Secure the account with a new password, then ask the administrator to unblock it."
        ),
    ),
    TextRule(
        "ms-transport-rule",
        "Exchange",
        "5.7.1",
        "transport.rules.rejectmessage",
        after="mail",
        means=(
            "One of the organisation's mail flow rules (transport rules) rejects the message. The "
            "rule may check its sender, recipients, header, text or attachments."
        ),
        try_next=(
            "Ask the administrator of the recipient's organisation (or of your own, if this is "
            "your server) which rule applied."
        ),
    ),
    TextRule(
        "amazon-duplicate-header",
        "Amazon SES",
        "554",
        "transaction failed … duplicate header",
        after="message",
        topic="bad-header",
    ),
    TextRule(
        "mimecast-network",
        "Mimecast",
        "554",
        "host network not allowed",
        after="policy",
        topic="blocked-client",
    ),
    TextRule(
        "ms-forwarding",
        "Exchange Online",
        "5.7.520",
        "external forwarding",
        after="mail",
        means=(
            "The sender's organisation does not allow mail to be forwarded automatically to other "
            "organisations. A mailbox rule or setting has forwarded this message; its author is "
            "not at fault."
        ),
        try_next=(
            "Ask the administrator to allow external forwarding for this mailbox (outbound spam "
            "policy), or remove the forwarding."
        ),
    ),
    TextRule(
        "ms-address-not-accepted",
        "Exchange Online",
        "5.7.708",
        "traffic not accepted from this ip",
        after="policy",
        topic="reputation",
        means=(
            "The client's IP address has a poor reputation here: it is one of those from which "
            "new customers, including spammers, send."
        ),
        try_next=(
            "Ask the sending organisation's administrator to ask Microsoft's support to lift the "
            "block, or send through another server."
        ),
    ),
    TextRule(
        "ms-tenant-threshold",
        "Exchange Online",
        "5.7.7*",
        "tenant has exceeded threshold",
        after="mail",
        topic="daily-quota",
        means="The organisation has sent too much suspicious mail.",
        try_next="Find the compromised account, then ask Microsoft to lift the limit.",
    ),
    TextRule(
        "ms-starttls-required",
        "Exchange Online",
        "",
        "starttls is required to send mail",
        after="policy",
        topic="tls-required",
    ),
    TextRule(
        "ms-dane",
        "Exchange Online",
        "x.4.31* x.4.32* x.7.32*",
        "dane | tlsa | dnssec | starttls is required | certificate validation",
        after="mail",
        topic="next-hop-tls",
    ),
    TextRule(
        "exchange-regions",
        "Exchange Online",
        "452",
        "recipients belong to multiple regions",
        after="RCPT",
        topic="too-many-recipients",
        means=(
            "The provider handles this message's recipients in different regions, and one "
            "transaction can have recipients in only one region. The recipients already accepted "
            "remain valid."
        ),
        try_next="Send to this recipient in a separate transaction, as a mail server would.",
    ),
    TextRule(
        "exchange-sender-id",
        "Exchange",
        "550",
        "sender id (pra) | senderid … not permitted | sender id … fail",
        after="mail",
        topic="spf",
        means=(
            "Sender ID checks the SPF records of the domain in the From or Sender header field. "
            "They do not allow this client to send for that domain."
        ),
    ),
    TextRule(
        "exchange-pressure",
        "Exchange",
        "4.3.1 4.3.2",
        (
            "insufficient system resources | system not accepting network messages | "
            "insufficient system storage … resources"
        ),
        after="policy",
        topic="disk",
        means=(
            "The server is short of disk space or memory, or an administrator has paused it. It "
            "does not currently accept any message, whatever its size."
        ),
    ),
    TextRule(
        "yahoo-permanent",
        "Yahoo",
        "",
        "[tss … permanently deferred",
        after="policy",
        topic="blocked-client",
        try_next="Fix the cause (spam, complaints), then contact Yahoo's sender support.",
    ),
    TextRule(
        "yahoo-tss",
        "Yahoo",
        "4.7.0 4.7.1",
        "[ts | deferred … user complaints",
        after="policy",
        topic="rate",
        means="The client is rate-limited because of volume or complaints.",
        try_next="Try again later, send more slowly, and use the complaint feedback loop.",
    ),
    TextRule(
        "yahoo-spamhaus",
        "Yahoo",
        "5.7.1",
        "[bl2",
        after="policy",
        topic="block-list",
        try_next=(
            "Look up the address at check.spamhaus.org: the page explains why it is listed and "
            "how to have it removed."
        ),
    ),
    TextRule(
        "yahoo-unauthenticated",
        "Yahoo",
        "5.7.9",
        "sender is unauthenticated",
        after="mail",
        topic="unauthenticated",
    ),
    TextRule(
        "gmail-unauthenticated-domain",
        "Gmail",
        "5.7.1",
        "unauthenticated email is not accepted | unauthenticated email from",
        after="mail",
        topic="dmarc",
    ),
    TextRule(
        "yahoo-policy",
        "Yahoo",
        "",
        ("[ph … not accepted for policy reasons | 5.7.9 … not accepted for policy reasons"),
        after="mail",
        topic="content-policy",
        means=(
            "One of the provider's policies rejects the message because of its content or links, "
            "or because DMARC failed for the domain in From:."
        ),
        try_next=(
            "Check SPF, DKIM and DMARC for the sender's domain, then the links and attachments. "
            "The page named in the reply explains more."
        ),
    ),
    TextRule(
        "yahoo-disabled",
        "Yahoo",
        "554",
        "delivery error: dd … disabled | delivery error: dd … discontinued",
        after="mail",
        topic="mailbox-disabled",
    ),
    TextRule(
        "yahoo-no-user",
        "Yahoo",
        "",
        "delivery error: dd … account | delivery error: dd … no longer valid",
        after="mail",
        topic="no-user",
        try_next="Check the spelling of the address. If it is correct, remove it from your lists.",
    ),
    TextRule(
        "yahoo-login-tries",
        "Yahoo",
        "535",
        "too many bad auth attempts",
        after="login",
        topic="login-tries",
    ),
    TextRule(
        "icloud-policy",
        "iCloud",
        "5.7.1",
        ("[cs … message rejected due to local policy | [hm … message rejected due to local policy"),
        after="mail",
        topic="content-policy",
        means=(
            "Apple's own policy rejects the message because of its content, its links or the "
            "sender's reputation. The reply does not say which."
        ),
        try_next=(
            "Try a plain message without links. Check the sender's SPF, DKIM and DMARC, then "
            "contact Apple through the page named in the reply."
        ),
    ),
    TextRule(
        "icloud-volume",
        "iCloud",
        "4.7.1",
        "deferred due to excessive volume",
        after="policy",
        topic="mailbox-busy",
    ),
    TextRule(
        "proofpoint",
        "Proofpoint",
        "4xx 5xx",
        "proofpoint.com",
        after="policy",
        topic="reputation",
        means="The client's IP address is blocked because of its reputation at Proofpoint.",
        try_next="Look the address up at the link in the reply, and request its removal there.",
    ),
    TextRule(
        "barracuda",
        "Barracuda",
        "",
        "permanent failure for one or more recipients ( … :blocked)",
        after="mail",
        topic="filter-refuses",
        means="A Barracuda filter rejected the message or the client.",
        try_next=(
            "Ask the recipient's postmaster what the filter's log says. Check at "
            "barracudacentral.org whether the client's address is listed."
        ),
        sure=False,
    ),
    TextRule(
        "mimecast-header-sender",
        "Mimecast",
        "550",
        "rejected by header based … blocked senders",
        after="mail",
        topic="sender-refused",
        means=(
            "A policy blocks the sender's address in the message header (From:), regardless of "
            "the address in MAIL FROM."
        ),
        try_next="Ask the recipient's administrator why this sender is blocked.",
    ),
    TextRule(
        "mimecast-greylist",
        "Mimecast",
        "451",
        "internal resources are temporarily unavailable",
        after="policy",
        topic="greylist",
    ),
    TextRule(
        "cisco-reputation",
        "Cisco ESA",
        "",
        "mta's poor reputation | senderbase",
        after="policy",
        topic="reputation",
        means=(
            "The client's IP address has a poor reputation (Talos, formerly SenderBase), so the "
            "receiving system does not accept connections from it."
        ),
        try_next=(
            "Look up your IP address at talosintelligence.com and check what was sent from it. "
            "Contact the recipient another way, for example by phone, or send through another "
            "server."
        ),
    ),
    TextRule(
        "cisco-address",
        "Cisco ESA",
        "550 554",
        "5.1.0 address rejected",
        after="RCPT",
        topic="no-user",
        means=(
            "The server does not accept this recipient: the directory or recipient list that it "
            "consults does not contain the address."
        ),
    ),
    TextRule(
        "cisco-hour",
        "Cisco ESA",
        "452",
        "recipients received this hour",
        after="RCPT",
        topic="rate-recipients",
    ),
    TextRule(
        "ses-permission",
        "Amazon SES",
        "4xx 5xx",
        (
            "is not authorized to perform `ses: | not authorized to perform ses: | is "
            "not authorized to perform 'ses:"
        ),
        after="mail",
        topic="login-policy",
        means=(
            "The login is correct, but the IAM user has no permission to send as this sender: the "
            "user's policy does not allow ses:SendRawEmail for the identity named in the reply."
        ),
        try_next=(
            "Allow ses:SendRawEmail for this identity in the IAM user's policy, or use another "
            "user's SMTP credentials."
        ),
    ),
    TextRule(
        "ses-sandbox",
        "Amazon SES",
        "554",
        "email address is not verified",
        after="mail",
        means=(
            "The sender (or, in the sandbox, the recipient) is not a verified "
            "identity of this account."
        ),
        try_next=(
            "Verify the address or domain as an identity in the console, or request removal from "
            "the sandbox."
        ),
    ),
    TextRule(
        "ses-throttle",
        "Amazon SES",
        "454",
        "throttling failure: maximum sending rate",
        after="mail",
        topic="rate",
    ),
    TextRule(
        "ses-quota",
        "Amazon SES",
        "454",
        "throttling failure: daily message quota",
        after="mail",
        topic="daily-quota",
    ),
    TextRule(
        "ses-paused",
        "Amazon SES",
        "554",
        "sending paused for this account | sending suspended for this account",
        means="Sending is paused for this account.",
        try_next=(
            "Check the account's status in the console; the provider's support can lift the pause."
        ),
    ),
    TextRule(
        "sendgrid-credits",
        "SendGrid",
        "451",
        "maximum credits exceeded",
        after="login mail",
        topic="daily-quota",
        means=(
            "The account has used up the credits that its plan allows for this period. The "
            "login itself is not at fault."
        ),
        try_next="Wait until the credits are renewed (a day or a month), or upgrade the plan.",
    ),
    TextRule(
        "sendgrid-identity",
        "SendGrid",
        "550",
        "does not match a verified sender identity",
        after="mail",
        topic="sender-not-owner",
        means="The sender address is not a verified sender identity of this account.",
        try_next=(
            "Verify the address or its domain in the provider's console, or use a verified address."
        ),
    ),
    TextRule(
        "sendgrid-key",
        "SendGrid",
        "535",
        "authorization grant is invalid",
        after="login",
        means=(
            "The API key that serves as the password is invalid, has been revoked or has expired."
        ),
        try_next="Log in with the user name apikey and a valid API key as the password.",
    ),
    TextRule(
        "mailgun-sandbox",
        "Mailgun",
        "",
        "sandbox subdomains",
        means="The sandbox domain may send only to its authorised recipients.",
        try_next="Add your own domain, or add the recipient to the authorised recipients.",
    ),
    TextRule(
        "qq-sender-domain",
        "QQ and NetEase",
        "550",
        "domain may not exist or dns check failed",
        after="mail",
        topic="sender-domain",
    ),
    TextRule(
        "gmx-access-off",
        "GMX",
        "535",
        "pop3/imap access | pop3/imap zugriff | imap/pop3 access",
        after="login",
        topic="smtp-off-account",
    ),
    TextRule(
        "qq-code",
        "QQ and NetEase",
        "535 550 553",
        (
            "authorization code | authorized code | please log in with your "
            "authorization | user has no permission | "
            "service.mail.qq.com/cgi-bin/help?subtype=1&&id=28"
        ),
        after="login",
        topic="authorization-code",
    ),
    TextRule(
        "zoho-unusual",
        "Zoho",
        "5xx 4xx",
        "unusual sending activity | unusual activity",
        after="mail login",
        topic="client-spam",
        means=(
            "The provider has noticed unusual sending from this account and does not let the "
            "account send mail for a while. It does this when an account seems to have been taken "
            "over or sends in bulk."
        ),
        try_next=(
            "Check what was sent from the account, and change its password if it was not sent by "
            "you. Wait, then send more slowly, or contact the provider."
        ),
    ),
    TextRule(
        "zoho-other-sender",
        "Zoho",
        "553 554 550",
        "relaying disallowed as",
        after="mail",
        topic="sender-not-owner",
    ),
    TextRule(
        "yandex-rights",
        "Yandex",
        "535",
        "does not have access rights to this service",
        after="login",
        topic="smtp-off-account",
    ),
    TextRule(
        "mailru-app-password",
        "Mail.ru",
        "535",
        ("parol prilozheniya | application password is required | app-specific password"),
        after="login",
        topic="app-password",
    ),
    TextRule(
        "gmx-sender-dns",
        "GMX and WEB.DE",
        "5xx",
        "invalid dns mx or a",
        after="MAIL RCPT message",
        topic="sender-domain",
    ),
    TextRule(
        "gmx-policy",
        "GMX and WEB.DE",
        "554 550",
        (
            "reject due to policy … postmaster.gmx | reject due to policy … postmaster.web.de | "
            "reject due to policy … postmaster.mail.com"
        ),
        after="policy",
        topic="access-denied",
        means=("One of the provider's rules does not allow this. The reply names a page about it."),
        try_next="Open the page named in the reply: it explains this particular refusal.",
    ),
    TextRule(
        "gmx-blocked",
        "GMX and WEB.DE",
        "554",
        "nemesis esmtp service not available … block listed | nemesis … black list",
        after="policy",
        topic="blocked-client",
    ),
    TextRule(
        "gmx-no-name",
        "GMX and WEB.DE",
        "554",
        "nemesis esmtp service not available … ptr resource record",
        after="policy",
        topic="no-ptr",
    ),
    TextRule(
        "gmx-ptr",
        "GMX and WEB.DE",
        "554",
        "nemesis esmtp service not available",
        after="policy",
        means=(
            "The client's IP address is not accepted. Its reverse DNS is missing or generic (no "
            "proper PTR record), it is a dial-up address, or it has a bad reputation."
        ),
        try_next=(
            "The following lines of the reply say which. Ask the owner of the address to set a "
            "PTR record, or send through your provider's server."
        ),
        sure=False,
    ),
    TextRule(
        "t-online",
        "Telekom",
        "554",
        "none/bad reputation | ip= … a problem occurred … t-online.de",
        after="policy",
        topic="reputation",
        means=(
            "This server accepts mail from known IP addresses only, and the client's address is "
            "unknown or has a bad reputation."
        ),
        try_next=(
            "Send a message to the address given in the reply, and ask the postmaster to lift the "
            "block."
        ),
        sure=False,
    ),
)
