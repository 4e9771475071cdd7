"""Words of block lists and filters, and those that many servers have in common, the last."""

from __future__ import annotations

from .row import TextRule

FILTERS: tuple[TextRule, ...] = (
    TextRule(
        "spamhaus-name",
        "Spamhaus (any server)",
        "",
        "blocked using spamhaus",
        "The client address is on a Spamhaus list (Microsoft words it so).",
        "Look it up at check.spamhaus.org.",
    ),
    TextRule(
        "spamhaus-open-resolver",
        "Spamhaus (any server)",
        "",
        "error: open resolver;",
        ("The receiving server asks Spamhaus through a public resolver: not the sender's fault."),
        "The receiving side uses its own resolver or a DQS key.",
    ),
    TextRule(
        "spamhaus-dbl",
        "Spamhaus (any server)",
        "",
        "blocked using dbl.spamhaus.org",
        "The domain is on a list.",
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
        "The client address is on a Spamhaus list.",
        ("Look it up at check.spamhaus.org; on the PBL: send through your provider's server."),
    ),
    TextRule(
        "dnsbl-generic",
        "DNS block list (any server)",
        "",
        (
            "client host [ … blocked using  | address [ … blocked using  | is listed at  | "
            "is listed in  | is listed by  | is listed on  | found in dnsbl | found in rbl"
        ),
        "The client address is on that list.",
        "Look it up at the list's own page.",
    ),
    TextRule(
        "rspamd-greylist",
        "Rspamd",
        "4.7.1",
        "4.7.1 try again later",
        "Soft refusal: greylisting or a spam score in the middle.",
        "Retry from the same address in five to ten minutes.",
    ),
    TextRule(
        "rspamd-spam",
        "Rspamd",
        "5.7.1",
        "spam message rejected",
        "Spam score too high.",
        "Ask the receiving side for the symbols in its log.",
    ),
    TextRule(
        "rspamd-gtube",
        "Rspamd",
        "5.7.1",
        "gtube pattern",
        "The test string for spam filters was found.",
        "The filter works.",
    ),
    TextRule(
        "greylist-generic",
        "Greylisting (any server)",
        "",
        "greylist | graylist | grey-list | gray-list",
        "First visit of this sender: come again.",
        "Retry after five minutes or more from the same address; nothing to mend.",
    ),
    TextRule(
        "amavis-spam",
        "amavisd",
        "5.7.0",
        "reject, id= | bounce, id=",
        "Content filter refused the message.",
        "Ask the receiving side with this id.",
        sure=False,
    ),
    TextRule(
        "policyd-spf",
        "pypolicyd-spf",
        "5.7.23",
        "spf fail",
        "SPF failed.",
        "Add the server to the SPF record.",
    ),
    TextRule(
        "opendmarc",
        "OpenDMARC",
        "5.7.1",
        "rejected by dmarc policy",
        "The domain in From: forbids mail that fails DMARC, and this one failed.",
        "Sign with DKIM of that domain, or send through its own servers.",
    ),
    TextRule(
        "gmail-auth-required",
        "any server",
        "530",
        "5.7.0 authentication required | 5.5.1 authentication required",
        "Submission port without login.",
        "AUTH after STARTTLS.",
    ),
    TextRule(
        "starttls-first",
        "any server",
        "530",
        "must issue a starttls command first",
        "TLS is required (Postfix, Gmail, OpenSMTPD, aiosmtpd and others).",
        "STARTTLS, then EHLO again.",
    ),
    TextRule(
        "any-relay",
        "any server",
        "",
        (
            "relaying denied | relay denied | relay not permitted | relaying not allowed | "
            "not permitted to relay | relay access denied"
        ),
        "This server does not take mail for that domain from you.",
        "Log in, or use the MX of that domain.",
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
        "Try later; the recipient has to make room.",
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
        ("DMARC: the domain in From: has a policy, and this message does not stand its check."),
        "Look whether SPF or DKIM passes for the very domain in From:.",
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
            "SPF: the domain of the sender does not name this client among those that may "
            "send for it."
        ),
        ("Add the client to the domain's SPF record, or send through a server that is in it."),
    ),
    TextRule(
        "any-dkim",
        "any server",
        "4xx 5xx",
        "dkim",
        "DKIM: the signature is missing, or does not fit the message.",
        "Sign the message; nothing may change it afterwards.",
    ),
    TextRule(
        "any-rate",
        "any server",
        "4xx 5xx",
        (
            "too many connections | too many messages | rate limit | rate-limit | too many "
            "recipients | sending limit | message rate | throttl | too fast"
        ),
        "Too much in a short time.",
        "Fewer connections, messages or recipients at a time; retry later.",
    ),
    TextRule(
        "any-size",
        "any server",
        "5xx",
        (
            "too large | too big | message size exceeds | exceeds size limit | size limit "
            "exceeded | exceeds the maximum"
        ),
        "The message is bigger than this server takes.",
        "Make it smaller; SIZE in the EHLO reply states the limit.",
    ),
    TextRule(
        "any-virus",
        "any server",
        "5xx",
        "virus | malware | infected",
        "A scanner found something that it takes for a virus.",
        "Look at the attachments; a scanner may be wrong, and its operator can tell.",
    ),
    TextRule(
        "any-spam",
        "any server",
        "4xx 5xx",
        "spam | unsolicited | junk mail",
        "A filter takes the message, or the address that it comes from, for spam.",
        ("Look at content, links and authentication; ask the receiving side what its filter says."),
    ),
    TextRule(
        "any-ptr",
        "any server",
        "4xx 5xx",
        "reverse dns | ptr record | rdns | no ptr | reverse lookup",
        "The client address has no name in DNS, or the name does not lead back.",
        "Set PTR and the matching A or AAAA record; whoever owns the address does that.",
    ),
)
