"""Explains the messages in mail server logs that do not quote a reply.

The wording is that of Postfix, Exim, Sendmail, Dovecot and OpenSMTPD. The messages of operating
systems and TLS libraries are in client_errors, which `log_message` also consults.
"""

from __future__ import annotations

import re

from .client_errors import ClientError, client_error

_SHOWN = 2_000  # characters of a message that are searched


def _row(words: str, title: str, means: str, try_next: str) -> tuple[re.Pattern[str], ClientError]:
    return re.compile(words, re.IGNORECASE), ClientError(title, means, try_next)


_CERTIFICATE = (
    "The receiving server's certificate did not pass the check that this server is configured to "
    "make, so nothing was sent."
)
_LOOK_AT_CERTIFICATE = (
    "Look at the certificate that the receiving server sends: issuer, dates and names. In Postfix, "
    "smtp_tls_security_level and smtp_tls_policy_maps say when one is required."
)
_QUOTA = (
    "the mailbox or the disk is full",
    "The message could not be written: the quota of the mailbox, or the disk, is used up.",
    "On the server that stores the mail, make room, or raise the quota.",
)
_LOGIN = (
    "the login was refused: user or password is wrong",
    (
        "The server did not accept the credentials. Many such lines from addresses that nobody "
        "knows are attempts to guess a password."
    ),
    (
        "If the client is one of yours, check user name and password in it. Otherwise consider "
        "limiting the attempts of an address, as with fail2ban."
    ),
)

