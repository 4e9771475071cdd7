"""Explains the messages in mail server logs that do not quote a reply.

The wording is that of Postfix, Exim, Sendmail, Dovecot and OpenSMTPD. The messages of operating
systems and TLS libraries are in `client_errors`, which `log_message` also consults.
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
    "Check the certificate that the receiving server sends: its issuer, dates and names. In "
    "Postfix, smtp_tls_security_level and smtp_tls_policy_maps define when a valid one is required."
)
_QUOTA = (
    "the mailbox or the disk is full",
    "The message could not be stored: the mailbox is over its quota, or the disk is full.",
    "On the server that stores the mail, free some space or raise the quota.",
)
_LOGIN = (
    "the login was refused: wrong user name or password",
    (
        "The server did not accept the credentials. Many such lines from unknown addresses are "
        "attempts to guess a password."
    ),
    (
        "If the client is one of yours, check its user name and password. Otherwise consider "
        "limiting the number of attempts from one address, for example with fail2ban."
    ),
)

# Searched in this order: a message can name both a general and a particular reason.
_TABLE = (
    _row(r"lost connection after STARTTLS",
         "a client left after STARTTLS",
         "Either the handshake failed, often because the client did not accept this server's "
         "certificate, or this server refused STARTTLS, as it does if it has no certificate. A "
         "scanner that only reads the certificate causes the same line.",
         "Look in the preceding lines for SSL_accept and messages of the TLS library. Check that "
         "the server has a certificate, and check its dates, names and chain."),
    _row(r"SSL_accept error|TLS error on connection from|SSL_accept\(\) failed|"
         r"STARTTLS=server, error: accept failed",
         "TLS failed while a client was connecting",
         "The client started TLS, but the handshake failed. Often the client did not accept this "
         "server's certificate and closed the connection, or the two sides have no version or "
         "cipher in common. A scanner that only reads the certificate causes the same line.",
         "Look for a nearby line from the TLS library; it may name the alert that the client sent. "
         "Check the dates, names and chain of this server's certificate."),
    _row(r"alert (?:unknown ca|certificate (?:unknown|expired)|bad certificate)|"
         r"alert number 4[2568]\b",
         "TLS failed: the other side does not accept the certificate",
         "The other side ended the handshake with a TLS alert, because it did not accept the "
         "certificate that this side sent.",
         "Check the certificate's dates and names, and whether this side sends the full chain."),
    _row(r"server certificate not (?:verified|trusted)|certificate verification failed|"
         r"certificate verify failed|failed due to certificate validation|"
         r"tlsa-invalid|failed DANE validation",
         "TLS failed: the receiving server's certificate was not accepted", _CERTIFICATE,
         _LOOK_AT_CERTIFICATE),
    _row(r"TLS is required,? but was not offered|a TLS session is required|"
         r"requires? TLS,? but .{0,40}not (?:offer|support)",
         "no delivery: the receiving server does not offer TLS",
         "This server is configured to send to that destination over TLS only, and STARTTLS was "
         "not in the EHLO reply. A firewall on the path may have removed it.",
         "Connect manually, and check whether the server lists STARTTLS. This server's policy "
         "defines for which destinations TLS is required."),
    _row(r"cannot start TLS|TLS session: \(|STARTTLS=client, error|SSL_connect error",
         "TLS failed: the handshake with the receiving server failed",
         "The receiving server accepted STARTTLS, but then the handshake failed.",
         "Connect to the same server manually with TLS, and check the version, the cipher and the "
         "certificate."),
    _row(r"SASL authentication failed.{0,200}no mechanism available|no worthy mechs",
         "no login: this server and the relay have no mechanism in common",
         "The relay does not offer any SASL mechanism that this server supports and is allowed to "
         "use. PLAIN and LOGIN are often offered over TLS only.",
         "Compare AUTH in the relay's EHLO reply with smtp_sasl_security_options, and check that "
         "the SASL modules are installed."),
    _row(r"SASL .{0,40}authentication failed|authenticator failed|password mismatch|auth failed|"
         r"\w\([^()]{1,400}\): unknown user|AUTH failure|"
         r"authentication user=\S{1,200} result=(?:perm)?fail|"
         r"\(auth_failed\)|invalid credentials|unknown user(?= .{0,20}\(given)", *_LOGIN),
    _row(r"SASL: connect to|Connect to private/auth failed|auth_client|auth: .{0,80}connect\(",
         "the service that checks passwords cannot be reached",
         "The mail server asks another program, such as Dovecot, to check passwords, and could not "
         "connect to it. Until that works, nobody can log in.",
         "Check whether that program is running, and whether the path, owner and mode of its "
         "socket are correct."),
    _row(r"unsupported SASL|no SASL authentication mechanisms|"
         r"AUTH command used when not advertised",
         "a kind of login that this server does not offer",
         "A client used AUTH, or a mechanism, although the server had not offered it on this "
         "connection.",
         "Check what the EHLO reply lists before and after STARTTLS, and check the client's "
         "settings."),
    _row(r"improper command pipelining|pipelining.{0,20} after|protocol synchronization error|"
         r"PREGREET|input sent without waiting",
         "a client did not wait for the server",
         "The client sent data before the server had replied, or before the greeting, where that "
         "is not allowed. Programs that send spam do this; so does a client that is set to the "
         "wrong kind of connection.",
         "If the client is one of yours, make it wait for the greeting and for each reply, except "
         "in groups that PIPELINING allows (RFC 2920)."),
    _row(r"non-SMTP command|SMTP syntax error|bad-input|Illegal address syntax|"
         r"unrecognized command|"
         r"too many (?:errors|syntax or protocol errors)|BARE NEWLINE|syntactically invalid",
         "a client sent something that is not valid SMTP",
         "The server could not parse a line from the client. Web browsers, scanners, faulty "
         "programs, and clients that start TLS on a port without it cause such lines.",
         "If the client is one of yours, check what it sends: the log names its address."),
    _row(r"connection (?:rate|concurrency|count) limit|too many connections|rejecting connections|"
         r"recipient rate limit|message delivery request rate limit",
         "a client was turned away: too many connections or messages",
         "The server limits what one address may do within a period, and this client exceeded the "
         "limit.",
         "If the client is one of yours, make it open fewer connections, or raise its limit."),
    _row(r"delivery temporarily suspended|retry time not reached|retry timeout exceeded|"
         r"have been failing for a long time",
         "delivery to this destination is suspended after earlier failures",
         "The server did not try again, because the last attempts to reach the same destination "
         "failed. The reason is in an earlier line.",
         "Look for the first line about the destination, which gives the cause. Once the cause is "
         "removed, flush the queue."),
    _row(r"loops back to myself|lowest numbered MX record points to local host|local configuration "
         r"error|hopcount exceeded|mail loop|too many hops|routing loop",
         "the mail would loop",
         "DNS names this server as the destination, but its configuration does not list the domain "
         "as its own; or the mail has passed through too many servers.",
         "Either add the domain to those for which the server receives mail, or correct the "
         "domain's MX record."),
    _row(r"does not accept mail \(nullMX\)|null ?MX",
         "the domain does not accept mail",
         "The domain's MX record is a single dot, which means that the domain does not accept mail "
         "(RFC 7505).",
         "Check the spelling of the domain."),
    _row(r"host or domain name not found|host not found|unable to look up host|"
         r"all relevant MX records point to non-existent|no (?:data|MX) record|"
         r"but no data record of requested type|host unknown|name server|no MX found|"
         r"domain not found|host lookup did not complete|Name service error",
         "no delivery: DNS has no mail server for the domain, or did not answer",
         "The server looked up where mail for the domain goes, and found no mail server. \"Try "
         "again\", or a lookup that did not complete, means that DNS did not answer, so it is not "
         "known whether the domain exists.",
         "Check the spelling of the address, then look up the MX record of the domain."),
    _row(r"unrouteable address",
         "no delivery: Exim has no route to that address",
         "None of Exim's routers accepts the address: either the domain is this server's own and "
         "has no such mailbox, or DNS has no mail server for the domain.",
         "Check the spelling of the address; exim -bt ADDRESS shows which router refuses it."),
    _row(r"sender verify (?:fail|defer)|callout",
         "refused: the sender's address could not be verified",
         "Before this server accepts a message, it checks whether mail to the sender's address "
         "could be delivered, and it could not.",
         "The sender must use an address that exists and whose domain has a mail server."),
    _row(r"(?:un)?known user|user unknown|no such user|mailbox does not exist|user lookup error|"
         r"user doesn'?t exist|Invalid recipient",
         "refused permanently: no such user",
         "The server that has the domain's mailboxes has none with that name.",
         "Check the spelling of the address."),
    _row(r"quota exceeded|disk quota|disk full|no space left|"
         r"insufficient (?:system )?(?:storage|disk space)|"
         r"mailbox (?:is )?full|over quota|not enough (?:free )?(?:disk )?space", *_QUOTA),
    _row(r"message size \d{1,20} exceeds size limit|file too large|size limit exceeded|"
         r"message (?:too (?:big|large)|file too big)",
         "the message is too large",
         "The message exceeds the size limit of the receiving side, or of this server.",
         "SIZE in the EHLO reply states the other side's limit. In Postfix, message_size_limit and "
         "mailbox_size_limit are this server's limits."),
    _row(r"relay not permitted|relay(?:ing)? (?:access )?denied|relaying denied",
         "refused permanently: no relaying to that domain",
         "The server does not deliver to that domain for this client: the domain is not one of its "
         "own, and the client has not logged in.",
         "Log in, on port 587 or 465, or send to the domain's own mail server."),
    _row(r"SMTPUTF8 is required|non-ASCII address",
         "the receiving server does not accept non-ASCII addresses",
         "The message has an address, or a header field, in UTF-8, and SMTPUTF8 was not offered.",
         "Use an ASCII address, if the recipient has one."),
    _row(r"milter.{0,200}(?:can't|cannot|refused|timeout|timed out|error|conversation|unreadable)|"
         r"connect to Milter",
         "a filter could not be consulted",
         "The mail server has each message checked by another program (a milter), which it could "
         "not reach or which did not answer as expected. The server's settings determine what "
         "happens to the mail then: usually it is deferred.",
         "Check whether the filter is running, and whether its address or socket in the "
         "configuration is correct."),
    _row(r"mail transport unavailable|connect to transport|"
         r"private/\S{1,60}: (?:Connection|No such)|"
         r"content filter|malformed response",
         "a part of the mail server cannot be reached",
         "The server passes mail to another program, which is not running or not configured.",
         "Check the log of that program, and its line in master.cf."),
    _row(r"command died with|pipe .{0,40}(?:failed|error)|command output|child process of",
         "the program that receives the mail failed",
         "The mail was passed to a program, such as a filter or a local delivery agent, which "
         "ended with an error. The line contains its output.",
         "Read the output in the line and the program's own log."),
    _row(r"lost connection with|conversation with .{0,200}timed out|remote host closed connection|"
         r"connection unexpectedly closed",
         "the connection to the receiving server was lost",
         "The connection ended before the mail was accepted; the line says at which point. Unless "
         "this keeps happening, the next attempt usually succeeds.",
         "If it always happens at the same point, check the receiving server's log, and look for a "
         "firewall on the path that rewrites SMTP."),
    _row(r"lost connection after|unexpected disconnection|lost while reading|lost input channel|"
         r"HANGUP after|reason=\"?io-error|dropped by|connection lost|did not issue MAIL",
         "a client left without ending the conversation",
         "The client closed the connection without QUIT, or the network failed; the line says "
         "after which command. A message that was not finished was not delivered. Scanners do this "
         "all the time.",
         "If the client is one of yours, check its log for the reason: a certificate that it does "
         "not accept, a time limit, or a missing extension."),
    _row(r"timeout after|timeout (?:waiting|on connection|while)|SMTP command timeout|"
         r"timeout exceeded",
         "a client fell silent",
         "The client stopped sending, and the server closed the connection after its time limit; "
         "the line says after which command.",
         "In the middle of a message, the cause is often a network that drops large packets (MTU). "
         "Otherwise check the client's log."),
    _row(r"does not resolve to address|address not listed for hostname|no host name found|"
         r"hostname .{1,255} verification failed|cannot find your hostname",
         "a client's address and name do not match in DNS",
         "The name that DNS gives for the client's address does not lead back to that address. "
         "This alone does not mean a refusal, but many servers are stricter with such clients.",
         "The client's administrator should set the PTR record of its address, and the address "
         "record of that name."),
    _row(r"DNSBL rank|blocked using|listed (?:in|at|by)|blacklisted",
         "the client's address is on a block list",
         "The client's address is on a list of addresses that send spam.",
         "The client's administrator should look up the address on the list's website, which "
         "explains how to have it removed."),
    _row(r"\A(?:rspamd|amavis): ",
         "a filter of this server refused or held back the message",
         "The line contains the filter's verdict, score or virus name.",
         "See the filter's own log for the rules that applied."),
    _row(r"\A(?:temporarily )?rejected ",
         "refused by this server's rules",
         "An access control list (ACL) or a limit in Exim's configuration refused the command or "
         "the message. Any text after the colon comes from that rule.",
         "Search Exim's configuration for that text."),
    _row(r"network error on destination",
         "no connection to any mail server of the domain",
         "The server tried the domain's mail servers and could not reach any of them; earlier "
         "lines about the same destination give the reason.",
         "Look for the first line about the destination. If all destinations are affected, check "
         "whether the provider blocks outgoing connections to port 25."),
    _row(r"permission denied",
         "the mail server is not allowed to open a file or a socket",
         "The operating system refused access: the file's owner or mode does not match the user "
         "that this part of the server runs as, or a policy such as SELinux forbids it.",
         "Check the owner and mode of the file named in the line, and of the folders above it."),
    _row(r"open dictionary|in parameter |duplicate master\.cf entry|unsupported dictionary|"
         r"bad (?:boolean|numerical|string|time)|unused parameter|unknown (?:parameter|section)|"
         r"specify at least one working instance",
         "an error in the mail server's configuration",
         "The server could not use a setting; if the line says fatal, the part that reports it "
         "does not start.",
         "Correct the setting named in the line, and reload the server."),
    _row(r"can't connect to server|connect\(.{1,300}\) failed",
         "a service that the mail server depends on cannot be reached",
         "The service is another program, such as a database or an LDAP directory, that holds user "
         "accounts or passwords.",
         "Check whether that service is running, and its address in the configuration."),
    _row(r"bad command startup|exit status \d|throttling",
         "a part of the mail server fails to start",
         "The mail server's main program tried to start one of its parts, which exited "
         "immediately.",
         "The reason is in a line from that part just before, marked fatal or panic."),
    _row(r"mail is frozen|message is frozen|frozen",
         "Exim no longer tries to deliver a message in the queue",
         "Exim has frozen the message, usually because it is a bounce that could not be delivered.",
         "With the message's ID, exim -Mvl shows why it is frozen, exim -Mt thaws it, and exim "
         "-Mrm removes it."),
    _row(r"status=expired|returned to sender",
         "a message was returned to its sender",
         "The server kept trying until its time limit and could not deliver the message, so it "
         "notified the sender.",
         "Look for earlier lines with the same queue ID: they give the reason for the delay."),
)  # fmt: skip


def log_message(message: str) -> ClientError | None:
    """Return the explanation of a mail server's log message, or None if the message is unknown."""
    shown = message[:_SHOWN]
    for words, what in _TABLE:
        if words.search(shown) is not None:
            return what
    return client_error(shown)
