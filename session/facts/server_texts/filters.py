"""Texts of block lists, of filters, and of sender authentication (SPF, DKIM, DMARC)."""

from __future__ import annotations

from .row import TextRule

FILTERS: tuple[TextRule, ...] = (
    TextRule(
        "policyd-weight",
        "policyd-weight",
        "4xx 5xx",
        "mail appeared to be spam or forged",
        after="mail",
        topic="client-spam",
        means=(
            "The server calculates a score from the client's EHLO name, its DNS records, the "
            "sender's domain and block lists, and this score marks the client as a source of "
            "spam. The recipient is not at fault."
        ),
        try_next=(
            "Correct the EHLO name, the PTR record and the MX of the sender's domain, and have "
            "the client's address removed from any block lists that contain it."
        ),
    ),
    TextRule(
        "spamhaus-open-resolver",
        "any server",
        "",
        "error: open resolver;",
        after="policy",
        topic="open-resolver",
    ),
    TextRule(
        "spamhaus-dbl",
        "any server",
        "",
        "blocked using dbl.spamhaus.org",
        after="policy",
        topic="domain-block-list",
    ),
    TextRule(
        "dnsbl-domain",
        "any server",
        "",
        (
            "sender address [ … blocked using | blocked using … uribl | blocked using "
            "… surbl | listed in … uribl | listed in … surbl | helo command [ … "
            "blocked using | domain is listed | domain listed | your domain … listed"
        ),
        after="policy",
        topic="domain-block-list",
    ),
    TextRule(
        "spamhaus-name",
        "any server",
        "",
        "blocked using spamhaus | listing in spamhaus | listed in spamhaus | listed by spamhaus",
        after="policy",
        topic="block-list",
    ),
    TextRule(
        "spamhaus-zen",
        "any server",
        "",
        "spamhaus.org",
        after="policy",
        topic="block-list",
    ),
    TextRule(
        "list-of-its-own",
        "any server",
        "4xx 5xx",
        (
            "our blacklist | our blocklist | our block list | our internal black | our internal "
            "block | our local black | our local block | our own black | our own block | internal "
            "blacklist | internal blocklist | internal block list | local blacklist | local "
            "blocklist | local block list | private blacklist"
        ),
        after="policy",
        means=(
            "The client or the sender is on the server's own block list. No public list explains "
            "why."
        ),
        try_next="Ask the server's postmaster for the reason, and quote the whole reply.",
    ),
    TextRule(
        "greylist-generic",
        "Greylisting (any server)",
        "",
        "greylist | graylist | grey-list | gray-list | grey list | postgrey",
        after="policy",
        topic="greylist",
    ),
    TextRule(
        "dnsbl-generic",
        "DNS block list (any server)",
        "4xx 5xx",
        (
            "client host [ … blocked using  | address [ … blocked using  | blocked "
            "using  | is listed at  | is listed in  | is listed by  | is listed on  | "
            "found in dnsbl | found in rbl | in rbl | rbl:  | "
            "barracudanetworks.com/reputation | spamcop | sorbs | uceprotect"
        ),
        after="policy",
        topic="block-list",
    ),
    TextRule(
        "dnsbl-words",
        "DNS block list (any server)",
        "4xx 5xx",
        "dnsbl | blacklisted | black list | blocklist | block list | blacklist | block-list",
        after="policy",
        topic="block-list",
        weak=True,
    ),
    TextRule(
        "rspamd-spam",
        "Rspamd",
        "5.7.1",
        "spam message rejected",
        after="mail",
        topic="spam",
        try_next=(
            "Ask the recipient's postmaster which of the filter's rules matched (with Rspamd, the "
            "symbols in its log). Check the content, the links, SPF and DKIM."
        ),
    ),
    TextRule(
        "rspamd-gtube",
        "any filter",
        "",
        "gtube",
        after="mail",
        topic="spam",
        means=(
            "The message contains GTUBE, the test string for spam filters, so the filter is "
            "working as intended."
        ),
        try_next="Nothing is wrong. Omit the string from real messages.",
    ),
    TextRule(
        "greylist-words",
        "any server",
        "4xx",
        (
            "first time | try again in  | deferred for  | please retry in | seconds | "
            "come back later | not yet authorized to deliver | you are being delayed"
        ),
        after="MAIL RCPT DATA message",
        topic="greylist",
        means=(
            "This temporary refusal is deliberate: the server has not seen this combination of "
            "client, sender and recipient before, or another rule delays the message. Nothing is "
            "wrong with the message."
        ),
        weak=True,
    ),
    TextRule(
        "amavis-trouble",
        "amavisd",
        "4.5.0",
        "error in processing, id=",
        after="mail",
        topic="server-trouble",
    ),
    TextRule(
        "amavis-header",
        "amavisd",
        "5.6.0",
        ", id= … bad_header | , id= … bad-header",
        after="mail",
        topic="bad-header",
    ),
    TextRule(
        "amavis-virus",
        "amavisd",
        "5.7.0",
        "infected | virus",
        after="mail",
        topic="virus",
    ),
    TextRule(
        "amavis-banned",
        "amavisd",
        "5.7.0",
        "- banned",
        after="mail",
        topic="attachment",
    ),
    TextRule(
        "amavis-spam",
        "amavisd",
        "5.7.0",
        "reject, id= | bounce, id=",
        after="mail",
        topic="spam",
        means=(
            "A content filter rejected the message as spam, or because another of its rules "
            "matched."
        ),
        try_next=(
            "Contact the recipient's postmaster, and quote the ID in the reply. The filter's log "
            "shows which rules matched."
        ),
        sure=False,
    ),
    TextRule(
        "spf-error",
        "any server",
        "",
        (
            "spf permerror | spf temperror | permanent error in processing … spf | "
            "spf permanent error | too many dns lookups | "
            "4.7.24 | 5.7.24 | spf … servfail | spf … temporary error | spf … dns timeout"
        ),
        after="mail",
        topic="spf-error",
    ),
    TextRule(
        "policyd-spf",
        "pypolicyd-spf",
        "5.7.23",
        "spf fail",
        after="mail",
        topic="spf",
    ),
    TextRule(
        "opendmarc",
        "OpenDMARC",
        "5.7.1",
        "rejected by dmarc policy",
        after="mail",
        topic="dmarc",
    ),
    TextRule(
        "dmarc-record",
        "any server",
        "4xx 5xx",
        "error evaluating dmarc | error evaluating the dmarc | invalid dmarc record",
        after="mail",
        means=(
            "The DMARC record of the sender's domain could not be evaluated. The record is "
            "invalid, the domain has more than one, or DNS did not answer."
        ),
        try_next=(
            "Check the TXT records at _dmarc in the domain of the From: header: exactly one of "
            "them must begin with v=DMARC1."
        ),
    ),
    TextRule(
        "any-dmarc",
        "any server",
        "4xx 5xx",
        "dmarc",
        after="mail",
        topic="dmarc",
        weak=True,
    ),
    TextRule(
        "any-spf-missing",
        "any server",
        "4xx 5xx",
        (
            "spf … no record | no spf record | spf record missing | missing spf | spf "
            "record not found | does not have an spf | has no spf | spf … not found | "
            "without spf | spf: none | spf none"
        ),
        after="policy",
        topic="spf",
        means=(
            "The domain in MAIL FROM{sender} has no SPF record in DNS, and this server requires "
            "one. The recipient is not at fault."
        ),
        try_next=(
            "Publish an SPF record for the sender's domain: a TXT record that begins with v=spf1 "
            "and lists the servers that send its mail."
        ),
    ),
    TextRule(
        "any-spf",
        "any server",
        "4xx 5xx",
        ("spf | spf: | [spf] | (spf | openspf. | sender policy framework | spf-fail | spf_fail"),
        after="policy",
        topic="spf",
        weak=True,
    ),
    TextRule(
        "any-dkim",
        "any server",
        "4xx 5xx",
        "dkim",
        after="mail",
        topic="dkim",
        weak=True,
    ),
)
