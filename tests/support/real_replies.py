"""Replies of real servers, by the name of the table row that has to recognize each."""

LINES: dict[str, str] = {
    "gmail-bad-user": ("550 5.1.1 The email account that you tried to reach does not exist."),
    "gmail-inactive": ("550 5.2.1 The email account that you tried to reach is inactive."),
    "gmail-quota": "452 4.2.2 The recipient's inbox is out of storage space.",
    "gmail-too-fast-for-user": (
        "450 4.2.1 The user you are trying to contact is receiving "
        "email at a rate that prevents additional messages from being "
        "delivered."
    ),
    "gmail-rate-ip": (
        "421 4.7.28 Gmail has detected an unusual rate of email originating from your IP address."
    ),
    "gmail-reputation": (
        "421 4.7.0 This message is suspicious due to the very low "
        "reputation of the sending IP address."
    ),
    "gmail-spam": "550 5.7.1 This message is likely unsolicited email.",
    "gmail-hardfail": (
        "550 5.7.26 The MAIL FROM domain [example.org] has an SPF "
        "record with a hard fail policy (-all) but it fails to pass SPF"
        " checks"
    ),
    "gmail-unauthenticated": (
        "550 5.7.26 This email has been blocked because the sender is "
        "unauthenticated. Gmail requires all senders to authenticate "
        "with either SPF or DKIM."
    ),
    "gmail-dmarc": (
        "550 5.7.26 Unauthenticated email from example.org is not "
        "accepted due to domain's DMARC policy."
    ),
    "gmail-no-ptr": (
        "550 5.7.25 The IP address sending this message does not have a PTR record setup."
    ),
    "gmail-no-tls": (
        "421 4.7.29 Your email has been rate limited because you're not using a TLS connection."
    ),
    "gmail-dmarc-missing": (
        "550 5.7.40 Your message was blocked because the sending domain doesn't have a DMARC record"
    ),
    "gmail-bad-domain": "553 5.1.2 We weren't able to find the recipient domain.",
    "gmail-helo": ("501 5.5.4 Empty HELO/EHLO argument not allowed, closing connection."),
    "gmail-login-tries": "454 4.7.0 Too many login attempts, please try again later.",
    "gmail-temporary": "421 4.3.0 Temporary System Problem. Try again later",
    "gmail-dkim-required": (
        "550 5.7.30 This message was blocked because it didn't pass DKIM authentication."
    ),
    "gmail-spf-required": (
        "421 4.7.27 Your email has been rate limited because SPF authentication didn't pass"
    ),
    "gmail-alignment": (
        "421 4.7.32 Your email has been rate limited because the From: "
        "header (RFC5322) in this message isn't aligned"
    ),
    "gmail-login": "535 5.7.8 Username and Password not accepted.",
    "gmail-app-password": "534 5.7.9 Application-specific password required.",
    "gmail-auth-required": "530 5.7.0 Authentication required.",
    "gmail-malformed": (
        "550 5.7.1 This message is not RFC 5322 compliant because it has duplicate headers."
    ),
    "gmail-from-missing": (
        "550 5.7.1 Messages missing a valid address in the From: "
        "header, or having no From: header, are not accepted."
    ),
    "gmail-relay-denied": "550 5.7.1 Invalid credentials for relay [192.0.2.1].",
    "gmail-daily-limit": "550 5.4.5 Daily user sending limit exceeded.",
    "gmail-syntax": "555 5.5.2 Syntax error.",
    "gmail-big": "552 5.3.4 Your message exceeded Google's message size limits.",
    "gmail-attachment": (
        "552 5.7.0 This message was blocked because its content "
        "presents a potential security issue."
    ),
    "ms-blocklist": (
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't "
        "sent. Please contact your Internet service provider since part"
        " of their network is on our block list (S3150)."
    ),
    "ms-banned-ip": "550 5.7.606 Access denied, banned sending IP [192.0.2.1].",
    "ms-rate-reputation": (
        "451 4.7.650 The mail server [192.0.2.1] has been temporarily "
        "rate limited due to IP reputation."
    ),
    "ms-busy": ("451 4.7.500 Server busy. Please try again later from [192.0.2.1]."),
    "ms-dmarc": (
        "550 5.7.509 Access denied, sending domain example.org does not"
        " pass DMARC verification and has a DMARC policy of reject."
    ),
    "ms-high-volume-auth": (
        "550 5.7.515 Access denied, sending domain example.org does not"
        " meet the required authentication level."
    ),
    "ms-spf": ("550 5.7.23 The message was rejected because of Sender Policy Framework violation"),
    "ms-bad-user": (
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    ),
    "ms-edge-bad-user": "550 5.4.1 Recipient address rejected: Access denied.",
    "ms-auth-disabled-tenant": (
        "535 5.7.139 Authentication unsuccessful, "
        "SmtpClientAuthentication is disabled for the Tenant."
    ),
    "ms-auth-basic-disabled": (
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
    ),
    "ms-auth-failed": "535 5.7.3 Authentication unsuccessful",
    "ms-anonymous": "530 5.7.57 Client not authenticated to send mail.",
    "ms-relay": ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    "ms-attribution": "550 5.7.64 TenantAttribution; Relay Access Denied",
    "ms-send-as": ("550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    "ms-bare-lf": (
        "550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains "
        "bare linefeeds, which cannot be sent via DATA"
    ),
    "ms-loop": "554 5.4.14 Hop count exceeded - possible mail loop",
    "ms-spam-sender": "550 5.1.8 Access denied, bad outbound sender",
    "ms-tenant-threshold": "550 5.7.705 Access denied, tenant has exceeded threshold",
    "ms-dane": "451 4.7.323 tlsa-invalid: The domain failed DANE validation",
    "yahoo-permanent": (
        "553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred"
    ),
    "yahoo-tss": (
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred"
        " due to unexpected volume or user complaints"
    ),
    "yahoo-spamhaus": (
        "553 5.7.1 [BL23] Connections not accepted from IP addresses on Spamhaus XBL"
    ),
    "yahoo-unauthenticated": (
        "550 5.7.9 This mail has been blocked because the sender is unauthenticated."
    ),
    "yahoo-policy": ("554 Message not allowed - [PH01] Email not accepted for policy reasons."),
    "yahoo-no-user": (
        "554 delivery error: dd This user doesn't have a yahoo.com account (nobody@yahoo.com)"
    ),
    "icloud-policy": "550 5.7.1 [CS01] Message rejected due to local policy.",
    "icloud-volume": ("421 4.7.1 Messages to user@icloud.com deferred due to excessive volume"),
    "spamhaus-name": (
        "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus."
    ),
    "spamhaus-open-resolver": (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked"
        " using zen.spamhaus.org; Error: open resolver; "
        "https://check.spamhaus.org/returnc/pub/192.0.2.53/"
    ),
    "spamhaus-dbl": (
        "554 5.7.1 Service unavailable; Sender address "
        "[joe@example.org] blocked using dbl.spamhaus.org"
    ),
    "spamhaus-zen": (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"
    ),
    "dnsbl-generic": (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net"
    ),
    "postfix-relay": "554 5.7.1 <user@example.net>: Relay access denied",
    "postfix-user": (
        "550 5.1.1 <nobody@example.org>: Recipient address rejected: "
        "User unknown in local recipient table"
    ),
    "postfix-undeliverable": (
        "550 5.1.1 <nobody@example.org>: Recipient address rejected: "
        "undeliverable address: unknown user"
    ),
    "postfix-unverified": (
        "450 4.1.1 <a@example.org>: Recipient address rejected: "
        "unverified address: Address verification in progress"
    ),
    "postfix-helo-fqdn": (
        "504 5.5.2 <laptop>: Helo command rejected: need fully-qualified hostname"
    ),
    "postfix-helo-notfound": (
        "450 4.7.1 <laptop.example.org>: Helo command rejected: Host not found"
    ),
    "postfix-no-ptr": ("450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]"),
    "postfix-sender-domain": (
        "450 4.1.8 <a@nowhere.example>: Sender address rejected: Domain not found"
    ),
    "postfix-not-owner": (
        "553 5.7.1 <a@example.org>: Sender address rejected: not owned by user joe"
    ),
    "postfix-pipelining": (
        "503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining"
    ),
    "postfix-sync": "554 5.5.0 Error: SMTP protocol synchronization",
    "starttls-first": "530 5.7.0 Must issue a STARTTLS command first",
    "postfix-auth": "535 5.7.8 Error: authentication failed: authentication failure",
    "postfix-too-many-errors": "421 4.7.0 mx.example.org Error: too many errors",
    "postfix-timeout": "421 4.4.2 mx.example.org Error: timeout exceeded",
    "postfix-connections": ("421 4.7.0 mx.example.org Error: too many connections from 192.0.2.1"),
    "postfix-smtputf8": "553 5.6.7 Must declare SMTPUTF8 to send unicode address",
    "postfix-dsn-off": "501 5.7.1 DSN support is disabled",
    "postfix-verp": "503 5.5.4 Error: XVERP requires non-null sender",
    "postfix-nested-mail": "503 5.5.1 Error: nested MAIL command",
    "postfix-no-recipients": "554 5.5.1 Error: no valid recipients",
    "postfix-greeting": "220 mx.example.org ESMTP Postfix",
    "postfix-queued": "250 2.0.0 Ok: queued as 4Xyz123AbC",
    "postfix-bye-rules": "221 2.7.0 Error: I can break rules, too. Goodbye.",
    "postfix-postscreen": "521 5.5.1 Protocol error",
    "exim-relay": "550 relay not permitted",
    "exim-unrouteable": "550 Unrouteable address",
    "exim-sender-verify": "550 Sender verify failed",
    "exim-sync": "554 SMTP synchronization error",
    "exim-helo": "501 Syntactically invalid EHLO argument(s)",
    "exim-auth": "535 Incorrect authentication data",
    "exim-connections": (
        "421 mx.example.org: Too many concurrent SMTP connections; please try again later."
    ),
    "exim-size": "552 Message size exceeds maximum permitted",
    "exim-no-rcpt": "503 Valid RCPT command must precede DATA",
    "exim-ok": "250 OK id=1rXyzA-000000001Ab-2CdE",
    "exim-greeting": ("220 mx.example.org ESMTP Exim 4.98 Tue, 05 Mar 2024 10:00:00 +0000"),
    "sendmail-user": "550 5.1.1 <nobody@example.org>... User unknown",
    "sendmail-relay": "550 5.7.1 <a@example.net>... Relaying denied",
    "sendmail-domain": (
        "553 5.1.8 <a@nowhere.example>... Domain of sender address a@nowhere.example does not exist"
    ),
    "sendmail-ok": "250 2.0.0 4A5B6C7d001234 Message accepted for delivery",
    "sendmail-hello": (
        "250 mx.example.org Hello client.example.net [192.0.2.1], pleased to meet you"
    ),
    "qmail-relay": ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    "qmail-bare-lf": "451 See http://pobox.com/~djb/docs/smtplf.html.",
    "qmail-no-mailbox": "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
    "qmail-ok": "250 ok 1709632800 qp 12345",
    "opensmtpd-order": "503 5.5.1 Invalid command: Command not allowed at this point.",
    "opensmtpd-auth": "530 5.5.1 Invalid command: Must issue an AUTH command first",
    "dovecot-user": ("550 5.1.1 <nobody@example.org> User doesn't exist: nobody@example.org"),
    "dovecot-quota": ("552 5.2.2 <joe@example.org> Quota exceeded (mailbox for user is full)"),
    "dovecot-saved": "250 2.0.0 <joe@example.org> 8Jx2Fb4u5mVQFQAAXn5rFA Saved",
    "haraka-bare-lf": "451 Bare line-feed; see http://haraka.github.io/barelf/",
    "haraka-relay": "550 I cannot deliver mail for <a@example.net>",
    "haraka-order": "503 Use EHLO/HELO before MAIL",
    "aiosmtpd-banner": "220 laptop.example.org Python SMTP 1.4.6",
    "aiosmtpd-unknown": '500 Error: command "FOO" not recognized',
    "aiosmtpd-helo": "503 Error: send HELO first",
    "aiosmtpd-auth-tls": ("538 5.7.11 Encryption required for requested authentication mechanism"),
    "aiosmtpd-auth-failed": "535 5.7.8 Authentication credentials invalid",
    "aiosmtpd-need-rcpt": "503 Error: need RCPT command",
    "aiosmtpd-size": "552 Error: message size exceeds fixed maximum message size",
    "aiosmtpd-param": "555 RCPT TO parameters not recognized or not implemented",
    "rspamd-greylist": "451 4.7.1 Try again later",
    "rspamd-spam": "554 5.7.1 Spam message rejected",
    "rspamd-gtube": "554 5.7.1 Gtube pattern",
    "greylist-generic": (
        "450 4.2.0 <joe@example.org>: Recipient address rejected: "
        "Greylisted, see "
        "http://postgrey.schweikert.ch/help/example.org.html"
    ),
    "amavis-spam": "554 5.7.0 Reject, id=12345-06 - spam",
    "policyd-spf": (
        "550 5.7.23 <joe@example.org>: Recipient address rejected: "
        "Message rejected due to: SPF fail - not authorized."
    ),
    "proofpoint": (
        "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1"
    ),
    "barracuda": ("550 permanent failure for one or more recipients (joe@example.org:blocked)"),
    "mimecast-greylist": "451 Internal resources are temporarily unavailable",
    "ses-sandbox": (
        "554 Message rejected: Email address is not verified. The "
        "following identities failed the check in region EU-WEST-1: "
        "joe@example.org"
    ),
    "ses-throttle": "454 Throttling failure: Maximum sending rate exceeded",
    "exchange-pressure": "452 4.3.1 Insufficient system resources",
    "opendmarc": "550 5.7.1 rejected by DMARC policy for example.org",
    "gmx-ptr": (
        "554-gmx.net (mxgmx117) Nemesis ESMTP Service not available\n"
        "554-No SMTP service\n"
        "554 Bad DNS PTR resource record."
    ),
    "t-online": (
        "554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster "
        "for help or to contact tosa@rx.t-online.de for reset."
    ),
    "any-relay": "550 5.7.1 Relaying not allowed: joe@example.net",
    "any-full": "552 Requested mail action aborted: mailbox is full",
    "any-user": "550 No such user here",
    "any-dmarc": "550 5.7.1 Email rejected per DMARC policy for example.org",
    "any-spf": "550 SPF check failed for example.org",
    "any-dkim": "554 5.7.5 DKIM signature verification failed",
    "any-rate": "451 4.7.1 Rate limit exceeded, slow down",
    "any-size": "552 5.3.4 Message too large",
    "any-virus": "554 5.7.1 Virus found: Eicar-Test-Signature",
    "any-spam": "550 5.7.1 Message rejected as spam by content filter",
    "any-ptr": "554 5.7.1 Client rejected: no reverse DNS for 192.0.2.1",
}
