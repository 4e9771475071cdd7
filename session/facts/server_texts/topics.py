"""The topics of server replies: one entry for each kind of refusal, however it is worded.

A rule in the four tables names the topic of its text. Details of the situation (an unused login,
TLS, the size limit) are placeholders in braces, for which facts/explain/placeholders.py has a
sentence each.
"""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """A kind of refusal: a title, its meaning, what to try, and the relevant RFC sections.

    `lasting` is true for a cause that waiting does not remove, so that a 4yz code is remarkable.
    """

    title: str
    means: str
    try_next: str
    source: str = ""
    lasting: bool = False


TOPICS: dict[str, Topic] = {
    # Recipients
    "no-user": Topic(
        "no such user",
        "The server does not know this recipient: no mailbox and no alias of that name exists "
        "here.{postmaster}",
        "Check the spelling of the address. If it is right, the mailbox was closed or renamed: ask "
        "the recipient by other means.",
        "RFC 5321 3.3, 4.2.2",
        lasting=True,
    ),
    "no-user-or-route": Topic(
        "no such user or domain here",
        "The server cannot route the address of the recipient: the domain does not exist in DNS, "
        "or the user is unknown there.",
        "Check the spelling of the address, before and after the @, and the MX record of the "
        "domain.",
        "RFC 5321 3.3, 5.1",
        lasting=True,
    ),
    "no-recipient-domain": Topic(
        "the recipient's domain does not exist or accepts no mail",
        "The part after the @ has no usable record in DNS: no MX, no address, or an MX that "
        "declares that the domain accepts no mail.",
        "Check the spelling of the domain, and look up its MX record.",
        "RFC 5321 5.1; RFC 7505",
        lasting=True,
    ),
    "null-mx": Topic(
        "the recipient's domain accepts no mail",
        "The domain after the @ exists, and declares in DNS, with a null MX, that no mail is ever "
        "accepted for it.",
        "Check the spelling of the domain, or ask the recipient for another address.",
        "RFC 7505 3, 4.2",
        lasting=True,
    ),
    "recipient-pending": Topic(
        "the recipient is still being verified",
        "The server asks the next server whether the recipient exists, and has no answer yet, or "
        "could not reach it.",
        "Try again in a few minutes: the result is then known.",
        "RFC 5321 4.2.2",
    ),
    "mailbox-full": Topic(
        "the mailbox is full",
        "The mailbox of the recipient has used up its quota; the server can store nothing more in "
        "it.",
        "Try again later. The recipient must free space: tell them by other means.",
        "RFC 3463 3.3",
    ),
    "mailbox-disabled": Topic(
        "the mailbox is disabled",
        "The account of the recipient exists but is inactive or suspended, and accepts no mail.",
        "Contact the recipient by other means: only they or their provider can enable it again.",
        "RFC 3463 3.3",
        lasting=True,
    ),
    "mailbox-busy": Topic(
        "this mailbox receives too much mail at the moment",
        "The server limits the rate for this recipient, whoever sends; the address itself exists.",
        "Try again later, and send to it more slowly.",
        "RFC 5321 4.2.2",
    ),
    "mailbox-unavailable-now": Topic(
        "the mailbox is unavailable for now",
        "The mailbox of the recipient cannot be used at the moment: it is busy, or a rule of the "
        "server blocks it for a while. These are RFC 5321's words for both.",
        "Try the same again later, as a mail program does by itself.",
        "RFC 5321 4.2.2, 4.2.3",
    ),
    "mailbox-unavailable": Topic(
        "the mailbox is unavailable",
        "The mailbox of the recipient does not exist, is closed, or may not be used by this "
        "client: these are RFC 5321's words for all three.",
        "Check the spelling of the address; if it is right, ask the recipient by other means.",
        "RFC 5321 4.2.2, 4.2.3",
        lasting=True,
    ),
    "list-expansion": Topic(
        "the address expands to nobody",
        "The address leads nowhere: usually there is no such user, but a mailing list or an "
        "alias may also be empty or broken.",
        "Check the spelling of the address; the owner of an alias can say what it leads to.",
        "RFC 3463 3.3",
        lasting=True,
    ),
    "recipient-syntax": Topic(
        "the recipient's address is not well formed",
        "The server could not read the address in RCPT TO as user@domain.{faults}",
        "Write RCPT TO:<user@example.org>: angle brackets, one @, a domain with all of its parts.",
        "RFC 5321 4.1.2",
        lasting=True,
    ),
    "address-too-long": Topic(
        "an address is too long",
        "An address is longer than the server accepts. RFC 5321 allows 64 octets before the @, 255 "
        "after it, and 256 for the whole with its brackets.",
        "Use a shorter address; look for addresses that were run together, or a display name that "
        "was taken for part of one.",
        "RFC 5321 4.5.3.1.1, 4.5.3.1.2, 4.5.3.1.3",
        lasting=True,
    ),
    "source-route": Topic(
        "an address with a route in it is refused",
        "The address asks the server to route the mail in a particular way: through hosts named "
        "before it (@relay.example:user@example.org), or to another domain given in the local "
        "part, after % or before !. RFC 5321 deprecates such routes, and servers refuse to "
        "follow them.",
        "Write the address alone: <user@example.org>.",
        "RFC 5321 3.6.1, 4.1.2",
        lasting=True,
    ),
    "other-mx": Topic(
        "another server takes this mail",
        "This host does not take the mail, and the text points to another one: another MX of the "
        "domain, or the host that has taken its place.",
        "Connect to the other server that the text names, or look up the MX records of the domain "
        "and take the next one.",
        "RFC 5321 5.1",
    ),
    "restricted-recipient": Topic(
        "this recipient accepts mail from certain senders only",
        "A rule of the recipient's organisation, mailing list or group does not admit this "
        "sender; the address itself exists.",
        "Ask the recipient or the owner of the list to allow your address, or post from a "
        "subscribed one.",
        "RFC 3463 3.8",
        lasting=True,
    ),
    # Senders
    "sender-domain": Topic(
        "the sender's domain does not exist in DNS",
        "The domain in MAIL FROM{sender} has no MX and no address record that the server can find, "
        "so that a bounce could not be delivered.",
        "Check the sender's domain; use a sender whose domain has an MX or an address record.",
        "RFC 5321 3.6.2, 4.5.5",
        lasting=True,
    ),
    "sender-null-mx": Topic(
        "the sender's domain accepts no mail",
        "The domain in MAIL FROM{sender} declares in DNS, with a null MX, that it accepts no mail, "
        "so a bounce could not be delivered to it.",
        "Use a sender address whose domain accepts mail.",
        "RFC 7505 4.2",
        lasting=True,
    ),
    "sender-verify": Topic(
        "the sender address could not be verified",
        "The server checked the address in MAIL FROM{sender}: mail for it, such as a bounce, "
        "cannot be delivered. Its domain has no route in DNS, or its own server does not accept "
        "the address. This concerns the sender; it is not the address in RCPT that is refused.",
        "Use a sender address that exists and accepts bounces; check its domain in DNS and the "
        "reply of its own server.",
        "RFC 5321 3.6.2, 4.5.5",
        lasting=True,
    ),
    "sender-verify-pending": Topic(
        "the sender address could not be checked yet",
        "The server asks the server of the sender's domain (MAIL FROM{sender}) whether the address "
        "exists; that verification (a callout) got no answer.",
        "Try again later. The sender's own server has to answer such checks.",
        "RFC 5321 4.2.2",
    ),
    "sender-not-owner": Topic(
        "this client may not use this sender address",
        "{owner}",
        "Use your own address as the sender, or have the administrator allow this sender for your "
        "account.",
        "RFC 6409 6.1",
        lasting=True,
    ),
    "sender-needs-login": Topic(
        "this sender address requires a login",
        "The address in MAIL FROM{sender} belongs to an account of this server, and the client is "
        "not logged in at all.",
        "{login}",
        "RFC 6409 4.3, 6.1",
        lasting=True,
    ),
    "sender-refused": Topic(
        "the sender address is refused",
        "This server has a rule against the address in MAIL FROM{sender}.",
        "Check the sender address for a typing error; otherwise ask the postmaster of the "
        "server why this sender is blocked.",
        "RFC 5321 4.2.2, 7.9",
        lasting=True,
    ),
    "sender-syntax": Topic(
        "the sender's address is not well formed",
        "The server could not read the address in MAIL FROM as user@domain.{faults}",
        "Write MAIL FROM:<user@example.org>: angle brackets, one @, a domain with all of its "
        "parts. An empty sender is <>.",
        "RFC 5321 4.1.2; RFC 3463 3.2",
        lasting=True,
    ),
    "path-missing": Topic(
        "the command is not well formed",
        "The server found no address in the line, because the line is not written as {verb} has to "
        "be.{faults}",
        "Write {path_form}, without a space next to the colon.",
        "RFC 5321 4.1.1.2, 4.1.1.3, 4.1.2",
        lasting=True,
    ),
    "null-sender": Topic(
        "the server does not accept bounces",
        "It refuses the empty sender <>, with which delivery reports are sent. RFC 5321 wants "
        "every server to accept it.",
        "For mail that is not a report, use a real sender address; the receiving administrator "
        "should accept <>.",
        "RFC 5321 4.5.5, 3.6.3",
        lasting=True,
    ),
    "bounce-to-several": Topic(
        "a report goes to one recipient",
        "The sender is empty (<>), as in a bounce or another report, and a report has a single "
        "recipient; this transaction has more than one.",
        "Send each recipient its own message, or use a real sender address for a message that "
        "is not a report.",
        "RFC 5321 4.5.5",
        lasting=True,
    ),
    # The name in EHLO
    "helo-not-fqdn": Topic(
        "the EHLO name is not a full host name",
        "The server wants a fully qualified domain name from the client: with a dot and a domain, "
        "as in mail.example.org.{helo}",
        "Send EHLO again with the client's full name, or with its address in brackets "
        "([192.0.2.1]).",
        "RFC 5321 4.1.1.1",
        lasting=True,
    ),
    "helo-unresolved": Topic(
        "the EHLO name does not exist in DNS",
        "The server looked up the name with which the client introduced itself, and DNS has no "
        "address or MX record for it.{helo}",
        "Send EHLO with a name that resolves in DNS, preferably the one in the PTR record of "
        "the client's address.",
        "RFC 5321 4.1.1.1, 4.1.4",
        lasting=True,
    ),
    "helo-invalid": Topic(
        "the EHLO name is not a valid host name",
        "The server refuses the name with which the client introduced itself.{helo}",
        "Send EHLO with a domain name made of letters, digits, hyphens and dots, or with an "
        "address literal: [192.0.2.1] or [IPv6:2001:db8::1], with the tag IPv6:.",
        "RFC 5321 4.1.1.1, 4.1.3",
        lasting=True,
    ),
    "helo-own-name": Topic(
        "the EHLO name is the server's own",
        "The client introduced itself with a name or address that belongs to the server or its "
        "domain, which spam programs do.{helo}",
        "Send EHLO with the client's own host name.",
        "RFC 5321 4.1.1.1",
        lasting=True,
    ),
    "ehlo-wanted": Topic(
        "EHLO is required instead of HELO",
        "The server does not accept HELO, the greeting without extensions.",
        "Send EHLO and your host name.",
        "RFC 5321 3.2, 4.1.1.1",
        lasting=True,
    ),
    "helo-dynamic": Topic(
        "the EHLO name looks like that of a dial-up address",
        "A rule of the server considers the name with which the client introduced itself to be "
        "one that a provider gives to its customers' addresses (dynamic, dial-up).{helo}",
        "Send through your provider's server (port 587 or 465, with a login); a mail server with a "
        "fixed address needs a host name and a PTR record of its own.",
        "RFC 5321 4.1.4, 7.9",
        lasting=True,
    ),
    "helo-refused": Topic(
        "the EHLO name is refused",
        "A rule of the server does not accept the name with which the client introduced "
        "itself.{helo}",
        "Send EHLO with the client's real, fully qualified host name, which resolves in DNS to its "
        "address.",
        "RFC 5321 4.1.4, 7.9",
        lasting=True,
    ),
    # The client and its address
    "no-ptr": Topic(
        "the client's address has no name in DNS",
        "The server looked up the reverse DNS of the client's IP address: there is no PTR record, "
        "or its name does not resolve back to the address.",
        "Whoever owns the address (the network's or hosting provider) must set a PTR record, and "
        "the name in it needs a matching A or AAAA record.",
        "RFC 1912 2.1; RFC 7372 3.3",
        lasting=True,
    ),
    "block-list": Topic(
        "the client's address is on a block list",
        "The server rejects clients listed on the DNS block list (DNSBL){list}, and the client's "
        "IP address is on it.",
        "Look up the address {lookup} why the address is listed and how to be "
        "removed.{contact} Until then send through your provider's server.",
        "RFC 5782; RFC 5321 7.9",
        lasting=True,
    ),
    "domain-block-list": Topic(
        "a domain in this mail is on a block list",
        "The domain of the sender, of the EHLO name or of a link is on the block list{list}.",
        "Look up the domain {lookup} why it is listed and how to be removed.",
        "RFC 5782; RFC 5321 7.9",
        lasting=True,
    ),
    "open-resolver": Topic(
        "the server's query to the block list failed",
        "The receiving server asks the block list through a public resolver, which the list does "
        "not answer. Nothing is known against the client.",
        "The receiving server's administrator must use a resolver of its own; tell the postmaster "
        "by other means.",
        "RFC 5782",
    ),
    "blocked-client": Topic(
        "the client's address is blocked",
        "The server accepts nothing from the client's IP address or network, because of what was "
        "sent from there before.",
        "Find out why (a compromised account or program?), then ask the provider named in the "
        "text to remove the block, or send through another server.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "reputation": Topic(
        "the sending address has a poor reputation",
        "The server associates the client's IP address or domain with spam, or does not know it "
        "well enough.",
        "Check the reputation of your address with the provider named in the text, and what was "
        "sent from it; ask for a review, or send through another server.",
        "RFC 5321 7.9",
    ),
    "dynamic-address": Topic(
        "mail from dial-up and home addresses is refused",
        "The client's IP address is in a range given out to customers, from which servers accept "
        "no mail directly.",
        "Send through your provider's server (port 587 or 465, with a login), or from a fixed "
        "address with a PTR record of its own.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "access-denied": Topic(
        "a rule of the server refuses it",
        "An access rule does not admit {whom}; the text gives no reason that is known here."
        "{at_start}{unused}",
        "Ask the server's postmaster, and quote the whole reply.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    # Temporary policies
    "greylist": Topic(
        "greylisting",
        "The server does not know this client, sender and recipient together yet, and on purpose "
        "refuses the first try: real mail servers come back, most spam programs do not. Nothing is "
        "wrong.",
        "Try again later, unchanged and from the same address: {wait}.",
        "RFC 6647",
    ),
    "screening": Topic(
        "the server tests new clients first",
        "The server does not know this client yet. It has just tested it (postscreen, or a filter "
        "like it), ends this first visit on purpose, and accepts the same mail when the client "
        "comes again.",
        "Connect again after some minutes and repeat the mail, from the same address.",
        "RFC 5321 4.2.1, 7.8",
    ),
    "soft-reject": Topic(
        "greylisting, or a spam score in doubt",
        "The server's filter refuses it for now, on purpose: it does not know this sender yet, or "
        "the spam score is not clear.",
        "Try again in some minutes, unchanged and from the same address.",
        "RFC 6647",
    ),
    "rate": Topic(
        "too much in a short time",
        "The server limits the rate, how many messages, recipients or connections it accepts from "
        "one client, sender or account in a given time; this limit has been reached.",
        "Wait, then send more slowly: fewer messages at a time, spread over the day.",
        "RFC 5321 4.2.2, 7.8",
    ),
    "rate-recipients": Topic(
        "too many recipients in a given time",
        "The server limits the rate of recipients per hour (or another period) for each client; "
        "the limit is reached. This is not a limit on a single message.",
        "Wait until the period is over, then send more slowly: fewer recipients per hour.",
        "RFC 5321 4.2.2, 7.8",
    ),
    "daily-quota": Topic(
        "the sending account has used up its quota",
        "The provider limits the rate, how much an account or plan may send in a day or month, and "
        "the limit is reached.",
        "Wait until the period (often a day) is over, send less, or ask the provider for a larger "
        "plan.",
        "RFC 5321 4.2.2",
    ),
    "concurrent": Topic(
        "too many connections at once",
        "The server limits how many connections one client or account may have at the same time, "
        "or open per minute.",
        "Close the other connections, wait, and try again later with fewer of them.",
        "RFC 5321 7.8",
    ),
    "too-many-recipients": Topic(
        "too many recipients in one transaction",
        "The server accepts only a certain number of recipients for one message. Those that were "
        "accepted stay accepted.",
        "Send DATA for the accepted ones, then send the rest in a new transaction: MAIL again, "
        "with the remaining recipients.",
        "RFC 5321 4.5.3.1.10",
    ),
    "too-many-errors": Topic(
        "too many errors on this connection",
        "The server has counted too many refused or unknown commands from this client, and closes "
        "the connection.",
        "Look at the refused commands before this one, correct what was wrong, and connect again.",
        "RFC 5321 3.8, 7.8",
    ),
    "idle": Topic(
        "the client said nothing for too long",
        "The server waited for the next command or for the rest of the message; nothing was sent "
        "in time, and it closes the idle connection.",
        "Connect again, and send the commands without long pauses.",
        "RFC 5321 4.5.3.2.7, 3.8",
    ),
    "message-timeout": Topic(
        "the server gave up before it accepted the message",
        "The message is not accepted: its end, a line with a single dot, did not reach the server "
        "in time, the transfer took longer than a session may last here (timeout), or the server's "
        "own filters and storage did not finish.",
        "Send the message again. If only large ones fail, look for something on the network "
        "path that slows or stops them (a firewall, a proxy, the MTU); if every one fails, tell "
        "the server's administrator.",
        "RFC 5321 4.5.3.2.6, 3.8",
    ),
    "closing": Topic(
        "the server stops serving for the moment",
        "The server is shutting down, restarting, under maintenance, busy or short of resources, "
        "and closes the connection. Nothing is wrong with the client.",
        "Wait some minutes, then connect again.",
        "RFC 5321 3.8, 4.2.2",
    ),
    "busy": Topic(
        "the server is too busy",
        "The server has no connection, memory or processing time left for this client at the "
        "moment. Nothing is wrong with the client.",
        "Wait some minutes, then try again.",
        "RFC 5321 3.8, 4.2.2",
    ),
    "dns-trouble": Topic(
        "a lookup in DNS failed",
        "The server asked DNS for a name that it needs here, most often the domain of the "
        "recipient or the next server for it, and got no usable answer. That may also be trouble "
        "on the server's side.",
        "Try again later. If it persists, check that the name servers of the domains of recipient "
        "and sender answer, and that their MX records name hosts that exist.",
        "RFC 5321 5.1; RFC 3463 3.5",
    ),
    "server-trouble": Topic(
        "trouble on the server's side",
        "Something on the server does not work at the moment: a lookup, a filter, a database or "
        "its configuration. It is not the client's fault.",
        "Try again later. If it persists, tell the server's administrator (postmaster).",
        "RFC 5321 4.2.2; RFC 3463 3.4",
    ),
    "disk": Topic(
        "the server has no room",
        "The server's own disk or queue is full: it can store no message at the moment, whatever "
        "its size.",
        "Try again later; the server's administrator must free space.",
        "RFC 5321 4.2.2; RFC 3463 3.4",
    ),
    "loop": Topic(
        "the mail goes round in a loop",
        "The message has passed through too many servers, or has come back to one that it "
        "already passed through.",
        "Look at the Received lines of the message, then correct the MX record, forwarding or "
        "connector that sends it back.",
        "RFC 5321 6.3; RFC 3463 3.5",
        lasting=True,
    ),
    "no-mail-host": Topic(
        "this host accepts no mail",
        "The host does not accept mail: it only sends, is not a mail server, or is out of service.",
        "Look up the MX record of the recipient's domain and connect to that other host.",
        "RFC 7504 3",
        lasting=True,
    ),
    # Authentication of the message
    "spf": Topic(
        "SPF: this client may not send for the sender's domain",
        "The SPF record of the domain in MAIL FROM{sender} does not list the client's address "
        "among those that may send its mail. The sender's domain decides that; the recipient is "
        "not at fault.",
        "Add the client to the SPF record of the domain, or send through a server that the record "
        "includes.",
        "RFC 7208 2.6.4; RFC 7372 3.2",
        lasting=True,
    ),
    "spf-error": Topic(
        "the SPF record could not be evaluated",
        "The SPF record of the sender's domain is invalid, needs more than ten lookups, or DNS did "
        "not answer.",
        "Check the SPF record of the domain: one record, valid syntax, at most ten lookups.",
        "RFC 7208 2.6.6; RFC 7372 3.2",
    ),
    "spf-lookup": Topic(
        "the SPF record could not be looked up",
        "DNS did not answer, or gave no usable answer, when the server looked up the SPF record "
        "of the sender's domain. Whether this client may send for that domain has not been "
        "decided yet.",
        "Try again later. If it persists, check that the name servers of the sender's domain "
        "answer, and that the record itself is valid.",
        "RFC 7208 2.6.6; RFC 7372 3.2",
    ),
    "dkim": Topic(
        "the DKIM signature is missing or invalid",
        "The message has no DKIM signature that this server accepts: none at all, one broken by "
        "a change in transit, or one whose key is not in DNS or too short.",
        "Sign with DKIM: publish the key as a DNS record under its selector, and make sure that "
        "nothing modifies the message after it is signed.",
        "RFC 6376; RFC 7372 3.1",
        lasting=True,
    ),
    "arc": Topic(
        "the ARC seals of the message do not verify",
        "An intermediate server, a forwarder or a mailing list, sealed its SPF and DKIM results "
        "(ARC), and this seal is broken or not accepted here.",
        "Look at the ARC headers (cv=) that the last forwarder added: its administrator must "
        "fix the sealing or turn it off. Mail sent directly needs none.",
        "RFC 8617 5.2, 7",
        lasting=True,
    ),
    "dmarc": Topic(
        "the message failed DMARC",
        "The domain in the From: header publishes a DMARC policy, and neither SPF nor DKIM passed "
        "for that domain.",
        "Sign with DKIM for the domain of the From: header, or send through its own servers, so "
        "that SPF passes for the same domain.",
        "RFC 7489 6.6; RFC 7372 3.4",
        lasting=True,
    ),
    "dmarc-missing": Topic(
        "the sender's domain publishes no DMARC policy",
        "This receiver wants a DMARC record from domains that send in bulk.",
        "Publish a DMARC record in DNS (_dmarc.example.org; p=none is sufficient).",
        "RFC 7489 6.3",
        lasting=True,
    ),
    "alignment": Topic(
        "the From: header is not aligned",
        "The domain in the From: header differs from the domains for which SPF and DKIM passed.",
        "Use the same organisational domain in From:, MAIL FROM and the DKIM signature.",
        "RFC 7489 3.1",
        lasting=True,
    ),
    "unauthenticated": Topic(
        "neither SPF nor DKIM passed",
        "This receiver wants proof that the mail comes from the domain that it names, and neither "
        "SPF nor DKIM gave one.",
        "Set up SPF for the domain of MAIL FROM and sign with DKIM, preferably both: DKIM survives "
        "forwarding.",
        "RFC 7372 3.4",
        lasting=True,
    ),
    # The message
    "spam": Topic(
        "classified as spam",
        "A filter judged the message, its links or the client that sends it to be spam.",
        "Check content, links and the authentication of the sender (SPF, DKIM); ask the "
        "recipient's postmaster what the filter found.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "empty-message": Topic(
        "the message is empty",
        "The server finds nothing in the message: no body, or not even a header.",
        "Look at what was sent after DATA: header fields, an empty line, and the text. A program "
        "may have lost the file that it was to send.",
        "RFC 5322 3.5",
        lasting=True,
    ),
    "plain-text-only": Topic(
        "only plain text is accepted",
        "A rule of the server or of the mailing list does not accept HTML mail.",
        "Send the message as plain text (Content-Type: text/plain), without an HTML part.",
        "RFC 5321 7.9; RFC 2046 4.1",
        lasting=True,
    ),
    "message-refused": Topic(
        "the message is refused",
        "The server has the whole message and does not accept it; the text leaves the reason open. "
        "Most often it is a spam or virus filter, a rule about the content, or the reputation "
        "of the client or the sender.",
        "Ask the server's postmaster, and quote the whole reply with its numbers; try a plain "
        "message without links or attachments.",
        "RFC 5321 6.2, 7.9",
        lasting=True,
    ),
    "content-policy": Topic(
        "a content rule refuses the message",
        "A rule or filter of the server does not accept something in the message: its header "
        "fields, words, links or attachments.",
        "Read what the text names; try a plain message, then ask the recipient's postmaster which "
        "rule it was.",
        "RFC 5321 7.9; RFC 3463 3.7",
        lasting=True,
    ),
    "filter-refuses": Topic(
        "a filter of the server refuses it",
        "A filter that the server asks rejected the command or the message; the text gives no "
        "reason.",
        "Ask the recipient's postmaster, and quote the whole reply with its time.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "nul": Topic(
        "the message has a NUL octet",
        "The message contains an octet 0 (NUL), which text must not contain.",
        "Fix the program that makes the message, or encode the part with quoted-printable or "
        "base64.",
        "RFC 2045 2.7, 2.8; RFC 5322 3.5",
        lasting=True,
    ),
    "attachment": Topic(
        "an attachment is forbidden",
        "The server accepts no message with content of this kind, such as programs, scripts or "
        "certain archives.",
        "Remove the attachment, or send the file another way, for example as a link.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "virus": Topic(
        "the scanner found a virus",
        "A virus scanner found the message, or a file attached to it, to be infected.",
        "Check the attachments with a scanner of your own; for a false alarm, ask the server's "
        "administrator.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "bad-header": Topic(
        "the header of the message is malformed",
        "The message does not follow RFC 5322: {field}.",
        "{mend_field}Correct the header: one From: with an address, one Date:, one Message-ID:, "
        "one Subject:.",
        "RFC 5322 3.6",
        lasting=True,
    ),
    "bare-newline": Topic(
        "a line ends without CRLF",
        "The message contains a bare LF (or a bare CR): each line has to end with CRLF, CR before "
        "LF. Servers refuse anything else, because line ends read in two ways let a message be "
        "smuggled in.",
        "Have the program that makes the message end all lines with CR LF (\\r\\n).",
        "RFC 5321 2.3.8",
        lasting=True,
    ),
    "body-line": Topic(
        "a line of the message is too long",
        "A line of the message has more than 998 octets before its CRLF (1,000 with it).",
        "Wrap the lines, or encode the body as quoted-printable or base64, whose lines are "
        "shorter.",
        "RFC 5321 4.5.3.1.6",
        lasting=True,
    ),
    "eight-bit": Topic(
        "the message has octets above 127",
        "The server or the next one accepts ASCII only, and the message has octets above 127.",
        "Add BODY=8BITMIME to MAIL if EHLO lists 8BITMIME; otherwise encode the body as "
        "quoted-printable or base64.",
        "RFC 6152 3",
        lasting=True,
    ),
    "too-large": Topic(
        "the message is too large",
        "It exceeds the size that this server accepts.{size}",
        "Make the message smaller: compress or split it, or send a link in place of the "
        "attachment.",
        "RFC 1870 6.1",
        lasting=True,
    ),
    "size-unacceptable": Topic(
        "the message is too large for the moment",
        "The server does not have enough room for a message of this size now.{size}",
        "Try again later, or make the message smaller.",
        "RFC 1870 6.1",
    ),
    # Relaying, login and TLS before a transaction
    "relay": Topic(
        "no relaying to that domain",
        "The recipient is in another domain, for which this server does not accept mail from this "
        "client.{relay_why}",
        "{relay}",
        "RFC 5321 3.6.2, 7.9",
        lasting=True,
    ),
    "login-required": Topic(
        "a login is required",
        "The server accepts this only from a client that is logged in.{login_why}",
        "{login}",
        "RFC 4954 6; RFC 6409 4.3",
        lasting=True,
    ),
    "tls-required": Topic(
        "TLS is required",
        "The server accepts this only over an encrypted connection.{tls_why}",
        "{tls}",
        "RFC 3207 4",
        lasting=True,
    ),
    "next-hop-tls": Topic(
        "the next server's TLS could not be verified",
        "The relay requires verified TLS (DANE or MTA-STS) for the next server, and its "
        "certificate or TLSA record did not pass.",
        "The administrator of the next server must fix its certificate, STARTTLS or TLSA record.",
        "RFC 7672; RFC 8461",
    ),
    # AUTH
    # facts/explain/login.py adds the rest, which depends on what the mechanism sends.
    "credentials": Topic("user or password is wrong", "", "", "RFC 4954 6", lasting=True),
    "kerberos": Topic(
        "the Kerberos ticket is not accepted", "", "", "RFC 4752; RFC 4954 6", lasting=True
    ),
    "login-trouble": Topic(
        "the login cannot be checked at the moment",
        "The service with which the server checks logins is down, slow or out of reach. That is "
        "trouble on the server's side: neither user nor password was judged.",
        "Try again later, with the same user and password.",
        "RFC 4954 6",
    ),
    "login-busy": Topic(
        "the server reports trouble on its side",
        "The text mentions a busy or failing service, but the code is that of a refused login: "
        "it is not certain that user and password were checked. Some providers answer like this "
        "whenever they refuse a login: because the password is wrong, because they want one "
        "made for programs, or because there were too many logins.",
        "Try once more in some minutes, with the same user and password. If it fails again, check "
        "both, and whether the provider wants a password made for programs (app password, "
        "authorization code).",
        "RFC 4954 6",
    ),
    "password-weak": Topic(
        "the password is too simple for this server",
        "The server's rules no longer accept a password as simple as this one for sending mail. "
        "The user name and the password may both be right.",
        "Choose a stronger password for the account, then log in with it.",
        "RFC 4954 6",
    ),
    "login-tries": Topic(
        "too many failed logins",
        "This client or account has failed to log in too many times (login attempts), and the "
        "server makes it wait.",
        "Wait some minutes, then try once, with credentials that are known to be right.",
        "RFC 4954 6",
    ),
    "account-locked": Topic(
        "the account is locked",
        "The account exists, and is disabled, blocked, suspended or not yet activated; the "
        "mechanism and the connection are not at fault.",
        "Ask the provider or administrator to unlock the account.",
        "RFC 5248 2.4",
        lasting=True,
    ),
    "password-expired": Topic(
        "the password has expired",
        "The user and the password may be the right ones, and the password is too old: the server "
        "accepts no login until it has been changed.",
        "Set a new password where the account is managed, then log in with it.",
        "RFC 5248 2.4; RFC 4954 6",
        lasting=True,
    ),
    "app-password": Topic(
        "an app password is needed",
        "Two-step verification (a second factor) protects the account, so the provider accepts no "
        "login by a program with the password of the account.",
        "Create an app password in the settings of the account and use it here, or log in with "
        "OAuth (XOAUTH2).",
        "RFC 4954 6",
        lasting=True,
    ),
    "login-web": Topic(
        "the provider wants you to log in with a browser first",
        "The provider distrusts this login and holds it back. User and password may be right.",
        "Log in once with a web browser and confirm that it was you (the text contains a link); "
        "or use OAuth or an app password.",
        "RFC 4954 6",
        lasting=True,
    ),
    "authorization-code": Topic(
        "the provider wants its own code in place of the password",
        "Programs log in to this provider with an authorization code, made in the web settings, "
        "after SMTP access was enabled there; the password of the account does not work.",
        "Enable SMTP in the settings of the mailbox, create the code, and use it as the password.",
        "RFC 4954 6",
        lasting=True,
    ),
    "smtp-off-account": Topic(
        "login by SMTP is disabled for this mailbox",
        "The provider has SMTP AUTH switched off for this one account. User and password were not "
        "the reason.",
        "Have the administrator enable SMTP AUTH (authenticated SMTP) for this mailbox, or enable "
        "SMTP access in its settings.",
        "RFC 4954 6",
        lasting=True,
    ),
    "smtp-off-organisation": Topic(
        "login by SMTP is disabled for the organisation",
        "SMTP AUTH is switched off for the whole organisation (tenant). User and password were not "
        "the reason.",
        "Have the administrator enable SMTP AUTH for the organisation or for this mailbox, or send "
        "another way.",
        "RFC 4954 6",
        lasting=True,
    ),
    "channel-binding": Topic(
        "the login is not bound to this TLS connection",
        "SCRAM with channel binding ties the login to the TLS connection, but client and server "
        "disagree about that connection: a proxy or scanner on the network path ends TLS, or "
        "one side uses another kind of binding. User and password may be right.",
        "Connect to the server without anything that ends TLS on the network path, or choose "
        "the mechanism without -PLUS{mechanisms_listed}.",
        "RFC 5802 6, 7; RFC 9266",
        lasting=True,
    ),
    "basic-off": Topic(
        "login by password is switched off",
        "The provider no longer accepts passwords here (basic authentication), right or wrong; it "
        "wants a token (modern authentication, OAuth).",
        "Log in with XOAUTH2 and an OAuth access token{oauth}; otherwise ask the administrator "
        "or provider what is allowed.",
        "RFC 4954 6",
        lasting=True,
    ),
    "login-policy": Topic(
        "a policy does not allow this login",
        "A rule of the organisation (conditional access, security defaults or the like) does not "
        "admit this login. User and password may be right.",
        "Ask the administrator of the account which policy it is; OAuth may be required.",
        "RFC 4954 6",
        lasting=True,
    ),
    "login-over-tls": Topic(
        "login over TLS only",
        "This mechanism would show the password to anyone on the network path, and the connection "
        "is not encrypted.",
        "{tls_login}",
        "RFC 4954 4, 6",
        lasting=True,
    ),
    "mechanism": Topic(
        "this mechanism is not available",
        "The server does not know{mechanism}, or does not offer it here.{mechanism_why}",
        "{mechanisms}",
        "RFC 4954 4",
        lasting=True,
    ),
    "auth-not-offered": Topic(
        "AUTH is not offered here",
        "AUTH may be used when the EHLO reply lists it{auth_listed}.",
        "{auth_where}",
        "RFC 4954 3",
        lasting=True,
    ),
    "auth-twice": Topic(
        "already logged in",
        "A login lasts until the connection ends, and a second AUTH is not allowed.",
        "Continue with MAIL. To log in as another user, connect again.",
        "RFC 4954 4",
        lasting=True,
    ),
    "no-secret": Topic(
        "the server has no secret for this mechanism",
        "{mechanism_upper} requires a secret that the server stores in a form specific to the "
        "mechanism, and it has none for this user. User and password may be right.",
        "Use a mechanism that works with any storage: PLAIN or LOGIN, over TLS; or have the "
        "administrator reset the password, so that the secret is stored.",
        "RFC 5802 2.3; RFC 2195 2; RFC 4954 6",
        lasting=True,
    ),
    "auth-empty": Topic(
        "user or password is empty",
        "The data sent for the login contains no user name, or no password, once it is decoded "
        "from base64.",
        "Send AUTH again with both. PLAIN has the user, then the password, with a NUL octet "
        "before each.",
        "RFC 4616 2; RFC 4954 4",
        lasting=True,
    ),
    "login-full-name": Topic(
        "the user name has to be the full address",
        "The server does not know the user by the name that was sent: it wants the whole address, "
        "user@domain. The password may be right.",
        "Log in with the full e-mail address as the user name.",
        "RFC 4954 6",
        lasting=True,
    ),
    "auth-base64": Topic(
        "this is not base64",
        "The server could not decode the response: within AUTH everything is sent in base64.",
        "Encode user and password each in base64, without spaces or line breaks, and with the = at "
        "the end; then send AUTH again.",
        "RFC 4954 4",
        lasting=True,
    ),
    "auth-initial": Topic(
        "this mechanism takes no initial response",
        "The AUTH line has a response after the mechanism, and with this mechanism the server "
        "speaks first.",
        "Send AUTH with only the mechanism, and the response after the 334.",
        "RFC 4954 4",
        lasting=True,
    ),
    "auth-line": Topic(
        "the line of AUTH is too long",
        "An AUTH command has at most 512 octets, and a response within the exchange 12,288; this "
        "server allows no longer line.{length}{long_response}",
        "{shorter_response}",
        "RFC 4954 4; RFC 5321 4.5.3.1.4",
        lasting=True,
    ),
    # Commands
    "line-too-long": Topic(
        "the line is too long",
        "A command line may have at most 512 octets, including the CRLF.{length} The command "
        "itself is not what is refused.",
        "Send a shorter line.",
        "RFC 5321 4.5.3.1.4",
        lasting=True,
    ),
    "greet-first": Topic(
        "EHLO must come first",
        "{not_greeted}; MAIL is allowed after EHLO or HELO.",
        "Send EHLO and your host name before it.",
        "RFC 5321 4.1.4",
        lasting=True,
    ),
    "nested-mail": Topic(
        "a transaction is already open",
        "A MAIL was accepted before, and there is one sender for each transaction.{out_of_step}",
        "Send RSET, which ends the open transaction, then MAIL again; or go on with RCPT.",
        "RFC 5321 4.1.4, 3.3",
        lasting=True,
    ),
    "mail-first": Topic(
        "MAIL must come first",
        "No transaction is open: MAIL was not sent, was refused, or a RSET has ended it.",
        "Send MAIL FROM:<...> and look at its reply, then go on.",
        "RFC 5321 4.1.4, 3.3",
        lasting=True,
    ),
    "recipient-first": Topic(
        "a recipient must come first",
        "No recipient was accepted in this transaction: RCPT was not sent, or each was refused.",
        "Look at the reply to each RCPT, and send RCPT TO:<...> for one that is accepted.",
        "RFC 5321 3.3",
        lasting=True,
    ),
    "order": Topic(
        "not allowed at this point",
        "The command is known, but was sent in the wrong order.",
        "RSET ends an open transaction; then the order is EHLO, MAIL, RCPT, DATA.",
        "RFC 5321 4.1.4",
        lasting=True,
    ),
    "parameter": Topic(
        "a parameter is not supported",
        "The server does not know a parameter after the address, or does not accept it "
        "here.{parameters}",
        "Leave the parameter out{keep_parameters}.",
        "RFC 5321 4.1.1.11",
        lasting=True,
    ),
    "parameter-value": Topic(
        "the value of a parameter is invalid",
        "The server knows the parameter after the address, but cannot parse its value.{parameters}",
        "Write it as its extension defines it (SIZE=octets, BODY=8BITMIME, NOTIFY=SUCCESS,FAILURE, "
        "RET=HDRS, ORCPT=rfc822;user@example.org), or leave it out.",
        "RFC 5321 4.1.1.11; RFC 3461 4",
        lasting=True,
    ),
    "dsn-off": Topic(
        "delivery reports cannot be requested here",
        "The server does not accept the parameters of the DSN extension (NOTIFY, ORCPT, RET, "
        "ENVID) from this client.",
        "Leave NOTIFY, ORCPT, RET and ENVID out.",
        "RFC 3461 4",
        lasting=True,
    ),
    "smtputf8": Topic(
        "SMTPUTF8 is needed for this address",
        "The address is not ASCII, and such an address needs the parameter SMTPUTF8 of "
        "MAIL.{smtputf8_why}",
        "{smtputf8}",
        "RFC 6531 3.4",
        lasting=True,
    ),
    "chunking-off": Topic(
        "BDAT is not offered here",
        "BDAT belongs to CHUNKING, which the server has not offered.",
        "Send the message with DATA, which every server knows.",
        "RFC 3030 2",
        lasting=True,
    ),
    "binarymime": Topic(
        "BODY=BINARYMIME needs BDAT",
        "The message was announced as binary (BODY=BINARYMIME), and DATA cannot carry that.",
        "Send it with BDAT; or RSET, and MAIL without BODY=BINARYMIME.",
        "RFC 3030 3",
        lasting=True,
    ),
    "bdat-syntax": Topic(
        "the size of the chunk is missing or invalid",
        "BDAT takes the number of octets that follow, and LAST with the final chunk.",
        "Write BDAT 1024 or BDAT 1024 LAST, with the exact count.",
        "RFC 3030 2",
        lasting=True,
    ),
    "chunk-mixed": Topic(
        "DATA and BDAT do not mix",
        "A message that was begun with BDAT has to be ended with BDAT ... LAST, within the same "
        "transaction.",
        "Send RSET, and begin the transaction again with one of the two.",
        "RFC 3030 2",
        lasting=True,
    ),
    "chunk-failed": Topic(
        "a chunk was refused, and the transaction has failed",
        "A BDAT before this one was refused. The transaction has therefore failed, and no "
        "further chunk of it may be sent.",
        "Send RSET, then MAIL, RCPT and the message again; the reply to the refused BDAT says "
        "what to correct first.",
        "RFC 3030 2",
        lasting=True,
    ),
    "pipelining": Topic(
        "the client did not wait for the reply",
        "More was sent ahead than the server allows: DATA, EHLO, STARTTLS and AUTH end a group, "
        "and what follows may be sent only after the reply to them (the message after 354).",
        "Wait for each reply before the next command; send commands ahead only if EHLO lists "
        "PIPELINING.",
        "RFC 2920 3.1",
        lasting=True,
    ),
    "early-talker": Topic(
        "the client spoke too early",
        "Something was sent before the greeting (220) or before the reply that was due, which spam "
        "programs do too. A server that checks for this accepts nothing after it.",
        "Connect again, wait for the whole greeting, and for each reply.",
        "RFC 5321 4.3.1, 3.1",
        lasting=True,
    ),
    "tls-active": Topic(
        "TLS is already on",
        "The connection is encrypted, and there is one STARTTLS for each connection.",
        "Go on: EHLO, then AUTH or MAIL.",
        "RFC 3207 4.2",
        lasting=True,
    ),
    "tls-failed": Topic(
        "the TLS handshake failed",
        "Client and server could not agree on TLS: no version or cipher in common, a certificate "
        "that one of them rejects, or a connection that was cut off within the handshake.",
        "Connect again and look at the handshake: which versions each side offers, and whose "
        "certificate is refused. If the client is in order, tell the server's administrator.",
        "RFC 3207 4; RFC 8446 4.1.1, 6.2",
    ),
    "tls-unavailable": Topic(
        "TLS is not available at the moment",
        "The server supports STARTTLS, but cannot begin TLS: a certificate or key on its side "
        "is missing or unusable, or TLS is not set up.",
        "Try again later, and tell the server's administrator; do not fall back to clear text"
        " unnoticed.",
        "RFC 3207 4",
    ),
    "no-parameters": Topic(
        "the command takes no argument",
        "{verb} is followed by an argument, but takes none.",
        "Send {verb} alone on its line.",
        "RFC 5321 4.1.1",
        lasting=True,
    ),
    # Queries
    "vrfy-off": Topic(
        "the server does not disclose its users",
        "The server supports {verb} but has it disabled, so that addresses cannot be guessed. "
        "According to RFC 5321, such a server answers 252.",
        "RCPT TO:<...> shows whether the server accepts an address.",
        "RFC 5321 7.3, 4.5.1",
        lasting=True,
    ),
    "no-name": Topic(
        "no such list or user",
        "The server knows no mailing list, alias or user of that name, or does not disclose it.",
        "Check the spelling of the name.",
        "RFC 5321 3.5.1",
        lasting=True,
    ),
    "not-a-list": Topic(
        "a user, not a mailing list",
        "The name is that of a single user, whose mailbox exists: there is no list to expand.",
        "VRFY says more about the user; RCPT TO:<...> shows whether mail is accepted.",
        "RFC 5321 3.5.1",
        lasting=True,
    ),
    "ambiguous": Topic(
        "the name matches more than one mailbox",
        "Several users fit the name; the text may list them.",
        "Repeat it with one of the full addresses.",
        "RFC 5321 3.5.1",
        lasting=True,
    ),
    "auth-step": Topic(
        "the AUTH exchange ended too early",
        "The server considers the exchange incomplete: a response from the client was empty, "
        "was missing, or belonged to another mechanism. User and password were not judged.",
        "Compare each response with what the mechanism sends, and answer every 334; or choose "
        "another mechanism.",
        "RFC 4954 4; RFC 4422 3",
    ),
    "sender-unverified": Topic(
        "the sender address is not confirmed yet",
        "The provider lets nobody send from an address before its owner has confirmed (verified) "
        "it, and for this sender that has not been done.",
        "Confirm the address at the provider: by the link that was mailed to it, or in the "
        "settings of the account. Then send again.",
        "RFC 6409 6.1",
        lasting=True,
    ),
    "tls-in-transaction": Topic(
        "no TLS within a transaction",
        "STARTTLS is not allowed while a transaction is open; once TLS begins, everything said "
        "before it is void.",
        "Send RSET, which ends the transaction, then STARTTLS alone, and wait for its reply.",
        "RFC 3207 4, 4.2",
    ),
    "after-quit": Topic(
        "something was sent after QUIT",
        "According to the server, the client sent QUIT before this line. QUIT ends the session: "
        "nothing may follow it, and the server closes the connection.",
        "Connect again for the next commands, and send QUIT last. If none was typed, look in the "
        "lines sent before for one that reads QUIT.",
        "RFC 5321 4.1.1.10",
    ),
    "sender-at-login": Topic(
        "the text mentions a sender, but AUTH names none",
        "The text does not complain about the user or the password: the server looks at the "
        "domain in the user name, or at a sender that was given before AUTH. The reply may also "
        "belong to another command, if commands were sent ahead.",
        "Check that the user name is an address whose domain exists, send AUTH before MAIL, and "
        "wait for the reply to each command.",
        "RFC 4954 4; RFC 2920 3.1",
    ),
    "moved": Topic(
        "the user is not here",
        "The mailbox is on another server{moved}.",
        "{moved_to}",
        "RFC 5321 3.4",
        lasting=True,
    ),
    # Topics of single words (readings.py)
    "token-expired": Topic(
        "the access token is not accepted",
        "The login sends an access token, and the server says that it has expired, was revoked or "
        "cannot be read.",
        "Get a new token (refresh it) with the scope for SMTP, then log in with it.",
        "RFC 7628 3.2.2; RFC 4954 6",
        lasting=True,
    ),
    "session-expired": Topic(
        "the server's own session has expired",
        "The server says that a session with the service that keeps the logins has expired. User "
        "and password may be right.",
        "Connect again and log in again. If it persists, sign in where the account is managed, and "
        "ask the provider.",
        "RFC 4954 6",
    ),
    "login-certificate": Topic(
        "a certificate is not accepted at the login",
        "The server says that a certificate has expired or is not accepted: that of the client, or "
        "one between the server and the service that checks logins. User and password may be "
        "right.",
        "If the client has a certificate, check its dates and whether the server knows it; "
        "otherwise tell the server's administrator.",
        "RFC 4954 6",
    ),
    "login-address": Topic(
        "no login from this address",
        "The server does not admit a login from the client's IP address, network or country. User "
        "and password may be right.",
        "Add the address to those that the account or the server allows, or log in from one that "
        "is; ask the provider or administrator.",
        "RFC 4954 6",
        lasting=True,
    ),
    "ptr-lookup": Topic(
        "the client's name could not be looked up",
        "The server looked up the PTR record of the client's address (reverse DNS) and got no "
        "usable answer for now.",
        "Try again later. If it persists, check that the PTR record of the address exists and that "
        "its name resolves back to it.",
        "RFC 7372 3.3; RFC 3463 3.5",
    ),
    "open-relay": Topic(
        "the client is considered an open relay",
        "According to the text, the client (the sending server) is an open relay or open proxy, "
        "which passes on mail for anyone. The recipient is not at fault.",
        "Check that the client relays only for its own users, and have it removed from the list "
        "that says otherwise; ask the server's postmaster which list that is.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "region": Topic(
        "no mail from this country or region",
        "The server refuses clients by the country or network to which their IP address belongs.",
        "Send through a server in another network, or ask the postmaster to make an exception for "
        "the address.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "recipients-unknown": Topic(
        "too many recipients that do not exist",
        "The server has counted too many unknown or refused recipients from this client, as with "
        "a list of guessed addresses, and accepts no more. This one address may exist.",
        "Remove the addresses that were refused, wait, and connect again.",
        "RFC 5321 7.3, 7.8",
    ),
    "session-limit": Topic(
        "the limit for one connection is reached",
        "The server limits how much one connection (session) may send or how long it may last. "
        "Neither this command nor the message is at fault.",
        "Connect again and go on there, with fewer messages for each connection.",
        "RFC 5321 7.8, 3.8",
    ),
    "client-spam": Topic(
        "the client is blocked because of spam",
        "The server refuses the client itself, its IP address or network, because of spam or "
        "complaints about what came from there. It is not this message that was judged.",
        "Find out what was sent from there (a compromised account or program?), then ask the "
        "server's postmaster, or the provider named in the text, to remove the block.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "client-refused": Topic(
        "the client is refused",
        "The server does not accept mail from this client: its IP address, its name or its "
        "network. It is not the address or the message that is refused. The text leaves open what "
        "counts against the client.",
        "Check the client's PTR record and whether its address is on block lists, then ask the "
        "server's postmaster{page}, or send through your provider's server.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "recipient-refused": Topic(
        "this recipient is refused",
        "The server accepts no mail for this recipient from this client. Most often the address "
        "does not exist here or no longer accepts mail, or a rule forbids it; the text does not "
        "say which of these it is.",
        "Check the spelling of the address. If it is right, ask the recipient by other means, or "
        "the server's postmaster.",
        "RFC 5321 4.2.2, 7.9",
        lasting=True,
    ),
    "recipient-rule": Topic(
        "this recipient is refused",
        "A rule of the server forbids mail for this recipient from this client: the enhanced "
        "code (X.7.1) is that of a policy. Whether the address exists, the text does not say.",
        "Ask the recipient by other means, or the server's postmaster, which rule it is. Check the "
        "spelling of the address as well: some servers refuse addresses that they do not know like "
        "this.",
        "RFC 5321 7.9; RFC 3463 3.8",
        lasting=True,
    ),
    "sender-lookup": Topic(
        "the sender's domain could not be looked up",
        "The server asked DNS for the domain in MAIL FROM{sender}, and got no answer for now. "
        "Whether the domain exists is not known.",
        "Try again later. If it persists, check that the name servers of the sender's domain "
        "answer.",
        "RFC 5321 4.2.2; RFC 3463 3.5",
    ),
    "next-hop-down": Topic(
        "the next server could not be reached",
        "This server passes the mail on to another one, and could not deliver it there: that one "
        "is down, refuses the connection, or was not found in DNS. Neither the sender nor the "
        "message is at fault.",
        "Try again later. If it persists, tell the administrator of this server or of the "
        "recipient's domain.",
        "RFC 3463 3.5; RFC 5321 4.5.4.1",
    ),
    "unreadable-message": Topic(
        "the message is malformed",
        "The server cannot parse the message: its header, MIME structure or line ends do not "
        "follow RFC 5322.",
        "Check the header (one From:, one Date:), the MIME parts and the line ends (CRLF), or "
        "send it with another program.",
        "RFC 5322; RFC 2045",
        lasting=True,
    ),
    "spoofed": Topic(
        "the sender is considered forged",
        "The server compared the identities of the sender (MAIL FROM, From:, EHLO name, client "
        "address) and found that they do not match.",
        "Use a sender of the domain for which this client sends, the same in MAIL FROM and From:, "
        "and an EHLO name that belongs to the client's address.",
        "RFC 5321 7.1; RFC 7489 3.1",
        lasting=True,
    ),
    "protocol": Topic(
        "the client breaks a rule of the protocol",
        "The server objects to how the client speaks SMTP (the order of commands, their syntax, or "
        "something sent ahead), not to the address or the message.",
        "Look at the lines before this one: wait for each reply, send commands in their order, "
        "and end each line with CRLF.",
        "RFC 5321 4.1.4, 4.3",
        lasting=True,
    ),
    "server-fault": Topic(
        "trouble on the server's side",
        "Something on the server does not work: its configuration, its storage or another server "
        "that it needs. It is not the client's fault, although the code calls it final.",
        "Try again later. If it persists, tell the server's administrator (postmaster).",
        "RFC 5321 4.2.2; RFC 3463 3.4",
    ),
    "rule-blocks": Topic(
        "a rule of the server refuses it",
        "A policy or filter of the server does not admit {whom}; which rule it is, the text does "
        "not say.{at_start}{unused}",
        "Ask the server's postmaster, and quote the whole reply.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    # Other protocols
    "ftp": Topic(
        "this is an FTP server, not a mail server",
        "USER and PASS are commands of FTP, where 530 means that nobody is logged in; SMTP has "
        "neither.",
        "Check host and port: mail servers listen on 25, 587 and 465.",
        "RFC 959 4.1.1",
    ),
    "http-or-text": Topic(
        "something other than SMTP was sent",
        "The server received an HTTP request (GET, POST) or a header line instead of a command, "
        "and closes the connection.",
        "Check the port and the client: message text belongs after DATA and its 354.",
        "RFC 5321 7.8",
    ),
    # Success
    "accepted": Topic(
        "message accepted",
        "The server has accepted the message and is responsible for it now; the text contains "
        "its queue ID. This does not mean that it has been delivered.",
        "Quote the ID when you contact the postmaster.",
        "RFC 5321 4.2.5",
    ),
    "discarded": Topic(
        "accepted, but discarded",
        "The server accepts the message but, according to the text, discards it: it is not "
        "delivered, and the sender gets no report. Filters do this with messages that they "
        "consider spam or a virus.",
        "Ask the server's postmaster which rule it was, and quote the whole reply.",
        "RFC 5321 6.2",
    ),
    "held": Topic(
        "accepted, but held back",
        "The server has accepted the message, and holds it (quarantine, moderation): it is "
        "delivered only when somebody, or a rule, releases it.",
        "Ask the recipient or the server's postmaster to release it, and quote the whole reply.",
        "RFC 5321 6.2",
    ),
    "approval": Topic(
        "somebody has to approve it first",
        "The server holds mail like this (quarantine, moderation) until somebody, or a rule, has "
        "approved it. The code begins with 4, so the message is not accepted yet: the sending "
        "server keeps it, and tries again.",
        "Try again later, unchanged. Ask the recipient, the moderator or the server's postmaster "
        "to approve it, and quote the whole reply.",
        "RFC 5321 4.2.1, 7.9",
    ),
    "accepted-as-spam": Topic(
        "accepted, but classified as spam",
        "The server has accepted the message, and marks it or files it as spam: the recipient "
        "finds it in a junk folder, if anywhere.",
        "Check content, links and the authentication of the sender (SPF, DKIM); ask the recipient "
        "to look in the junk folder.",
        "RFC 5321 6.2",
    ),
    "delivered": Topic(
        "delivered to this recipient's mailbox",
        "The message was saved in the mailbox.",
        "",
        "RFC 2033 4.2",
    ),
}
