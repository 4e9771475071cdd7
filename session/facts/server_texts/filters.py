"""Texts of block lists and filters, and texts that many servers have in common, which come last."""

from __future__ import annotations

from .row import TextRule

FILTERS: tuple[TextRule, ...] = (
    TextRule(
        "spamhaus-name",
        "Spamhaus (any server)",
        "",
        "blocked using spamhaus",
        "The client's address is on a Spamhaus list (Microsoft's wording).",
        "Look it up at check.spamhaus.org.",
    ),
    TextRule(
        "spamhaus-open-resolver",
        "Spamhaus (any server)",
        "",
        "error: open resolver;",
        (
            "The receiving server queries Spamhaus through a public resolver, which is not the "
            "sender's fault."
        ),
        "The receiving server's administrator must use a private resolver or a DQS key.",
    ),
    TextRule(
        "spamhaus-dbl",
        "Spamhaus (any server)",
        "",
        "blocked using dbl.spamhaus.org",
        "The domain is on the Spamhaus domain block list.",
        "Look it up at check.spamhaus.org.",
    ),
    TextRule(
        "spamhaus-zen",
        "Spamhaus (any server)",
        "",
        (
            "blocked using zen.spamhaus.org | blocked using sbl.spamhaus.org | blocked "
            "using xbl.spamhaus.org | blocked using pbl.spamhaus.org | blocked using "
            "sbl-xbl.spamhaus.org"
        ),
        "The client's address is on a Spamhaus list.",
        (
            "Look it up at check.spamhaus.org; if it is on the PBL, send through your "
            "provider's server."
        ),
    ),
    TextRule(
        "dnsbl-generic",
        "DNS block list (any server)",
        "",
        (
            "client host [ … blocked using  | address [ … blocked using  | is listed at  | "
            "is listed in  | is listed by  | is listed on  | found in dnsbl | found in rbl"
        ),
        "The client's address is on the block list that the text names.",
        "Look it up on the list's website.",
    ),
    TextRule(
        "rspamd-greylist",
        "Rspamd",
        "4.7.1",
        "4.7.1 try again later",
        "Temporary refusal: greylisting, or a borderline spam score.",
        "Try again from the same address in five to ten minutes.",
    ),
    TextRule(
        "rspamd-spam",
        "Rspamd",
        "5.7.1",
        "spam message rejected",
        "The message's spam score is too high.",
        "Ask the recipient's postmaster which Rspamd symbols the log shows.",
    ),
    TextRule(
        "rspamd-gtube",
        "Rspamd",
        "5.7.1",
        "gtube pattern",
        "The message contains GTUBE, the test string for spam filters.",
        "Nothing: the filter works as intended.",
    ),
    TextRule(
        "greylist-generic",
        "Greylisting (any server)",
        "",
        "greylist | graylist | grey-list | gray-list",
        "Greylisting: this sender is not known yet and must try again.",
        "Try again from the same address after five minutes or more; nothing is wrong.",
    ),
    TextRule(
        "amavis-spam",
        "amavisd",
        "5.7.0",
        "reject, id= | bounce, id=",
        "A content filter rejected the message.",
        "Ask the recipient's postmaster and quote this ID.",
        sure=False,
    ),
    TextRule(
        "policyd-spf",
        "pypolicyd-spf",
        "5.7.23",
        "spf fail",
        "SPF failed: this server may not send mail for the domain.",
        "Add the server to the domain's SPF record.",
    ),
    TextRule(
        "opendmarc",
        "OpenDMARC",
        "5.7.1",
        "rejected by dmarc policy",
        "The message failed DMARC, and the policy of the domain in From: is to reject such mail.",
        "Sign with DKIM for that domain, or send through its own servers.",
    ),
    TextRule(
        "gmail-auth-required",
        "any server",
        "530",
        "5.7.0 authentication required | 5.5.1 authentication required",
        "This is a submission port, and the client has not logged in.",
        "Log in: STARTTLS, EHLO, then AUTH.",
    ),
    TextRule(
        "starttls-first",
        "any server",
        "530",
        "must issue a starttls command first",
        "The server requires TLS (wording of Postfix, Gmail, OpenSMTPD, aiosmtpd and others).",
        "Send STARTTLS, then EHLO again.",
    ),
    TextRule(
        "any-relay",
        "any server",
        "",
        (
            "relaying denied | relay denied | relay not permitted | relaying not allowed | "
            "not permitted to relay | relay access denied"
        ),
        "This server does not accept mail for that domain from you.",
        "Log in, or connect to the MX of that domain.",
    ),
    TextRule(
        "any-full",
        "any server",
        "4xx 5xx",
        (
            "mailbox full | mailbox is full | over quota | quota exceeded | exceeded "
            "storage | insufficient mailbox storage"
        ),
        "The mailbox is full.",
        "Try again later; the recipient must free space.",
    ),
    TextRule(
        "any-user",
        "any server",
        "5xx",
        (
            "no such user | user unknown | unknown user | user not found | no such "
            "recipient | no such mailbox | recipient not found | mailbox not found | "
            "unknown recipient"
        ),
        "There is no such mailbox.",
        "Check the address.",
    ),
    TextRule(
        "any-dmarc",
        "any server",
        "4xx 5xx",
        "dmarc",
        ("The message failed the DMARC policy of the domain in From:."),
        "Check whether SPF or DKIM passes for exactly the domain in From:.",
    ),
    TextRule(
        "any-spf",
        "any server",
        "4xx 5xx",
        (
            "spf check | spf fail | failed spf | spf record | spf policy | spf validation |"
            " spf: fail | openspf."
        ),
        (
            "SPF: the sender's domain does not list this client among the servers that may "
            "send its mail."
        ),
        ("Add the client to the domain's SPF record, or send through a server in that record."),
    ),
    TextRule(
        "any-dkim",
        "any server",
        "4xx 5xx",
        "dkim",
        "DKIM: the signature is missing or invalid.",
        "Sign the message, and make sure that nothing modifies it afterwards.",
    ),
    TextRule(
        "any-rate",
        "any server",
        "4xx 5xx",
        (
            "too many connections | too many messages | rate limit | rate-limit | too many "
            "recipients | sending limit | message rate | throttl | too fast"
        ),
        "Too many connections, messages or recipients in a short time.",
        "Send less at a time, and try again later.",
    ),
    TextRule(
        "any-size",
        "any server",
        "5xx",
        (
            "too large | too big | message size exceeds | exceeds size limit | size limit "
            "exceeded | exceeds the maximum"
        ),
        "The message is larger than this server allows.",
        "Make it smaller; SIZE in the EHLO reply states the limit.",
    ),
    TextRule(
        "any-virus",
        "any server",
        "5xx",
        "virus | malware | infected",
        "A virus scanner classified the message as infected.",
        "Check the attachments; for a false positive, ask the scanner's operator.",
    ),
    TextRule(
        "any-spam",
        "any server",
        "4xx 5xx",
        "spam | unsolicited | junk mail",
        "A filter classified the message, or the client's address, as a source of spam.",
        (
            "Check content, links and authentication; ask the recipient's postmaster what the "
            "filter reports."
        ),
    ),
    TextRule(
        "any-ptr",
        "any server",
        "4xx 5xx",
        "reverse dns | ptr record | rdns | no ptr | reverse lookup",
        "The client's address has no name in DNS, or the name does not resolve back to it.",
        (
            "Set the PTR and the matching A or AAAA record, or have the owner of the address "
            "set them."
        ),
    ),
)