# Searched in this order: a message can name both a general and a particular reason.
_TABLE = (
    _row(r"lost connection after STARTTLS",
         "a client left after STARTTLS",
         "Either the handshake did not succeed, often because the client did not accept this "
         "server's certificate, or this server refused STARTTLS, as it does without a certificate. "
         "A scanner that only looks at the certificate leaves the same line.",
         "Look for SSL_accept and the TLS library in the lines before it. Check that the server "
         "has a certificate, and its dates, names and chain."),
    _row(r"SSL_accept error|TLS error on connection from|SSL_accept\(\) failed|"
         r"STARTTLS=server, error: accept failed",
         "TLS failed while a client was connecting",
         "The client began TLS and the handshake did not succeed: often the client did not accept "
         "this server's certificate and closed the connection, or the two have no version or "
         "cipher in common. A scanner that only looks at the certificate leaves the same line.",
         "Look for a line about the TLS library beside it, which may name the alert of the client. "
         "Check the dates, the names and the chain of this server's certificate."),
    _row(r"alert (?:unknown ca|certificate (?:unknown|expired)|bad certificate)|"
         r"alert number 4[2568]\b",
         "TLS failed: the other side does not accept the certificate",
         "The TLS library reports the alert with which the other side ended the handshake: it did "
         "not accept the certificate that this side sent.",
         "Check the dates, the names and the chain of the certificate, and whether the full chain "
         "is sent."),
    _row(r"server certificate not (?:verified|trusted)|certificate verification failed|"
         r"certificate verify failed|failed due to certificate validation|"
         r"tlsa-invalid|failed DANE validation",
         "TLS failed: the receiving server's certificate was not accepted", _CERTIFICATE,
         _LOOK_AT_CERTIFICATE),
    _row(r"TLS is required,? but was not offered|a TLS session is required|"
         r"requires? TLS,? but .{0,40}not (?:offer|support)",
         "no delivery: the receiving server does not offer TLS",
         "This server is configured to send to that destination in TLS only, and STARTTLS was not "
         "in the reply to EHLO. A firewall on the way may have removed it.",
         "Check with a connection by hand whether the server lists STARTTLS. The policy of this "
         "server says for which destinations TLS is required."),
    _row(r"cannot start TLS|TLS session: \(|STARTTLS=client, error|SSL_connect error",
         "TLS failed: the handshake with the receiving server did not succeed",
         "The receiving server had answered STARTTLS, and the handshake then failed.",
         "Try the same server by hand with TLS, and look at the version, the cipher and the "
         "certificate."),
    _row(r"SASL authentication failed.{0,200}no mechanism available|no worthy mechs",
         "no login: this server and the relay have no mechanism in common",
         "The relay offers no SASL mechanism that this server has or is allowed to use; PLAIN and "
         "LOGIN are often offered only inside TLS.",
         "Compare AUTH in the relay's reply to EHLO with smtp_sasl_security_options, and check "
         "that the SASL modules are installed."),
    _row(r"SASL .{0,40}authentication failed|authenticator failed|password mismatch|auth failed|"
         r"\w\([^()]{1,400}\): unknown user|AUTH failure|"
         r"authentication user=\S{1,200} result=(?:perm)?fail|"
         r"\(auth_failed\)|invalid credentials|unknown user(?= .{0,20}\(given)", *_LOGIN),
    _row(r"SASL: connect to|Connect to private/auth failed|auth_client|auth: .{0,80}connect\(",
         "the service that checks passwords cannot be reached",
         "The mail server asks another program, such as Dovecot, whether a password is right, and "
         "had no connection to it. Until then nobody can log in.",
         "Check whether that program is running, and whether the path, the owner and the mode of "
         "its socket fit."),
    _row(r"unsupported SASL|no SASL authentication mechanisms|"
         r"AUTH command used when not advertised",
         "a login that this server does not offer",
         "A client used AUTH, or a mechanism, that the server had not offered on this connection.",
         "Check what the reply to EHLO lists, before and after STARTTLS, and the settings of the "
         "client."),
    _row(r"improper command pipelining|pipelining.{0,20} after|protocol synchronization error|"
         r"PREGREET|input sent without waiting",
         "a client did not wait for the server",
         "The client sent its next lines before the server had answered, or before the greeting, "
         "where that is not allowed. Programs that send spam do that; so does a client that "
         "mistakes the kind of connection.",
         "If the client is one of yours, have it wait for the greeting and for each reply, but for "
         "groups that PIPELINING allows (RFC 2920)."),
    _row(r"non-SMTP command|SMTP syntax error|bad-input|Illegal address syntax|"
         r"unrecognized command|"
         r"too many (?:errors|syntax or protocol errors)|BARE NEWLINE|syntactically invalid",
         "a client sent what is not valid in SMTP",
         "The server could not read a line of the client. Web browsers, scanners and clients that "
         "begin TLS on a port without it leave such lines, and so do programs with a fault.",
         "If the client is one of yours, look at what it sends: the log names its address."),
    _row(r"connection (?:rate|concurrency|count) limit|too many connections|rejecting connections|"
         r"recipient rate limit|message delivery request rate limit",
         "a client was turned away: too many connections or messages",
         "The server limits what one address may do in a time, and the limit was exceeded.",
         "If the client is one of yours, have it open fewer connections, or raise its limit."),
    _row(r"delivery temporarily suspended|retry time not reached|retry timeout exceeded|"
         r"have been failing for a long time",
         "delivery to this destination is suspended, since it failed before",
         "The server did not try again, because the last attempts to reach the same destination "
         "had failed: the reason is in an earlier line.",
         "Look for the first line about the destination, which has the cause. Once it is removed, "
         "have the queue delivered at once."),
    _row(r"loops back to myself|lowest numbered MX record points to local host|local configuration "
         r"error|hopcount exceeded|mail loop|too many hops|routing loop",
         "the mail would go round in a circle",
         "DNS names this very server as the one to deliver to, but its configuration does not say "
         "that the domain is its own. Or the mail has passed too many servers.",
         "Either add the domain to those that the server receives mail for, or correct its MX "
         "record."),
    _row(r"does not accept mail \(nullMX\)|null ?MX",
         "the domain accepts no mail",
         "The MX record of the domain is a single dot, which says so (RFC 7505).",
         "Check the spelling of the domain."),
    _row(r"host or domain name not found|host not found|unable to look up host|"
         r"all relevant MX records point to non-existent|no (?:data|MX) record|"
         r"but no data record of requested type|host unknown|name server|no MX found|"
         r"domain not found|host lookup did not complete|Name service error",
         "no delivery: DNS has no mail server for the domain, or did not say",
         "The server looked up where mail for the domain goes, and found nothing to deliver to. "
         "\"Try again\", or a lookup that did not complete, means that DNS did not answer, so it "
         "is not known whether the domain exists.",
         "Check the spelling of the address, then look up the MX record of the domain."),
    _row(r"unrouteable address",
         "no delivery: Exim knows no way to that address",
         "None of its routers takes the address: its domain is this server's own and has no such "
         "mailbox, or DNS has no mail server for the domain.",
         "Check the spelling of the address; exim -bt ADDRESS shows which router refuses it."),
    _row(r"sender verify (?:fail|defer)|callout",
         "refused: the sender's address could not be verified",
         "Before it accepts a message, this server checks whether the address of MAIL could be "
         "delivered to, and it could not.",
         "Whoever sends should use an address that exists, and whose domain has a mail server."),
    _row(r"(?:un)?known user|user unknown|no such user|mailbox does not exist|user lookup error|"
         r"user doesn'?t exist|Invalid recipient",
         "refused for good: no such user",
         "The server that has the mailboxes of the domain knows none of that name.",
         "Check the spelling of the address."),
    _row(r"quota exceeded|disk quota|disk full|no space left|"
         r"insufficient (?:system )?(?:storage|disk space)|"
         r"mailbox (?:is )?full|over quota|not enough (?:free )?(?:disk )?space", *_QUOTA),
    _row(r"message size \d{1,20} exceeds size limit|file too large|size limit exceeded|"
         r"message (?:too (?:big|large)|file too big)",
         "the message is too large",
         "It exceeds what the receiving side, or this server, accepts.",
         "SIZE in the reply to EHLO says what the other side accepts. In Postfix, "
         "message_size_limit and mailbox_size_limit are the limits of this server."),
    _row(r"relay not permitted|relay(?:ing)? (?:access )?denied|relaying denied",
         "refused for good: no relaying to that domain",
         "The server does not deliver to that domain for this client: the domain is not its own, "
         "and the client has not logged in.",
         "Log in, on port 587 or 465, or send to the domain's own mail server."),
    _row(r"SMTPUTF8 is required|non-ASCII address",
         "the receiving server does not accept addresses beyond ASCII",
         "The message has an address, or a header field, in UTF-8, and SMTPUTF8 was not offered.",
         "Use an address in ASCII, if the recipient has one."),
    _row(r"milter.{0,200}(?:can't|cannot|refused|timeout|timed out|error|conversation|unreadable)|"
         r"connect to Milter",
         "a filter could not be asked",
         "The mail server has each message checked by another program (a milter), which it could "
         "not reach or which did not answer as expected. Its settings say what then becomes of the "
         "mail: it is usually deferred.",
         "Check whether the filter is running, and whether the address or the socket in the "
         "configuration is its own."),
    _row(r"mail transport unavailable|connect to transport|"
         r"private/\S{1,60}: (?:Connection|No such)|"
         r"content filter|malformed response",
         "a part of the mail server cannot be reached",
         "The server passes mail on to another program, which is not running or not configured.",
         "Check the log of that program, and its line in master.cf."),
    _row(r"command died with|pipe .{0,40}(?:failed|error)|command output|child process of",
         "the program that takes the mail failed",
         "The mail was passed to a program, such as a filter or a local delivery agent, which "
         "ended with an error. Its own words are in the line.",
         "Look at the output in the line and at the log of that program."),
    _row(r"lost connection with|conversation with .{0,200}timed out|remote host closed connection|"
         r"connection unexpectedly closed",
         "the connection to the receiving server was lost",
         "It was open, and ended before the mail was accepted; the line says in which part. Unless "
         "it happens again and again, the next attempt usually succeeds.",
         "If it always happens in the same part, look at the receiving server's log, and for a "
         "firewall in between that rewrites SMTP."),
    _row(r"lost connection after|unexpected disconnection|lost while reading|lost input channel|"
         r"HANGUP after|reason=\"?io-error|dropped by|connection lost|did not issue MAIL",
         "a client left without ending the conversation",
         "The client closed the connection without QUIT, or the network did; the line says after "
         "which command. Nothing was delivered by what was not finished. Scanners do so all the "
         "time.",
         "If the client is one of yours, look at its log for the reason: a certificate that it "
         "does not accept, a time limit, or an extension that it misses."),
    _row(r"timeout after|timeout (?:waiting|on connection|while)|SMTP command timeout|"
         r"timeout exceeded",
         "a client fell silent",
         "The client had a connection and said nothing more, until the server's time limit ended "
         "it; the line says after which command.",
         "In the middle of a message, that is often a network that drops large packets (MTU). "
         "Otherwise look at the client's log."),
    _row(r"does not resolve to address|address not listed for hostname|no host name found|"
         r"hostname .{1,255} verification failed|cannot find your hostname",
         "a client's address and name do not fit in DNS",
         "The name that DNS gives for the client's address does not lead back to the address. That "
         "alone refuses nothing, but many servers are stricter with such clients.",
         "Whoever runs the client should set the PTR record of its address, and the address record "
         "of that name."),
    _row(r"DNSBL rank|blocked using|listed (?:in|at|by)|blacklisted",
         "the client's address is on a block list",
         "A list of addresses that send spam has the address of the client.",
         "Whoever runs the client should look the address up at that list, which says how to be "
         "removed."),
    _row(r"\A(?:rspamd|amavis): ",
         "a filter of this server refused or held back the message",
         "The filter's verdict, score or virus name is in the line.",
         "Look at the filter's own log for the rules that decided."),
    _row(r"\A(?:temporarily )?rejected ",
         "refused by the rules of this server",
         "An access control list (ACL) or a limit in Exim's configuration refused it. The words "
         "after the colon, where there are any, are those of that rule.",
         "Look for these words in the configuration of Exim."),
    _row(r"network error on destination",
         "no connection to any mail server of the domain",
         "The server tried the mail servers of the domain and reached none of them; the lines "
         "before it, with the same destination, say why.",
         "Look for the first line about the destination. If it concerns all destinations, check "
         "whether the provider blocks outgoing connections to port 25."),
    _row(r"permission denied",
         "the mail server may not open a file or a socket",
         "The operating system refused it: the owner or the mode of the file does not fit the user "
         "that this part of the server runs as, or a policy such as SELinux forbids it.",
         "Check the owner and the mode of the file in the line, and of the folders above it."),
    _row(r"open dictionary|in parameter |duplicate master\.cf entry|unsupported dictionary|"
         r"bad (?:boolean|numerical|string|time)|unused parameter|unknown (?:parameter|section)|"
         r"specify at least one working instance",
         "a fault in the mail server's configuration",
         "The server could not use a setting; with fatal, the part that reports it does not start.",
         "Correct the setting that the line names, and reload the server."),
    _row(r"can't connect to server|connect\(.{1,300}\) failed",
         "a service that the mail server asks cannot be reached",
         "It is another program, such as a database or a directory (LDAP), that knows users or "
         "passwords.",
         "Check whether that service is running, and its address in the configuration."),
    _row(r"bad command startup|exit status \d|throttling",
         "a part of the mail server does not start",
         "The mail server's main program tried to start one of its parts, which ended at once.",
         "The reason is in a line of that part just before, with fatal or panic."),
    _row(r"mail is frozen|message is frozen|frozen",
         "a message in the queue is not tried any more",
         "Exim has set it aside, usually because a bounce could not be delivered either.",
         "exim -Mvl with its ID shows why; exim -Mt thaws it, exim -Mrm removes it."),
    _row(r"status=expired|returned to sender",
         "a message was given up",
         "It had been in the queue for as long as the server tries; its sender was told.",
         "Look for the lines with the same queue ID: they say why it was deferred."),
)  # fmt: skip


def log_message(message: str) -> ClientError | None:
    """Return the explanation of a mail server's log message, or None if the message is unknown."""
    shown = message[:_SHOWN]
    for words, what in _TABLE:
        if words.search(shown) is not None:
            return what
    return client_error(shown)
