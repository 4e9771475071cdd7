"""The topics of server replies: one entry for each kind of refusal, however it is worded.

A rule in the four tables names the topic of its text. Details of the situation (an unused login,
TLS, the size limit) are placeholders in braces, which facts/explain/placeholders.py fills in.
"""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """A kind of refusal: its title, its meaning, what to try, and the relevant RFC sections.

    `lasting` is true if the cause will not go away by itself, so that a temporary code (4yz) is
    surprising.
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
        "The server does not recognise this recipient: no mailbox or alias of that name exists "
        "here.{postmaster}",
        "Check the spelling of the address. If it is correct, the mailbox was closed or renamed: "
        "contact the recipient another way, for example by phone.",
        "RFC 5321 3.3, 4.2.2",
        lasting=True,
    ),
    "no-user-or-route": Topic(
        "no such user or domain here",
        "The server cannot route mail to the recipient's address: the domain does not exist in "
        "DNS, or the user is unknown there.",
        "Check the spelling of the address on both sides of the @, and the domain's MX record.",
        "RFC 5321 3.3, 5.1",
        lasting=True,
    ),
    "no-recipient-domain": Topic(
        "the recipient's domain does not exist or does not accept mail",
        "The domain after the @ has no usable record in DNS: it has neither an MX nor an address "
        "record, or its MX declares that the domain does not accept mail.",
        "Check the spelling of the domain, and look up its MX record.",
        "RFC 5321 5.1; RFC 7505",
        lasting=True,
    ),
    "null-mx": Topic(
        "the recipient's domain does not accept mail",
        "The domain after the @ exists, but a null MX in DNS declares that it never accepts mail.",
        "Check the spelling of the domain, or ask the recipient for another address.",
        "RFC 7505 3, 4.2",
        lasting=True,
    ),
    "recipient-pending": Topic(
        "the recipient is still being verified",
        "The server is asking the next server whether the recipient exists, but has not received "
        "an answer yet or could not reach it.",
        "Try again in a few minutes, when the result should be known.",
        "RFC 5321 4.2.2",
    ),
    "mailbox-full": Topic(
        "the mailbox is full",
        "The recipient's mailbox has used up its quota, so the server cannot store anything more "
        "in it.",
        "Try again later. The recipient must free some space: contact them another way, for "
        "example by phone.",
        "RFC 3463 3.3",
    ),
    "mailbox-disabled": Topic(
        "the mailbox is disabled",
        "The recipient's account exists but is inactive or suspended, and does not accept mail.",
        "Contact the recipient another way, for example by phone: only they or their provider can "
        "enable the mailbox again.",
        "RFC 3463 3.3",
        lasting=True,
    ),
    "mailbox-busy": Topic(
        "this mailbox is receiving too much mail",
        "The server limits how much mail this recipient can receive in a given time, whoever "
        "sends it. The address itself exists.",
        "Try again later, and send to this recipient more slowly.",
        "RFC 5321 4.2.2",
    ),
    "mailbox-unavailable-now": Topic(
        "the mailbox is temporarily unavailable",
        "The recipient's mailbox cannot be used now: it is busy, or one of the server's rules is "
        "blocking it for a while. RFC 5321 uses the same wording for both.",
        "Try the same command again later, as a mail program does automatically.",
        "RFC 5321 4.2.2, 4.2.3",
    ),
    "mailbox-unavailable": Topic(
        "the mailbox is unavailable",
        "The recipient's mailbox does not exist, is closed, or is not open to this client. RFC "
        "5321 uses the same wording for all three.",
        "Check the spelling of the address. If it is correct, contact the recipient another way, "
        "for example by phone.",
        "RFC 5321 4.2.2, 4.2.3",
        lasting=True,
    ),
    "list-expansion": Topic(
        "the address expands to nobody",
        "The address leads nowhere. Usually the user does not exist, but a mailing list or an "
        "alias may also be empty or broken.",
        "Check the spelling of the address. If it is an alias or a list, ask its owner where it "
        "leads.",
        "RFC 3463 3.3",
        lasting=True,
    ),
    "recipient-syntax": Topic(
        "the recipient's address is not well formed",
        "The server could not parse the address in RCPT TO as user@domain.{faults}",
        "Send RCPT TO:<user@example.org>, with angle brackets, a single @ and the complete domain.",
        "RFC 5321 4.1.2",
        lasting=True,
    ),
    "address-too-long": Topic(
        "an address is too long",
        "An address is longer than the server accepts. RFC 5321 allows 64 octets before the @, "
        "255 after it, and 256 in all, including the angle brackets.",
        "Use a shorter address. Check whether several addresses were run together, or whether a "
        "display name was mistaken for part of an address.",
        "RFC 5321 4.5.3.1.1, 4.5.3.1.2, 4.5.3.1.3",
        lasting=True,
    ),
    "source-route": Topic(
        "the address contains a route",
        "The address asks the server to route the mail in a particular way: through hosts named "
        "before it (@relay.example:user@example.org), or to another domain given in the local "
        "part, after % or before !. RFC 5321 deprecates such routes, and servers refuse to "
        "follow them.",
        "Use the address alone: <user@example.org>.",
        "RFC 5321 3.6.1, 4.1.2",
        lasting=True,
    ),
    "other-mx": Topic(
        "another server handles this mail",
        "This host does not accept the mail, and the reply points to another one: another MX of "
        "the domain, or the host that has replaced this one.",
        "Connect to the server that the reply names, or look up the domain's MX records and try "
        "the next one.",
        "RFC 5321 5.1",
    ),
    "restricted-recipient": Topic(
        "this recipient accepts mail from certain senders only",
        "A rule of the recipient's organisation, mailing list or group does not allow this "
        "sender. The address itself exists.",
        "Ask the recipient or the list's owner to allow your address, or post from a subscribed "
        "address.",
        "RFC 3463 3.8",
        lasting=True,
    ),
    # Senders
    "sender-domain": Topic(
        "the sender's domain does not exist in DNS",
        "The server finds neither an MX nor an address record for the domain in MAIL "
        "FROM{sender}, so a bounce could not be delivered.",
        "Check the spelling of the sender's domain, or use a sender whose domain has an MX or "
        "address record.",
        "RFC 5321 3.6.2, 4.5.5",
        lasting=True,
    ),
    "sender-null-mx": Topic(
        "the sender's domain does not accept mail",
        "A null MX in DNS declares that the domain in MAIL FROM{sender} does not accept mail, so "
        "a bounce could not be delivered to it.",
        "Use a sender address whose domain accepts mail.",
        "RFC 7505 4.2",
        lasting=True,
    ),
    "sender-verify": Topic(
        "the sender address could not be verified",
        "The server checked the address in MAIL FROM{sender} and found that mail for it, such as "
        "a bounce, cannot be delivered: its domain has no route in DNS, or its own server does "
        "not accept the address. The fault lies with the sender, not with the address in RCPT.",
        "Use a sender address that exists and accepts bounces. Check its domain in DNS and how "
        "its own server replies to it.",
        "RFC 5321 3.6.2, 4.5.5",
        lasting=True,
    ),
    "sender-verify-pending": Topic(
        "the sender address could not be checked yet",
        "The server is asking the mail server of the domain in MAIL FROM{sender} whether the "
        "address exists, but this check (a callout) has not been answered.",
        "Try again later. The sender's own server must answer such checks.",
        "RFC 5321 4.2.2",
    ),
    "sender-not-owner": Topic(
        "this client may not use this sender address",
        "{owner}",
        "Use your own address as the sender, or ask the administrator to allow this sender for "
        "your account.",
        "RFC 6409 6.1",
        lasting=True,
    ),
    "sender-needs-login": Topic(
        "this sender address requires a login",
        "The address in MAIL FROM{sender} belongs to an account on this server, and the client "
        "has not logged in.",
        "{login}",
        "RFC 6409 4.3, 6.1",
        lasting=True,
    ),
    "sender-refused": Topic(
        "the sender address is not accepted",
        "One of the server's rules blocks the address in MAIL FROM{sender}.",
        "Check the sender address for typos. If it is correct, ask the server's postmaster why "
        "this sender is blocked.",
        "RFC 5321 4.2.2, 7.9",
        lasting=True,
    ),
    "sender-syntax": Topic(
        "the sender's address is not well formed",
        "The server could not parse the address in MAIL FROM as user@domain.{faults}",
        "Send MAIL FROM:<user@example.org>, with angle brackets, a single @ and the complete "
        "domain. An empty sender is <>.",
        "RFC 5321 4.1.2; RFC 3463 3.2",
        lasting=True,
    ),
    "path-missing": Topic(
        "the command is not well formed",
        "The server found no address in the line, because the line does not have the form that "
        "{verb} requires.{faults}",
        "Send {path_form}, without a space next to the colon.",
        "RFC 5321 4.1.1.2, 4.1.1.3, 4.1.2",
        lasting=True,
    ),
    "null-sender": Topic(
        "the server does not accept bounces",
        "The server refuses the empty sender <>, which is used for delivery reports. RFC 5321 "
        "expects every server to accept it.",
        "For mail that is not a report, use a real sender address. The receiving server's "
        "administrator should allow <>.",
        "RFC 5321 4.5.5, 3.6.3",
        lasting=True,
    ),
    "bounce-to-several": Topic(
        "a report may have only one recipient",
        "The sender is empty (<>), as in a bounce or another report, and a report may have only "
        "one recipient. This transaction has several.",
        "Send each recipient a separate message, or use a real sender address for a message that "
        "is not a report.",
        "RFC 5321 4.5.5",
        lasting=True,
    ),
    # The name in EHLO
    "helo-not-fqdn": Topic(
        "the EHLO name is not a full host name",
        "The server requires the client's fully qualified domain name, with a dot and a domain, "
        "such as mail.example.org.{helo}",
        "Send EHLO again with the client's full name, or with its address in square brackets "
        "([192.0.2.1]).",
        "RFC 5321 4.1.1.1",
        lasting=True,
    ),
    "helo-unresolved": Topic(
        "the EHLO name does not exist in DNS",
        "The server looked up the name that the client gave in EHLO, and found no address or MX "
        "record for it in DNS.{helo}",
        "Send EHLO with a name that resolves in DNS, preferably the one in the PTR record of "
        "the client's address.",
        "RFC 5321 4.1.1.1, 4.1.4",
        lasting=True,
    ),
    "helo-invalid": Topic(
        "the EHLO name is not a valid host name",
        "The server refuses the name that the client gave in EHLO.{helo}",
        "Send EHLO with a domain name made of letters, digits, hyphens and dots, or with an "
        "address literal: [192.0.2.1] for IPv4, or [IPv6:2001:db8::1] for IPv6.",
        "RFC 5321 4.1.1.1, 4.1.3",
        lasting=True,
    ),
    "helo-own-name": Topic(
        "the EHLO name is the server's own",
        "The client introduced itself, as spam programs do, with a name or address that belongs "
        "to the server or its domain.{helo}",
        "Send EHLO with the client's own host name.",
        "RFC 5321 4.1.1.1",
        lasting=True,
    ),
    "ehlo-wanted": Topic(
        "EHLO is required instead of HELO",
        "The server does not accept HELO, the older greeting, which has no extensions.",
        "Send EHLO followed by your host name.",
        "RFC 5321 3.2, 4.1.1.1",
        lasting=True,
    ),
    "helo-dynamic": Topic(
        "the EHLO name looks like that of a dial-up client",
        "One of the server's rules classifies the name that the client gave in EHLO as one that a "
        "provider assigns to its customers' addresses (dynamic, dial-up).{helo}",
        "Send through your provider's server (port 587 or 465, with a login). A mail server with "
        "a fixed address needs its own host name and PTR record.",
        "RFC 5321 4.1.4, 7.9",
        lasting=True,
    ),
    "helo-refused": Topic(
        "the EHLO name is not accepted",
        "One of the server's rules does not allow the name that the client gave in EHLO.{helo}",
        "Send EHLO with the client's real, fully qualified host name, which must resolve to the "
        "client's address in DNS.",
        "RFC 5321 4.1.4, 7.9",
        lasting=True,
    ),
    # The client and its address
    "no-ptr": Topic(
        "the client's address has no name in DNS",
        "The server looked up the client's IP address in reverse DNS: the address has no PTR "
        "record, or the name in the record does not resolve back to the address.",
        "The owner of the address (the network or hosting provider) must set a PTR record, and "
        "the name in it needs a matching A or AAAA record.",
        "RFC 1912 2.1; RFC 7372 3.3",
        lasting=True,
    ),
    "block-list": Topic(
        "the client's address is on a block list",
        "The server rejects clients listed on the DNS block list (DNSBL){list}, and the client's "
        "IP address is on it.",
        "Look up the address {lookup} why the address is listed and how to have it "
        "removed.{contact} Until then, send through your provider's server.",
        "RFC 5782; RFC 5321 7.9",
        lasting=True,
    ),
    "domain-block-list": Topic(
        "a domain in this mail is on a block list",
        "The domain of the sender, of the EHLO name or of a link is on the block list{list}.",
        "Look up the domain {lookup} why it is listed and how to have it removed.",
        "RFC 5782; RFC 5321 7.9",
        lasting=True,
    ),
    "open-resolver": Topic(
        "the server's query to the block list failed",
        "The receiving server queries the block list through a public resolver, which the list "
        "does not answer. This says nothing about the client.",
        "The receiving server's administrator must use a private resolver. Inform the postmaster "
        "another way, for example by phone.",
        "RFC 5782",
    ),
    "blocked-client": Topic(
        "the client's address is blocked",
        "The server does not accept any mail from the client's IP address or network, because of "
        "what was sent from there before.",
        "Find the cause, such as a compromised account or program. Then ask the provider named in "
        "the reply to lift the block, or send through another server.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "reputation": Topic(
        "the sending address has a poor reputation",
        "The server associates the client's IP address or domain with spam, or has seen too "
        "little mail from it.",
        "Check the reputation of your address with the provider named in the reply, and find out "
        "what was sent from it. Ask for a review, or send through another server.",
        "RFC 5321 7.9",
    ),
    "dynamic-address": Topic(
        "mail from dial-up and home addresses is not accepted",
        "The client's IP address is in a range assigned to a provider's customers. Many servers "
        "do not accept mail directly from such addresses.",
        "Send through your provider's server (port 587 or 465, with a login), or from a fixed "
        "address that has its own PTR record.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "access-denied": Topic(
        "the server's rules forbid it",
        "An access rule does not allow {whom}. The reply gives no reason that heloscope "
        "recognises.{at_start}{unused}",
        "Ask the server's postmaster for the reason, and quote the whole reply.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    # Temporary policies
    "greylist": Topic(
        "greylisting",
        "The server has not seen this combination of client, sender and recipient before, and "
        "deliberately refuses the first attempt: real mail servers come back, but most spam "
        "programs do not. Nothing is wrong.",
        "Try again later, unchanged and from the same address: {wait}.",
        "RFC 6647",
    ),
    "screening": Topic(
        "the server tests new clients first",
        "The server has not seen this client before. It has just tested the client (with "
        "postscreen or a similar filter), deliberately ends this first connection, and will "
        "accept the same mail when the client returns.",
        "Connect again after a few minutes, and send the same message from the same address.",
        "RFC 5321 4.2.1, 7.8",
    ),
    "soft-reject": Topic(
        "greylisting, or an uncertain spam score",
        "This temporary refusal by the server's filter is deliberate: the filter has not seen "
        "this sender before, or the spam score is inconclusive.",
        "Try again in a few minutes, unchanged and from the same address.",
        "RFC 6647",
    ),
    "rate": Topic(
        "a rate limit has been reached",
        "The server limits the rate: how many messages, recipients or connections it accepts from "
        "one client, sender or account in a given time. This limit has been reached.",
        "Wait, then send more slowly: fewer messages at a time, spread over the day.",
        "RFC 5321 4.2.2, 7.8",
    ),
    "rate-recipients": Topic(
        "too many recipients in a given time",
        "The server limits how many recipients each client may send to per hour or another "
        "period, and this rate limit has been reached. The limit applies per period, not per "
        "message.",
        "Wait until the period is over, then send more slowly, to fewer recipients per hour.",
        "RFC 5321 4.2.2, 7.8",
    ),
    "daily-quota": Topic(
        "the sending account has used up its quota",
        "The provider limits how much an account or plan may send in a day or month, and this "
        "rate limit has been reached.",
        "Wait until the period (often a day) is over, send less, or ask the provider for a larger "
        "plan.",
        "RFC 5321 4.2.2",
    ),
    "concurrent": Topic(
        "too many connections at once",
        "The server limits how many connections one client or account may have open at the same "
        "time, or may open per minute.",
        "Close the other connections, wait, and try again later with fewer connections.",
        "RFC 5321 7.8",
    ),
    "too-many-recipients": Topic(
        "too many recipients in one transaction",
        "The server accepts only a certain number of recipients per message. The recipients "
        "already accepted remain valid.",
        "Send DATA for the accepted recipients, then start a new transaction with MAIL for the "
        "remaining ones.",
        "RFC 5321 4.5.3.1.10",
    ),
    "too-many-errors": Topic(
        "too many errors on this connection",
        "The client has sent too many commands that were refused or unknown, so the server closes "
        "the connection.",
        "Check which commands were refused before this one, correct what was wrong, and connect "
        "again.",
        "RFC 5321 3.8, 7.8",
    ),
    "idle": Topic(
        "the client was silent for too long",
        "The server was waiting for the next command or for the rest of the message. Nothing "
        "arrived in time, so it closes the idle connection.",
        "Connect again, and send the commands without long pauses.",
        "RFC 5321 4.5.3.2.7, 3.8",
    ),
    "message-timeout": Topic(
        "the server gave up before accepting the message",
        "The message was not accepted. Its end, a line with a single dot, did not reach the "
        "server in time, the transfer exceeded the time limit for a session (timeout), or the "
        "server's own filters and storage did not finish.",
        "Send the message again. If only large messages fail, check the network path for "
        "something that slows or blocks them (a firewall, a proxy, the MTU). If every message "
        "fails, contact the server's administrator.",
        "RFC 5321 4.5.3.2.6, 3.8",
    ),
    "closing": Topic(
        "the server is closing the connection",
        "The server is shutting down, restarting, under maintenance, busy or short of resources, "
        "and closes the connection. Nothing is wrong with the client.",
        "Wait a few minutes, then connect again.",
        "RFC 5321 3.8, 4.2.2",
    ),
    "busy": Topic(
        "the server is too busy",
        "The server currently has no connection, memory or processing time left for this client. "
        "Nothing is wrong with the client.",
        "Wait a few minutes, then try again.",
        "RFC 5321 3.8, 4.2.2",
    ),
    "dns-trouble": Topic(
        "a DNS lookup failed",
        "The server asked DNS for a name that it needs here, usually the recipient's domain or "
        "the next server for it, and got no usable answer. The problem may also be on the "
        "server's side.",
        "Try again later. If the problem persists, check that the name servers of the recipient's "
        "and the sender's domains answer, and that the MX records of both domains name existing "
        "hosts.",
        "RFC 5321 5.1; RFC 3463 3.5",
    ),
    "server-trouble": Topic(
        "a problem on the server's side",
        "Something on the server is not working now: a lookup, a filter, a database or its "
        "configuration. It is not the client's fault.",
        "Try again later. If the problem persists, contact the server's administrator "
        "(postmaster).",
        "RFC 5321 4.2.2; RFC 3463 3.4",
    ),
    "disk": Topic(
        "the server is out of space",
        "The server's own disk or queue is full, so it cannot store any message now, whatever its "
        "size.",
        "Try again later. The server's administrator must free some space.",
        "RFC 5321 4.2.2; RFC 3463 3.4",
    ),
    "loop": Topic(
        "the message is in a mail loop",
        "The message has passed through too many servers, or has come back to one that it had "
        "already passed through.",
        "Check the message's Received lines, then correct the MX record, forwarding or connector "
        "that sends it back.",
        "RFC 5321 6.3; RFC 3463 3.5",
        lasting=True,
    ),
    "no-mail-host": Topic(
        "this host does not accept mail",
        "This host only sends mail, is not a mail server, or is out of service.",
        "Look up the MX record of the recipient's domain and connect to the host that it names.",
        "RFC 7504 3",
        lasting=True,
    ),
    # Authentication of the message
    "spf": Topic(
        "SPF does not allow this client to send for the sender's domain",
        "The SPF record of the domain in MAIL FROM{sender} does not list the client's address "
        "among those allowed to send its mail. The owner of the sender's domain decides this; the "
        "recipient is not at fault.",
        "Add the client to the domain's SPF record, or send through a server that the record "
        "includes.",
        "RFC 7208 2.6.4; RFC 7372 3.2",
        lasting=True,
    ),
    "spf-error": Topic(
        "the SPF record could not be evaluated",
        "The SPF record of the sender's domain is invalid or needs more than ten lookups, or DNS "
        "did not answer.",
        "Check the domain's SPF record: there must be only one, with valid syntax and at most ten "
        "lookups.",
        "RFC 7208 2.6.6; RFC 7372 3.2",
    ),
    "spf-lookup": Topic(
        "the SPF record could not be looked up",
        "The server looked up the SPF record of the sender's domain, but DNS did not answer or "
        "gave no usable answer. The server has not decided yet whether this client may send for "
        "that domain.",
        "Try again later. If the problem persists, check that the name servers of the sender's "
        "domain answer, and that the record itself is valid.",
        "RFC 7208 2.6.6; RFC 7372 3.2",
    ),
    "dkim": Topic(
        "the DKIM signature is missing or invalid",
        "The message has no DKIM signature that this server accepts. It is unsigned, a change in "
        "transit broke the signature, or the key is too short or missing in DNS.",
        "Sign with DKIM: publish the key as a DNS record under its selector, and make sure that "
        "nothing modifies the message after it is signed.",
        "RFC 6376; RFC 7372 3.1",
        lasting=True,
    ),
    "arc": Topic(
        "the message's ARC seals are invalid",
        "An intermediate server, such as a forwarder or a mailing list, sealed its SPF and DKIM "
        "results (ARC), but this seal is broken or not accepted here.",
        "Check the ARC headers (cv=) that the last forwarder added: its administrator must fix "
        "the sealing or turn it off. Mail sent directly does not need ARC.",
        "RFC 8617 5.2, 7",
        lasting=True,
    ),
    "dmarc": Topic(
        "the message failed DMARC",
        "The domain in the From: header publishes a DMARC policy, but neither SPF nor DKIM passed "
        "for that domain.",
        "Sign with DKIM for the domain in the From: header, or send through that domain's own "
        "servers, so that SPF passes for it.",
        "RFC 7489 6.6; RFC 7372 3.4",
        lasting=True,
    ),
    "dmarc-missing": Topic(
        "the sender's domain does not publish a DMARC policy",
        "This receiver requires a DMARC record from domains that send in bulk.",
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
        "This receiver requires proof that the mail comes from the domain that it names, and "
        "neither SPF nor DKIM provided it.",
        "Set up SPF for the domain in MAIL FROM and sign with DKIM, preferably both: DKIM "
        "survives forwarding.",
        "RFC 7372 3.4",
        lasting=True,
    ),
    # The message
    "spam": Topic(
        "classified as spam",
        "A filter classified the message, its links or the sending client as spam.",
        "Check the content, the links and the sender's authentication (SPF, DKIM). Ask the "
        "recipient's postmaster what the filter found.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "empty-message": Topic(
        "the message is empty",
        "The server finds no message content: the body is missing, and perhaps the header too.",
        "Check what was sent after DATA: it should be header fields, an empty line, and the text. "
        "A program may have failed to read the file that it was meant to send.",
        "RFC 5322 3.5",
        lasting=True,
    ),
    "plain-text-only": Topic(
        "only plain text is accepted",
        "A rule of the server or the mailing list does not allow HTML mail.",
        "Send the message as plain text (Content-Type: text/plain), without an HTML part.",
        "RFC 5321 7.9; RFC 2046 4.1",
        lasting=True,
    ),
    "message-refused": Topic(
        "the message is not accepted",
        "The server received the whole message but does not accept it, and the reply gives no "
        "reason. The cause is usually a spam or virus filter, a rule about the content, or the "
        "reputation of the client or the sender.",
        "Ask the server's postmaster for the reason, and quote the whole reply, including its "
        "numbers. Try a plain message without links or attachments.",
        "RFC 5321 6.2, 7.9",
        lasting=True,
    ),
    "content-policy": Topic(
        "a content rule forbids the message",
        "One of the server's rules or filters does not allow something in the message: its header "
        "fields, words, links or attachments.",
        "Check what the reply names. Try a plain message, then ask the recipient's postmaster "
        "which rule applied.",
        "RFC 5321 7.9; RFC 3463 3.7",
        lasting=True,
    ),
    "filter-refuses": Topic(
        "one of the server's filters rejected it",
        "A filter that the server consults rejected the command or the message. The reply gives "
        "no reason.",
        "Contact the recipient's postmaster, and quote the whole reply and the time it was sent.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "nul": Topic(
        "the message contains a NUL octet",
        "The message contains an octet with the value 0 (NUL), which is not allowed in text.",
        "Fix the program that creates the message, or encode the part with quoted-printable or "
        "base64.",
        "RFC 2045 2.7, 2.8; RFC 5322 3.5",
        lasting=True,
    ),
    "attachment": Topic(
        "an attachment is forbidden",
        "The server does not accept this kind of content, such as programs, scripts or certain "
        "archives.",
        "Remove the attachment, or share the file in another way, for example as a link.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "virus": Topic(
        "a virus was found",
        "A virus scanner reports that the message, or a file attached to it, is infected.",
        "Check the attachments with your own scanner. If this is a false alarm, contact the "
        "server's administrator.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "bad-header": Topic(
        "the message header is malformed",
        "The message does not follow RFC 5322: {field}.",
        "{mend_field}Correct the header: it needs one From: with an address, one Date:, one "
        "Message-ID: and one Subject:.",
        "RFC 5322 3.6",
        lasting=True,
    ),
    "bare-newline": Topic(
        "a line does not end with CRLF",
        "The message contains a bare LF (or a bare CR). Each line must end with CRLF, that is, CR "
        "followed by LF. Servers refuse anything else, because line endings that can be read in "
        "two ways allow a second message to be smuggled in.",
        "Change the program that creates the message so that it ends every line with CR LF "
        "(\\r\\n).",
        "RFC 5321 2.3.8",
        lasting=True,
    ),
    "body-line": Topic(
        "a message line is too long",
        "A line of the message is longer than 998 octets, not counting its CRLF (1,000 with it).",
        "Wrap the lines, or encode the body as quoted-printable or base64, whose lines are "
        "shorter.",
        "RFC 5321 4.5.3.1.6",
        lasting=True,
    ),
    "eight-bit": Topic(
        "the message contains octets above 127",
        "This server or the next one accepts ASCII only, and the message contains octets above "
        "127.",
        "Add BODY=8BITMIME to MAIL if the EHLO reply lists 8BITMIME. Otherwise, encode the body "
        "as quoted-printable or base64.",
        "RFC 6152 3",
        lasting=True,
    ),
    "too-large": Topic(
        "the message is too large",
        "The message exceeds the size that this server accepts.{size}",
        "Make the message smaller: compress or split it, or send a link instead of the attachment.",
        "RFC 1870 6.1",
        lasting=True,
    ),
    "size-unacceptable": Topic(
        "the message is too large for now",
        "The server does not have enough room now for a message of this size.{size}",
        "Try again later, or make the message smaller.",
        "RFC 1870 6.1",
    ),
    # Relaying, login and TLS before a transaction
    "relay": Topic(
        "no relaying to that domain",
        "The recipient is in a domain for which this server does not accept mail from this "
        "client.{relay_why}",
        "{relay}",
        "RFC 5321 3.6.2, 7.9",
        lasting=True,
    ),
    "login-required": Topic(
        "a login is required",
        "The server accepts this only from a client that has logged in.{login_why}",
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
        "The relay requires verified TLS (DANE or MTA-STS) for the next server, but that server's "
        "certificate or TLSA record failed verification.",
        "The next server's administrator must fix its certificate, STARTTLS or TLSA record.",
        "RFC 7672; RFC 8461",
    ),
    # AUTH
    # facts/explain/login.py adds the rest, which depends on what the mechanism sends.
    "credentials": Topic("the user name or password is wrong", "", "", "RFC 4954 6", lasting=True),
    "kerberos": Topic(
        "the Kerberos ticket is not accepted", "", "", "RFC 4752; RFC 4954 6", lasting=True
    ),
    "login-trouble": Topic(
        "the login cannot be checked now",
        "The service with which the server checks logins is down, slow or unreachable. The "
        "problem is on the server's side: neither the user name nor the password was checked.",
        "Try again later, with the same user name and password.",
        "RFC 4954 6",
    ),
    "login-busy": Topic(
        "the server reports a problem on its side",
        "The reply mentions a busy or failing service, but its code is that of a refused login, "
        "so it is not certain that the user name and password were checked. Some providers reply "
        "like this whenever they refuse a login: because the password is wrong, because they "
        "require one made for programs, or because there were too many logins.",
        "Try once more in a few minutes, with the same user name and password. If the login fails "
        "again, check both, and whether the provider requires a password made for programs (app "
        "password, authorization code).",
        "RFC 4954 6",
    ),
    "password-weak": Topic(
        "the password is too simple for this server",
        "The server's rules no longer allow a password as simple as this one for sending mail. "
        "The user name and password may both be correct.",
        "Choose a stronger password for the account, then log in with it.",
        "RFC 4954 6",
    ),
    "login-tries": Topic(
        "too many failed logins",
        "This client or account has made too many failed login attempts, so the server makes it "
        "wait.",
        "Wait a few minutes, then try once, with a user name and password known to be correct.",
        "RFC 4954 6",
    ),
    "account-locked": Topic(
        "the account is locked",
        "The account exists but is disabled, blocked, suspended or not yet activated. The "
        "mechanism and the connection are not at fault.",
        "Ask the provider or administrator to unlock the account.",
        "RFC 5248 2.4",
        lasting=True,
    ),
    "password-expired": Topic(
        "the password has expired",
        "The user name and password may be correct, but the password is too old: the server does "
        "not allow a login until it has been changed.",
        "Set a new password where the account is managed, then log in with it.",
        "RFC 5248 2.4; RFC 4954 6",
        lasting=True,
    ),
    "app-password": Topic(
        "an app password is needed",
        "Two-step verification (a second factor) protects the account, so the provider does not "
        "allow programs to log in with the account password.",
        "Create an app password in the account settings and use it here, or log in with OAuth "
        "(XOAUTH2).",
        "RFC 4954 6",
        lasting=True,
    ),
    "login-web": Topic(
        "the provider requires a login with a browser first",
        "The provider distrusts this login and has put it on hold. The user name and password may "
        "be correct.",
        "Log in once with a web browser and confirm that it was you (the reply contains a link), "
        "or use OAuth or an app password.",
        "RFC 4954 6",
        lasting=True,
    ),
    "authorization-code": Topic(
        "the provider requires its own code as the password",
        "This provider requires an authorization code instead of the account password. The code "
        "is created in its web settings after SMTP access has been enabled.",
        "Enable SMTP in the mailbox settings, create the code, and use it as the password.",
        "RFC 4954 6",
        lasting=True,
    ),
    "smtp-off-account": Topic(
        "SMTP login is disabled for this mailbox",
        "The provider has switched SMTP AUTH off for this account. The user name and password "
        "were not the reason.",
        "Ask the administrator to enable SMTP AUTH (authenticated SMTP) for this mailbox, or "
        "enable SMTP access in its settings.",
        "RFC 4954 6",
        lasting=True,
    ),
    "smtp-off-organisation": Topic(
        "SMTP login is disabled for the organisation",
        "SMTP AUTH is switched off for the whole organisation (tenant). The user name and "
        "password were not the reason.",
        "Ask the administrator to enable SMTP AUTH for the organisation or this mailbox, or send "
        "through another server.",
        "RFC 4954 6",
        lasting=True,
    ),
    "channel-binding": Topic(
        "the login is not bound to this TLS connection",
        "SCRAM with channel binding ties the login to the TLS connection, but client and server "
        "disagree about that connection: a proxy or scanner on the network path terminates TLS, "
        "or one side uses a different kind of binding. The user name and password may be correct.",
        "Connect to the server directly, so that nothing on the network path terminates TLS, or "
        "choose the mechanism without -PLUS{mechanisms_listed}.",
        "RFC 5802 6, 7; RFC 9266",
        lasting=True,
    ),
    "basic-off": Topic(
        "password login is switched off",
        "The provider no longer accepts passwords here (basic authentication), whether they are "
        "right or wrong. It requires a token (modern authentication, OAuth).",
        "Log in with XOAUTH2 and an OAuth access token{oauth}. Otherwise, ask the administrator "
        "or provider what is allowed.",
        "RFC 4954 6",
        lasting=True,
    ),
    "login-policy": Topic(
        "a policy does not allow this login",
        "A rule of the organisation (conditional access, security defaults or similar) does not "
        "allow this login. The user name and password may be correct.",
        "Ask the account's administrator which policy applied; OAuth may be required.",
        "RFC 4954 6",
        lasting=True,
    ),
    "login-over-tls": Topic(
        "login requires TLS",
        "This mechanism would reveal the password to anyone on the network path, because the "
        "connection is not encrypted.",
        "{tls_login}",
        "RFC 4954 4, 6",
        lasting=True,
    ),
    "mechanism": Topic(
        "this mechanism is not available",
        "The server does not support{mechanism}, or does not offer it here.{mechanism_why}",
        "{mechanisms}",
        "RFC 4954 4",
        lasting=True,
    ),
    "auth-not-offered": Topic(
        "AUTH is not offered here",
        "AUTH may be used only if the EHLO reply lists it{auth_listed}.",
        "{auth_where}",
        "RFC 4954 3",
        lasting=True,
    ),
    "auth-twice": Topic(
        "already logged in",
        "A login remains valid until the connection ends, and a second AUTH is not allowed.",
        "Continue with MAIL. To log in as a different user, reconnect.",
        "RFC 4954 4",
        lasting=True,
    ),
    "no-secret": Topic(
        "the server has no secret for this mechanism",
        "{mechanism_upper} requires a secret that the server stores in a form specific to the "
        "mechanism, but the server has none for this user. The user name and password may be "
        "correct.",
        "Use a mechanism that works with any storage (PLAIN or LOGIN, over TLS), or ask the "
        "administrator to reset the password, so that the secret is stored.",
        "RFC 5802 2.3; RFC 2195 2; RFC 4954 6",
        lasting=True,
    ),
    "auth-empty": Topic(
        "the user name or password is empty",
        "Once decoded from base64, the login data contains no user name or no password.",
        "Send AUTH again with both. PLAIN consists of a NUL octet, the user name, another NUL "
        "octet and the password.",
        "RFC 4616 2; RFC 4954 4",
        lasting=True,
    ),
    "login-full-name": Topic(
        "the user name must be the full address",
        "The server does not recognise the user name as sent: it requires the whole address, "
        "user@domain. The password may be correct.",
        "Log in with the full e-mail address as the user name.",
        "RFC 4954 6",
        lasting=True,
    ),
    "auth-base64": Topic(
        "the response is not valid base64",
        "The server could not decode the response: everything that the client sends during AUTH "
        "must be base64.",
        "Encode the user name and the password separately in base64, without spaces or line "
        "breaks, and keep any = at the end. Then send AUTH again.",
        "RFC 4954 4",
        lasting=True,
    ),
    "auth-initial": Topic(
        "this mechanism has no initial response",
        "The AUTH line contains a response after the mechanism, but with this mechanism the "
        "server speaks first.",
        "Send AUTH with only the mechanism, then send the response after the 334.",
        "RFC 4954 4",
        lasting=True,
    ),
    "auth-line": Topic(
        "the AUTH line is too long",
        "An AUTH command may have at most 512 octets, and later lines of the exchange at most "
        "12,288; this server does not accept a longer line.{length}{long_response}",
        "{shorter_response}",
        "RFC 4954 4; RFC 5321 4.5.3.1.4",
        lasting=True,
    ),
    # Commands
    "line-too-long": Topic(
        "the line is too long",
        "A command line may have at most 512 octets, including the CRLF.{length} The server "
        "objects to the length, not to the command itself.",
        "Send a shorter line.",
        "RFC 5321 4.5.3.1.4",
        lasting=True,
    ),
    "greet-first": Topic(
        "EHLO must come first",
        "{not_greeted}. MAIL is allowed only after EHLO or HELO.",
        "First send EHLO followed by your host name.",
        "RFC 5321 4.1.4",
        lasting=True,
    ),
    "nested-mail": Topic(
        "a transaction is already open",
        "A MAIL command has already been accepted, and a transaction has only one "
        "sender.{out_of_step}",
        "Continue with RCPT, or send RSET to end the open transaction and then MAIL again.",
        "RFC 5321 4.1.4, 3.3",
        lasting=True,
    ),
    "mail-first": Topic(
        "MAIL must come first",
        "No transaction is open: MAIL was not sent or was refused, or a RSET ended the "
        "transaction.",
        "Send MAIL FROM:<...>, check the reply, then continue.",
        "RFC 5321 4.1.4, 3.3",
        lasting=True,
    ),
    "recipient-first": Topic(
        "a recipient must come first",
        "No recipient has been accepted in this transaction: no RCPT was sent, or every RCPT was "
        "refused.",
        "Check the reply to each RCPT, then send RCPT TO:<...> with an address that the server "
        "accepts.",
        "RFC 5321 3.3",
        lasting=True,
    ),
    "order": Topic(
        "the command is not allowed at this point",
        "The server supports this command, but it was sent out of order.",
        "Send RSET to end any open transaction, then send the commands in this order: EHLO, MAIL, "
        "RCPT, DATA.",
        "RFC 5321 4.1.4",
        lasting=True,
    ),
    "parameter": Topic(
        "a parameter is not supported",
        "The server does not recognise a parameter after the address, or does not allow it "
        "here.{parameters}",
        "Omit the parameter{keep_parameters}.",
        "RFC 5321 4.1.1.11",
        lasting=True,
    ),
    "parameter-value": Topic(
        "a parameter has an invalid value",
        "The server recognises the parameter after the address, but cannot parse its "
        "value.{parameters}",
        "Use the form that its extension defines (SIZE=octets, BODY=8BITMIME, "
        "NOTIFY=SUCCESS,FAILURE, RET=HDRS, ORCPT=rfc822;user@example.org), or omit the parameter.",
        "RFC 5321 4.1.1.11; RFC 3461 4",
        lasting=True,
    ),
    "dsn-off": Topic(
        "delivery reports cannot be requested here",
        "The server does not accept the DSN extension's parameters (NOTIFY, ORCPT, RET, ENVID) "
        "from this client.",
        "Omit NOTIFY, ORCPT, RET and ENVID.",
        "RFC 3461 4",
        lasting=True,
    ),
    "smtputf8": Topic(
        "this address requires SMTPUTF8",
        "The address contains non-ASCII characters, so MAIL needs the parameter "
        "SMTPUTF8.{smtputf8_why}",
        "{smtputf8}",
        "RFC 6531 3.4",
        lasting=True,
    ),
    "chunking-off": Topic(
        "BDAT is not offered here",
        "BDAT belongs to the extension CHUNKING, which the server has not offered.",
        "Send the message with DATA, which every server supports.",
        "RFC 3030 2",
        lasting=True,
    ),
    "binarymime": Topic(
        "BODY=BINARYMIME requires BDAT",
        "The message was declared as binary (BODY=BINARYMIME), which DATA cannot carry.",
        "Send it with BDAT, or send RSET and then MAIL without BODY=BINARYMIME.",
        "RFC 3030 3",
        lasting=True,
    ),
    "bdat-syntax": Topic(
        "the chunk size is missing or invalid",
        "BDAT must be followed by the number of octets in the chunk, and by LAST for the final "
        "chunk.",
        "Send the exact size: for example BDAT 1024, or BDAT 1024 LAST for the final chunk.",
        "RFC 3030 2",
        lasting=True,
    ),
    "chunk-mixed": Topic(
        "DATA and BDAT cannot be mixed",
        "A message started with BDAT must be ended with BDAT ... LAST, within the same "
        "transaction.",
        "Send RSET, then start the transaction again with only one of the two.",
        "RFC 3030 2",
        lasting=True,
    ),
    "chunk-failed": Topic(
        "the transaction failed: a chunk was refused",
        "An earlier BDAT was refused. The transaction has therefore failed, and no further chunk "
        "of it may be sent.",
        "First check the reply to the refused BDAT to find out what to correct. Then send RSET, "
        "MAIL, RCPT and the message again.",
        "RFC 3030 2",
        lasting=True,
    ),
    "pipelining": Topic(
        "the client did not wait for the reply",
        "The client sent more commands ahead of the replies than the server allows. DATA, EHLO, "
        "STARTTLS and AUTH must each be the last command of a group: whatever follows may be sent "
        "only after the reply (the message only after 354).",
        "Wait for each reply before sending the next command. Send commands ahead only if the "
        "EHLO reply lists PIPELINING.",
        "RFC 2920 3.1",
        lasting=True,
    ),
    "early-talker": Topic(
        "the client spoke too early",
        "As spam programs do, the client sent something before the greeting (220) or before a "
        "reply that was due. A server that checks for this does not accept anything after it.",
        "Connect again, and wait for the whole greeting and for each reply.",
        "RFC 5321 4.3.1, 3.1",
        lasting=True,
    ),
    "tls-active": Topic(
        "TLS is already active",
        "The connection is already encrypted, and STARTTLS may be used only once per connection.",
        "Continue with EHLO, then AUTH or MAIL.",
        "RFC 3207 4.2",
        lasting=True,
    ),
    "tls-failed": Topic(
        "the TLS handshake failed",
        "Client and server could not agree on TLS: they have no version or cipher in common, one "
        "of them rejected a certificate, or the connection was lost during the handshake.",
        "Connect again and check the handshake: which versions each side offers, and whose "
        "certificate is rejected. If the client is set up correctly, contact the server's "
        "administrator.",
        "RFC 3207 4; RFC 8446 4.1.1, 6.2",
    ),
    "tls-unavailable": Topic(
        "TLS is currently unavailable",
        "The server supports STARTTLS but cannot start TLS: its certificate or key is missing or "
        "unusable, or TLS is not set up.",
        "Try again later, and contact the server's administrator. Do not silently fall back to an "
        "unencrypted connection.",
        "RFC 3207 4",
    ),
    "no-parameters": Topic(
        "the command does not accept an argument",
        "An argument follows {verb}, which does not accept one.",
        "Send {verb} alone on its line.",
        "RFC 5321 4.1.1",
        lasting=True,
    ),
    # Queries
    "vrfy-off": Topic(
        "the server does not disclose its users",
        "The server supports {verb} but has disabled it, so that it cannot be used to guess "
        "addresses. According to RFC 5321, such a server must reply with 252.",
        "Use RCPT TO:<...> to find out whether the server accepts an address.",
        "RFC 5321 7.3, 4.5.1",
        lasting=True,
    ),
    "no-name": Topic(
        "no such list or user",
        "The server has no mailing list, alias or user of that name, or does not disclose it.",
        "Check the spelling of the name.",
        "RFC 5321 3.5.1",
        lasting=True,
    ),
    "not-a-list": Topic(
        "a user, not a mailing list",
        "The name belongs to a single user, whose mailbox exists, so there is no list to expand.",
        "Use VRFY to learn more about the user, or RCPT TO:<...> to find out whether mail is "
        "accepted.",
        "RFC 5321 3.5.1",
        lasting=True,
    ),
    "ambiguous": Topic(
        "the name matches more than one mailbox",
        "Several users match the name. The reply may list them.",
        "Repeat the command with one of the full addresses.",
        "RFC 5321 3.5.1",
        lasting=True,
    ),
    "auth-step": Topic(
        "the AUTH exchange ended too early",
        "The server considers the exchange incomplete: a response from the client was empty or "
        "missing, or belonged to another mechanism. The user name and password were not checked.",
        "Compare each response with what the mechanism requires, and answer every 334. Otherwise, "
        "choose another mechanism.",
        "RFC 4954 4; RFC 4422 3",
    ),
    "sender-unverified": Topic(
        "the sender address has not been confirmed yet",
        "The provider does not allow mail from an address until its owner has confirmed "
        "(verified) it, and this sender has not been confirmed.",
        "Confirm the address with the provider, through the link mailed to it or in the account "
        "settings. Then send again.",
        "RFC 6409 6.1",
        lasting=True,
    ),
    "tls-in-transaction": Topic(
        "STARTTLS is not allowed within a transaction",
        "STARTTLS is not allowed while a transaction is open, because everything sent before TLS "
        "starts is discarded.",
        "Send RSET to end the transaction, then send STARTTLS alone, and wait for the reply to it.",
        "RFC 3207 4, 4.2",
    ),
    "after-quit": Topic(
        "something was sent after QUIT",
        "According to the server, the client sent QUIT before this line. QUIT ends the session: "
        "nothing may follow it, and the server closes the connection.",
        "Connect again for the next commands, and send QUIT last. If nobody typed QUIT, check "
        "whether one of the earlier lines reads QUIT.",
        "RFC 5321 4.1.1.10",
    ),
    "sender-at-login": Topic(
        "the reply mentions a sender, but AUTH has none",
        "The reply does not object to the user name or the password: the server checks the domain "
        "in the user name, or a sender that was given before AUTH. If commands were sent ahead, "
        "the reply may also belong to another command.",
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
        "The client logs in with an access token, and the server says that it has expired, was "
        "revoked or cannot be read.",
        "Refresh the token, or get a new one with the scope for SMTP, then log in with it.",
        "RFC 7628 3.2.2; RFC 4954 6",
        lasting=True,
    ),
    "session-expired": Topic(
        "the server's own session has expired",
        "The server says that a session with its login service has expired. The user name and "
        "password may be correct.",
        "Reconnect and log in again. If the problem persists, sign in where the account is "
        "managed, and contact the provider.",
        "RFC 4954 6",
    ),
    "login-certificate": Topic(
        "a certificate was rejected during the login",
        "The server says that a certificate has expired or is not accepted: the client's own, or "
        "one between the server and the service that checks logins. The user name and password "
        "may be correct.",
        "If the client uses a certificate, check its dates and whether the server accepts it. "
        "Otherwise, contact the server's administrator.",
        "RFC 4954 6",
    ),
    "login-address": Topic(
        "login is not allowed from this address",
        "The server does not allow a login from the client's IP address, network or country. The "
        "user name and password may be correct.",
        "Add the address to those that the account or the server allows, or log in from an "
        "allowed address. The provider or administrator knows which addresses are allowed.",
        "RFC 4954 6",
        lasting=True,
    ),
    "ptr-lookup": Topic(
        "the client's name could not be looked up",
        "The server looked up the PTR record of the client's address (reverse DNS) and got no "
        "usable answer.",
        "Try again later. If the problem persists, check that the address has a PTR record and "
        "that its name resolves back to the address.",
        "RFC 7372 3.3; RFC 3463 3.5",
    ),
    "open-relay": Topic(
        "the client is considered an open relay",
        "According to the reply, the client (the sending server) is an open relay or open proxy, "
        "which forwards mail for anyone. The recipient is not at fault.",
        "Check that the client relays only for its own users, and have it removed from the list "
        "of open relays. Ask the server's postmaster which list that is.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "region": Topic(
        "mail from this country or region is not accepted",
        "The server refuses clients according to the country or network to which their IP address "
        "belongs.",
        "Send through a server in another network, or ask the postmaster to make an exception for "
        "the address.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "recipients-unknown": Topic(
        "too many recipients do not exist",
        "The client has named too many unknown or refused recipients, as if it were guessing "
        "addresses, and the server does not accept any more. This particular address may exist.",
        "Remove the addresses that were refused, wait, and connect again.",
        "RFC 5321 7.3, 7.8",
    ),
    "session-limit": Topic(
        "a limit for this connection has been reached",
        "The server limits how much one connection (session) may send or how long it may last. "
        "Neither this command nor the message is at fault.",
        "Connect again and continue, with fewer messages per connection.",
        "RFC 5321 7.8, 3.8",
    ),
    "client-spam": Topic(
        "the client is blocked because of spam",
        "The server refuses the client itself (its IP address or network) because of spam or "
        "complaints about mail from there. This particular message was not the reason.",
        "Find out what was sent from there, for example by a compromised account or program. Then "
        "ask the server's postmaster, or the provider named in the reply, to lift the block.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "client-refused": Topic(
        "the client is not accepted",
        "The server does not accept mail from this client, because of its IP address, its name or "
        "its network. Neither the address nor the message is at fault. The reply does not give "
        "the reason.",
        "Check the client's PTR record and whether its address is on block lists, then ask the "
        "server's postmaster{page}, or send through your provider's server.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    "recipient-refused": Topic(
        "this recipient is not accepted",
        "The server does not accept mail for this recipient from this client. Usually the address "
        "does not exist here or no longer accepts mail, or a rule forbids it; the reply does not "
        "say which.",
        "Check the spelling of the address. If it is correct, contact the server's postmaster, or "
        "reach the recipient another way, for example by phone.",
        "RFC 5321 4.2.2, 7.9",
        lasting=True,
    ),
    "recipient-rule": Topic(
        "this recipient is not accepted",
        "One of the server's rules forbids mail for this recipient from this client: the enhanced "
        "code (X.7.1) stands for a policy. The reply does not say whether the address exists.",
        "Ask the server's postmaster which rule it is, or contact the recipient another way, for "
        "example by phone. Check the spelling of the address as well: some servers reply like "
        "this to an unknown address.",
        "RFC 5321 7.9; RFC 3463 3.8",
        lasting=True,
    ),
    "sender-lookup": Topic(
        "the sender's domain could not be looked up",
        "The server looked up the domain in MAIL FROM{sender} in DNS and got no answer. It does "
        "not know yet whether the domain exists.",
        "Try again later. If the problem persists, check that the name servers of the sender's "
        "domain answer.",
        "RFC 5321 4.2.2; RFC 3463 3.5",
    ),
    "next-hop-down": Topic(
        "the next server could not be reached",
        "This server passes the mail on to another one but could not deliver it there: the other "
        "server is down, refuses the connection, or was not found in DNS. Neither the sender nor "
        "the message is at fault.",
        "Try again later. If the problem persists, contact the administrator of this server or of "
        "the recipient's domain.",
        "RFC 3463 3.5; RFC 5321 4.5.4.1",
    ),
    "unreadable-message": Topic(
        "the message is malformed",
        "The server cannot parse the message: its header, MIME structure or line endings do not "
        "follow RFC 5322.",
        "Check the header (one From:, one Date:), the MIME parts and the line endings (CRLF), or "
        "send the message with another program.",
        "RFC 5322; RFC 2045",
        lasting=True,
    ),
    "spoofed": Topic(
        "the sender is considered forged",
        "The server compared the sender's identities (MAIL FROM, From:, EHLO name, client "
        "address) and found that they do not match.",
        "Use a sender in the domain that this client sends for, with the same address in MAIL "
        "FROM and From:, and an EHLO name that belongs to the client's address.",
        "RFC 5321 7.1; RFC 7489 3.1",
        lasting=True,
    ),
    "protocol": Topic(
        "the client broke a protocol rule",
        "The server objects to how the client speaks SMTP (the order of commands, their syntax, or "
        "something sent ahead), not to the address or the message.",
        "Check the lines before this one: wait for each reply, send commands in the right order, "
        "and end each line with CRLF.",
        "RFC 5321 4.1.4, 4.3",
        lasting=True,
    ),
    "server-fault": Topic(
        "a problem on the server's side",
        "Something on the server is not working: its configuration, its storage or another server "
        "that it needs. It is not the client's fault, even though the code is permanent.",
        "Try again later. If the problem persists, contact the server's administrator "
        "(postmaster).",
        "RFC 5321 4.2.2; RFC 3463 3.4",
    ),
    "rule-blocks": Topic(
        "the server's rules forbid it",
        "One of the server's policies or filters does not allow {whom}. The reply does not say "
        "which rule it is.{at_start}{unused}",
        "Ask the server's postmaster for the reason, and quote the whole reply.",
        "RFC 5321 7.9",
        lasting=True,
    ),
    # Other protocols
    "ftp": Topic(
        "this is an FTP server, not a mail server",
        "USER and PASS are FTP commands, which SMTP does not have. In FTP, 530 means that nobody "
        "has logged in.",
        "Check the host and port: mail servers listen on 25, 587 and 465.",
        "RFC 959 4.1.1",
    ),
    "http-or-text": Topic(
        "something other than SMTP was sent",
        "The server received an HTTP request (GET, POST) or a header line instead of a command, "
        "and closes the connection.",
        "Check the port and the client. Message text belongs after DATA and the 354 reply to it.",
        "RFC 5321 7.8",
    ),
    # Success
    "accepted": Topic(
        "message accepted",
        "The server has accepted the message and is now responsible for it; the reply contains "
        "its queue ID. This does not mean that the message has been delivered.",
        "Quote the ID when you contact the postmaster.",
        "RFC 5321 4.2.5",
    ),
    "discarded": Topic(
        "accepted, but discarded",
        "The server accepts the message but, according to the reply, discards it: it is not "
        "delivered, and the sender gets no report. Filters do this with messages that they "
        "classify as spam or infected.",
        "Ask the server's postmaster which rule applied, and quote the whole reply.",
        "RFC 5321 6.2",
    ),
    "held": Topic(
        "accepted, but held back",
        "The server has accepted the message but is holding it (quarantine, moderation). It will "
        "be delivered only when a moderator or a rule releases it.",
        "Ask the recipient or the server's postmaster to release the message, and quote the whole "
        "reply.",
        "RFC 5321 6.2",
    ),
    "approval": Topic(
        "the message needs approval first",
        "The server holds mail like this (quarantine, moderation) until a moderator or a rule has "
        "approved it. The code begins with 4, so the message is not accepted yet: the sending "
        "server keeps it and tries again.",
        "Try again later, unchanged. Ask the recipient, the moderator or the server's postmaster "
        "to approve the message, and quote the whole reply.",
        "RFC 5321 4.2.1, 7.9",
    ),
    "accepted-as-spam": Topic(
        "accepted, but classified as spam",
        "The server has accepted the message, but marks it or files it as spam: it will reach the "
        "recipient's junk folder at best.",
        "Check the content, the links and the sender's authentication (SPF, DKIM). Ask the "
        "recipient to look in the junk folder.",
        "RFC 5321 6.2",
    ),
    "delivered": Topic(
        "delivered to this recipient's mailbox",
        "The message was saved in the mailbox.",
        "",
        "RFC 2033 4.2",
    ),
}
