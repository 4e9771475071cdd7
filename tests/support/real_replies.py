"""Replies of real servers, keyed by the table row that must recognise each."""

LINES: dict[str, str] = {
    "gmx-access-off": "535-Authentication credentials invalid\n535 POP3/IMAP access not enabled",
    "any-helo-mismatch": "550 HELO me.example does not match reverse DNS host.isp.example",
    "any-mime-limit": "554 5.6.0 MIME nesting exceeds limit",
    "login-password-expired": "535 5.7.8 Error: authentication failed: Password expired",
    "any-tls-limit": "421 4.7.0 TLS session limit exceeded",
    "any-after-quit": "503 5.5.1 Command not allowed after QUIT",
    "any-no-colon": "501 5.5.2 Missing colon after FROM",
    "any-mechanism-tried": "503 AUTH mechanism already tried",
    "exchange-regions": "452 4.5.3 Recipients belong to multiple regions ATTR38",
    "exchange-sender-id": "550 5.7.1 Sender ID (PRA) Not Permitted",
    "any-auth-step": "535 5.7.8 authentication failed: another step is needed in authentication",
    "any-sender-unverified": "550 5.7.1 Your email address is not verified, log in to webmail",
    "any-human": "450 4.7.1 Please confirm you are human: visit https://verify.example/c",
    "any-sender-mailbox-full": "552 5.2.2 Sender mailbox is over quota",
    "any-anonymous-submit": "550 5.7.1 Client does not have permissions to submit to this server",
    "cpanel-suspended": '550 Outgoing mail from "alice@example.net" has been suspended.',
    "cpanel-failures": (
        "550 Domain example.net has exceeded the max defers and failures per hour (5/5 (100%)) "
        "allowed.  Message discarded."
    ),
    "any-onward-lost": "421 4.4.0 Relay connection lost",
    "any-encrypted-content": "550 5.7.1 Encrypted messages are not allowed by policy",
    "any-lhlo-first": "503 5.5.1 Please say LHLO first",
    "any-message-spam": "550 5.7.350 Remote server returned message detected as spam",
    "any-chunk-failed": "503 5.5.1 Error: need RSET after failed BDAT",
    "any-null-mx": "556 5.1.10 <bob@example.com>: Domain example.com does not accept mail (nullMX)",
    "any-closing-channel": (
        "421 mx.example.org Service not available, closing transmission channel"
    ),
    "any-data-open": "503 5.5.1 DATA transaction in progress",
    "any-all-recipients": "550 All recipients were rejected",
    "any-spf-missing": "550 5.7.1 SPF validation error: no record",
    "login-failed-for-now": "454 4.7.0 invalid username or password",
    "zoho-other-sender": "553 Relaying disallowed as alice@example.net",
    "zoho-unusual": "550 5.4.6 Unusual sending activity detected. Please try after sometime.",
    "qmail-sender-domain": "553 sorry, your envelope sender domain must exist (#5.7.1)",
    "any-sender-quota": (
        "450 4.7.1 <bob@example.net>: Recipient address rejected: Policy rejection: Message count "
        "quota exceeded"
    ),
    "ftp-ehlo": "500 EHLO not understood",
    "netease-local-senders": "553 Requested action not taken: Local user only",
    "netease-mx-only": "553 Requested action not taken: no smtp MX only",
    "netease-session": "450 MI:DMC 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-relay": "550 RP:FRL 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-many-recipients": "550 RP:RCL 163 smtp1,AbC123 1700000000",
    "netease-day": "554 MI:STC 163 smtp1,AbC123 1700000000",
    "netease-spf": (
        "550 MI:SPF 163 mx1,AbC123 1700000000 http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.1"
    ),
    "netease-dmarc": "550 MI:DMA 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-helo": "550 MI:NHD 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-sender-syntax": "550 MI:IMF 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-not-admitted": "554 HL:IPB 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-suspended-client": "554 HL:IHU 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-sender-blocked": "554 MI:SPB 163 smtp1,AbC123 1700000000",
    "netease-envelope": "554 DT:SUM 163 smtp1,AbC123 1700000000",
    "ses-permission": (
        "554 Access denied: User `arn:aws:iam::123456789012:user/mailer' is not authorized to "
        "perform `ses:SendRawEmail' on resource `arn:aws:ses:eu-west-1:123456789012:identity/x'"
    ),
    "gmail-ipv6": (
        "550-5.7.1 [2001:db8::19] Our system has detected that this message does\n"
        "550-5.7.1 not meet IPv6 sending guidelines regarding PTR records and\n"
        "550 5.7.1 authentication."
    ),
    "any-nonmail": '421 too many nonmail commands (last was "NOOP")',
    "any-login-of-another": "503 5.7.1 Incorrect Authentication for Specified Email Address",
    "any-future-release": "501 5.5.4 Requested hold time exceeds maximum of 86400 seconds.",
    "any-header-size": "552 5.6.0 Headers too large (3 max)",
    "any-client-spammer": (
        "553 5.7.1 <host.example[192.0.2.3]>: Client host rejected: Relaying denied - Your IP "
        "identified as spammer. Please contact 123"
    ),
    "any-ptr-lookup": "451 4.7.25 Temporary error validating reverse DNS.",
    "any-several-from": "550 5.7.0 Multiple From addresses are not allowed",
    "netease-recipients": "451 RP:TRC 163 smtp1,AbC123 192.0.2.1 1700000000",
    "netease-errors": "450 RP:CEL 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-unknown-recipients": "421 HL:REP 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-forged-domains": "421 HL:MEP 163 mx1,AbC123 192.0.2.1 1700000000",
    "netease-spam": (
        "554 DT:SPM 126 smtp2,AbC123 1564271411,please see http://mail.163.com/help/help_spam_16.htm"
    ),
    "aol-rate": "421 4.7.0 (DYN:T1) http://postmaster.info.aol.com/errors/421dynt1.html",
    "aol-dynamic": "554 (RTR:BB) http://postmaster.info.aol.com/errors/554rtrbb.html",
    "aol-ptr": "554 (RTR:RD) http://postmaster.info.aol.com/errors/554rtrrd.html",
    "aol-blocked": "554 (RTR:SC) http://postmaster.info.aol.com/errors/554rtrsc.html",
    "aol-content": "554 (HVU:B1) http://postmaster.info.aol.com/errors/554hvub1.html",
    "yahoo-disabled": (
        "554 delivery error: dd Sorry your message to bob@example.org cannot be delivered. This "
        "account has been disabled or discontinued [#102]. - mta222.mail.example"
    ),
    "any-dane": "454 4.7.5 TLS is required but unsupported or failed (enforced by DANE)",
    "any-sender-lookup": "451 4.4.1 No valid MX; sender domain nowhere.example timed out",
    "any-unknown-recipients": "550 Too many invalid recipients",
    "dnsbl-words": "550 5.7.0 192.0.2.1 is blacklisted here",
    "gmx-blocked": (
        "554-gmx.net (mxgmx016) Nemesis ESMTP Service not available\n554-No SMTP service\n"
        "554-IP address is block listed.\n"
        "554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.1&c=bl"
    ),
    "gmx-no-name": (
        "554-gmx.net (mxgmx105) Nemesis ESMTP Service not available\n554-No SMTP service\n"
        "554-Bad DNS PTR resource record.\n"
        "554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.1&c=rdns"
    ),
    "ms-transport-rule": (
        "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy"
    ),
    "amazon-duplicate-header": "554 Transaction failed: Duplicate header 'DKIM-Signature'.",
    "mimecast-network": (
        "554 Host network not allowed - https://community.mimecast.com/docs/DOC-1369#554"
    ),
    "ms-forwarding": (
        "550 5.7.520 Access denied, Your organization does not allow external forwarding. Please "
        "contact your administrator for further assistance. AS(7555)"
    ),
    "qq-sender-domain": "550 Domain may not exist or DNS check failed [MzB IP: 192.0.2.1].",
    "gmail-bad-user": "550 5.1.1 The email account that you tried to reach does not exist.",
    "gmail-inactive": "550 5.2.1 The email account that you tried to reach is inactive.",
    "gmail-quota": "452 4.2.2 The recipient's inbox is out of storage space.",
    "gmail-too-fast-for-user": (
        "450 4.2.1 The user you are trying to contact is receiving email at a "
        "rate that prevents additional messages from being delivered."
    ),
    "gmail-rate-ip": (
        "421 4.7.28 Gmail has detected an unusual rate of email originating from your IP address."
    ),
    "gmail-reputation": (
        "421 4.7.0 This message is suspicious due to the very low reputation of "
        "the sending IP address."
    ),
    "gmail-spam": "550 5.7.1 This message is likely unsolicited email.",
    "gmail-hardfail": (
        "550 5.7.26 The MAIL FROM domain [example.org] has an SPF record with a "
        "hard fail policy (-all) but it fails to pass SPF checks"
    ),
    "gmail-unauthenticated": (
        "550 5.7.26 This email has been blocked because the sender is "
        "unauthenticated. Gmail requires all senders to authenticate with either "
        "SPF or DKIM."
    ),
    "gmail-dmarc": (
        "550 5.7.26 Unauthenticated email from example.org is not accepted due to "
        "domain's DMARC policy."
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
    "gmail-helo": "501 5.5.4 Empty HELO/EHLO argument not allowed, closing connection.",
    "gmail-login-tries": "454 4.7.0 Too many login attempts, please try again later.",
    "gmail-relay-stage": "421 4.7.0 Try again later, closing connection. (EHLO)",
    "gmail-temporary": "421 4.3.0 Temporary System Problem. Try again later",
    "gmail-dkim-required": (
        "550 5.7.30 This message was blocked because it didn't pass DKIM authentication."
    ),
    "gmail-spf-required": (
        "421 4.7.27 Your email has been rate limited because SPF authentication didn't pass"
    ),
    "gmail-alignment": (
        "421 4.7.32 Your email has been rate limited because the From: header "
        "(RFC5322) in this message isn't aligned"
    ),
    "gmail-login": "535 5.7.8 Username and Password not accepted.",
    "gmail-app-password": "534 5.7.9 Application-specific password required.",
    "gmail-web-login": "534 5.7.14 Please log in via your web browser and then try again.",
    "gmail-malformed": (
        "550 5.7.1 This message is not RFC 5322 compliant because it has duplicate headers."
    ),
    "gmail-from-missing": (
        "550 5.7.1 Messages missing a valid address in the From: header, or "
        "having no From: header, are not accepted."
    ),
    "gmail-relay-denied": "550 5.7.1 Invalid credentials for relay [192.0.2.1].",
    "gmail-daily-limit": "550 5.4.5 Daily user sending limit exceeded.",
    "gmail-syntax": "555 5.5.2 Syntax error.",
    "gmail-big": "552 5.3.4 Your message exceeded Google's message size limits.",
    "gmail-attachment": (
        "552 5.7.0 This message was blocked because its content presents a "
        "potential security issue."
    ),
    "ms-blocklist": (
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please "
        "contact your Internet service provider since part of their network is on "
        "our block list (S3150)."
    ),
    "ms-banned-ip": "550 5.7.606 Access denied, banned sending IP [192.0.2.1].",
    "ms-rate-reputation": (
        "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate "
        "limited due to IP reputation."
    ),
    "ms-busy": "451 4.7.500 Server busy. Please try again later from [192.0.2.1].",
    "ms-dmarc": (
        "550 5.7.509 Access denied, sending domain example.org does not pass "
        "DMARC verification and has a DMARC policy of reject."
    ),
    "ms-high-volume-auth": (
        "550 5.7.515 Access denied, sending domain example.org does not meet the "
        "required authentication level."
    ),
    "ms-spf": "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
    "ms-bad-user": (
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    ),
    "ms-restricted": "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required",
    "ms-partner-connector": (
        "550 5.7.51 TenantInboundAttribution; There is a partner connector configured that "
        "matched the message's recipient domain."
    ),
    "ms-edge-bad-user": "550 5.4.1 Recipient address rejected: Access denied.",
    "outlook-no-user": "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
    "ms-auth-disabled-tenant": (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
        "disabled for the Tenant."
    ),
    "ms-auth-disabled-mailbox": (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
        "disabled for the Mailbox."
    ),
    "ms-auth-basic-disabled": (
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
    ),
    "ms-auth-basic-gone": "550 5.7.30 Basic authentication is not supported for Client Submission.",
    "ms-auth-policy": (
        "535 5.7.139 Authentication unsuccessful, user is locked by your "
        "organization's security defaults policy."
    ),
    "ms-auth-wrong": (
        "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect."
    ),
    "ms-auth-failed": "535 5.7.3 Authentication unsuccessful",
    "ms-anonymous": "530 5.7.57 Client not authenticated to send mail.",
    "ms-submission-anonymous": "530 5.7.1 Client was not authenticated",
    "ms-relay": "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "ms-attribution": "550 5.7.64 TenantAttribution; Relay Access Denied",
    "ms-send-as": "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "ms-submission-limit": (
        "550 5.1.90 Your message can't be sent because you've reached your daily "
        "limit: exceeded the recipient rate limit"
    ),
    "ms-concurrent": (
        "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending"
    ),
    "ms-bare-lf": (
        "550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare "
        "linefeeds, which cannot be sent via DATA"
    ),
    "ms-loop": "554 5.4.14 Hop count exceeded - possible mail loop",
    "ms-spam-sender": "550 5.1.8 Access denied, bad outbound sender",
    "dmarc-record": "554 5.7.5 Permanent Error Evaluating DMARC Policy",
    "account-or-domain": (
        "550 The mail server could not deliver mail to a@b.example. The account or domain may not "
        "exist, they may be blacklisted, or missing the proper dns entries."
    ),
    "ms-address-not-accepted": (
        "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP. For "
        "more information please go to http://go.microsoft.com/fwlink/?LinkId=526653"
    ),
    "ms-tenant-threshold": "550 5.7.705 Access denied, tenant has exceeded threshold",
    "ms-starttls-required": "451 5.7.3 STARTTLS is required to send mail",
    "ms-dane": "451 4.7.323 tlsa-invalid: The domain failed DANE validation",
    "exchange-pressure": "452 4.3.1 Insufficient system resources",
    "yahoo-permanent": "553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred",
    "yahoo-tss": (
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to "
        "unexpected volume or user complaints"
    ),
    "yahoo-spamhaus": "553 5.7.1 [BL23] Connections not accepted from IP addresses on Spamhaus XBL",
    "yahoo-unauthenticated": (
        "550 5.7.9 This mail has been blocked because the sender is unauthenticated."
    ),
    "gmail-unauthenticated-domain": (
        "550 5.7.1 Unauthenticated email is not accepted from this domain."
    ),
    "yahoo-policy": "554 Message not allowed - [PH01] Email not accepted for policy reasons.",
    "yahoo-no-user": (
        "554 delivery error: dd This user doesn't have a yahoo.com account (nobody@yahoo.com)"
    ),
    "yahoo-login-tries": "535 5.7.0 (#AUTH005) Too many bad auth attempts.",
    "icloud-policy": "550 5.7.1 [CS01] Message rejected due to local policy.",
    "icloud-volume": "421 4.7.1 Messages to user@icloud.com deferred due to excessive volume",
    "proofpoint": (
        "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1"
    ),
    "barracuda": "550 permanent failure for one or more recipients (joe@example.org:blocked)",
    "mimecast-greylist": "451 Internal resources are temporarily unavailable",
    "cisco-reputation": (
        "554 Your access to this mail system has been rejected due to the sending "
        "MTA's poor reputation."
    ),
    "cisco-hour": "452 Too many recipients received this hour",
    "ses-sandbox": (
        "554 Message rejected: Email address is not verified. The following "
        "identities failed the check in region EU-WEST-1: joe@example.org"
    ),
    "ses-throttle": "454 Throttling failure: Maximum sending rate exceeded",
    "ses-quota": "454 Throttling failure: Daily message quota exceeded.",
    "ses-paused": "554 Access denied: Sending paused for this account.",
    "sendgrid-credits": "451 Authentication failed: Maximum credits exceeded",
    "sendgrid-identity": (
        "550 The from address does not match a verified Sender Identity. Mail "
        "cannot be sent until this error is resolved."
    ),
    "sendgrid-key": (
        "535 Authentication failed: The provided authorization grant is invalid, "
        "expired, or revoked"
    ),
    "mailgun-sandbox": (
        "421 Domain sandbox1.example.net is not allowed to send: Sandbox "
        "subdomains are for test purposes only."
    ),
    "qq-code": "535 Login Fail. Please enter your authorization code to login.",
    "yandex-rights": (
        "535 5.7.8 Error: authentication failed: This user does not have access "
        "rights to this service"
    ),
    "mailru-app-password": (
        "535 5.7.0 NEOBHODIM parol prilozheniya "
        "https://help.mail.ru/mail/security/protection/external"
    ),
    "gmx-ptr": ("554-gmx.net (mxgmx117) Nemesis ESMTP Service not available\n554 No SMTP service"),
    "t-online": (
        "554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help or "
        "to contact tosa@rx.t-online.de for reset."
    ),
    "postfix-relay": "554 5.7.1 <user@example.net>: Relay access denied",
    "postfix-user": (
        "550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown "
        "in local recipient table"
    ),
    "postfix-undeliverable": (
        "550 5.1.1 <nobody@example.org>: Recipient address rejected: "
        "undeliverable address: unknown user"
    ),
    "postfix-unverified": (
        "450 4.1.1 <a@example.org>: Recipient address rejected: unverified "
        "address: Address verification in progress"
    ),
    "postfix-rcpt-fqdn": (
        "504 5.5.2 <bob>: Recipient address rejected: need fully-qualified address"
    ),
    "postfix-rcpt-domain": (
        "450 4.1.2 <bob@nowhere.example>: Recipient address rejected: Domain not found"
    ),
    "postfix-helo-fqdn": "504 5.5.2 <laptop>: Helo command rejected: need fully-qualified hostname",
    "postfix-helo-notfound": (
        "450 4.7.1 <laptop.example.org>: Helo command rejected: Host not found"
    ),
    "postfix-helo-invalid": "501 5.5.2 <[2001:db8::19]>: Helo command rejected: invalid ip address",
    "postfix-helo-rule": "554 5.7.1 <mx.example.org>: Helo command rejected: Access denied",
    "postfix-no-ptr": "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
    "postfix-client-rule": "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied",
    "postfix-sender-domain": (
        "450 4.1.8 <a@nowhere.example>: Sender address rejected: Domain not found"
    ),
    "postfix-sender-fqdn": (
        "504 5.5.2 <alice>: Sender address rejected: need fully-qualified address"
    ),
    "postfix-not-owner": (
        "553 5.7.1 <a@example.org>: Sender address rejected: not owned by user joe"
    ),
    "postfix-not-logged-in": "553 5.7.1 <a@example.org>: Sender address rejected: not logged in",
    "postfix-sender-undeliverable": (
        "550 5.1.0 <a@nowhere.example>: Sender address rejected: undeliverable "
        "address: host does not exist"
    ),
    "postfix-sender-unverified": (
        "450 4.1.7 <a@example.org>: Sender address rejected: unverified address: "
        "Address verification in progress"
    ),
    "postfix-sender-rule": "554 5.7.1 <a@example.org>: Sender address rejected: Access denied",
    "postfix-multi-bounce": "550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce",
    "postfix-pipelining": (
        "503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining"
    ),
    "postfix-sync": "554 5.5.0 Error: SMTP protocol synchronization",
    "postfix-auth-mechanism": (
        "535 5.7.8 Error: authentication failed: Invalid authentication mechanism"
    ),
    "postfix-auth-service": (
        "454 4.7.0 Temporary authentication failure: Connection lost to authentication server"
    ),
    "postfix-auth-base64": "535 5.7.8 Error: authentication failed: bad protocol / cancel",
    "postfix-auth-off": "503 5.5.1 Error: authentication not enabled",
    "postfix-auth-line": "500 5.5.6 Authentication Exchange line is too long",
    "postfix-too-many-errors": "421 4.7.0 mx.example.org Error: too many errors",
    "postfix-timeout": "421 4.4.2 mx.example.org Error: timeout exceeded",
    "postfix-connections": "421 4.7.0 mx.example.org Error: too many connections from 192.0.2.1",
    "postfix-rate": "450 4.7.1 Error: too much mail from 192.0.2.1",
    "postfix-recipients": "452 4.5.3 Error: too many recipients",
    "postfix-smtputf8": "553 5.6.7 Must declare SMTPUTF8 to send unicode address",
    "postfix-dsn-off": "501 5.7.1 DSN support is disabled",
    "postfix-verp": "503 5.5.4 Error: XVERP requires non-null sender",
    "postfix-nested-mail": "503 5.5.1 Error: nested MAIL command",
    "postfix-need-mail": "503 5.5.1 Error: need MAIL command",
    "postfix-no-recipients": "554 5.5.1 Error: no valid recipients",
    "postfix-bare-lf": "550 5.5.2 mx.example.org Error: bare <LF> received",
    "postfix-queue-write": "451 4.3.0 Error: queue file write error",
    "postfix-lookup": "451 4.3.0 <a@example.org>: Temporary lookup failure",
    "postfix-tls-active": "554 5.5.1 Error: TLS already active",
    "postfix-tls-local": "454 4.7.0 TLS not available due to local problem",
    "postfix-over-tls": "530 5.7.0 Must issue a STARTTLS command first (after AUTH)",
    "postfix-greeting": "220 mx.example.org ESMTP Postfix",
    "postfix-queued": "250 2.0.0 Ok: queued as 4Xyz123AbC",
    "postfix-bye-rules": "221 2.7.0 Error: I can break rules, too. Goodbye.",
    "postfix-screening": "450 4.3.2 Service currently unavailable",
    "postfix-milter": "550 5.7.1 Command rejected",
    "postfix-ports-busy": "421 4.3.2 All server ports are busy",
    "postfix-postscreen": "521 5.5.1 Protocol error",
    "postfix-bounce-verify": (
        "554 5.7.1 Service unavailable; Helo command [mail.example.org] blocked"
    ),
    "exim-relay": "550 relay not permitted",
    "exim-relay-auth": (
        "550 me.example is not permitted to relay through this server without authentication."
    ),
    "exim-unrouteable": "550 Unrouteable address",
    "exim-callout": "451 Could not complete sender verify callout",
    "exim-rcpt-callout": "451 Could not complete recipient verify callout",
    "exim-sender-verify": "550 Sender verify failed",
    "exim-sync": "554 SMTP synchronization error",
    "exim-helo": "501 Syntactically invalid EHLO argument(s)",
    "exim-auth": "535 Incorrect authentication data",
    "exim-auth-temporary": "435 Unable to authenticate at present",
    "exim-auth-unadvertised": "503 AUTH command used when not advertised",
    "exim-starttls-unadvertised": "503 STARTTLS command used when not advertised",
    "exim-bdat-unadvertised": "503 BDAT command used when CHUNKING not advertised",
    "exim-connections": (
        "421 mx.example.org: Too many concurrent SMTP connections; please try again later."
    ),
    "exim-size": "552 Message size exceeds maximum permitted",
    "exim-no-rcpt": "503 Valid RCPT command must precede DATA",
    "exim-sender-given": "503 sender already given",
    "exim-sender-needed": "503 sender not yet given",
    "exim-local-problem": "451 Temporary local problem - please try later",
    "exim-body-line": "550 maximum allowed line length is 998 octets, got 2034",
    "exim-parameter": (
        "501 <a@example.test> FOO=1: malformed address: FOO=1 may not follow <a@example.test>"
    ),
    "exim-restricted": "550 Restricted characters in address",
    "exim-query-prohibited": "550 Administrative prohibition",
    "exim-prohibited": "550 Administrative prohibition",
    "exim-ok": "250 OK id=1rXyzA-000000001Ab-2CdE",
    "exim-greeting": "220 mx.example.org ESMTP Exim 4.98 Tue, 05 Mar 2024 10:00:00 +0000",
    "sendmail-user": "550 5.1.1 <nobody@example.org>... User unknown",
    "sendmail-relay": "550 5.7.1 <a@example.net>... Relaying denied",
    "sendmail-domain": (
        "553 5.1.8 <a@nowhere.example>... Domain of sender address a@nowhere.example does not exist"
    ),
    "sendmail-sender-domain-missing": (
        "553 5.5.4 <alice>... Domain name required for sender address alice"
    ),
    "sendmail-pregreeting": (
        "554 5.5.0 mx.example.org not accepting network messages due to pre-greeting traffic"
    ),
    "sendmail-load": "421 4.3.2 Connection rate or load average too high",
    "sendmail-forged": "550 5.7.1 Fix reverse DNS for 192.0.2.1",
    "sendmail-milter": "451 4.3.2 Please try again later",
    "sendmail-ok": "250 2.0.0 4A5B6C7d001234 Message accepted for delivery",
    "sendmail-hello": (
        "250 mx.example.org Hello client.example.net [192.0.2.1], pleased to meet you"
    ),
    "qmail-relay": "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "qmail-bare-lf": "451 See http://pobox.com/~djb/docs/smtplf.html.",
    "qmail-no-mailbox": "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
    "qmail-envelope-sender": "553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)",
    "qmail-ok": "250 ok 1709632800 qp 12345",
    "opensmtpd-recipient": "550 Invalid recipient: <x@example.net>",
    "opensmtpd-order": "503 5.5.1 Invalid command: Command not allowed at this point.",
    "opensmtpd-auth": "530 5.5.1 Invalid command: Must issue an AUTH command first",
    "opensmtpd-expansion": "524 5.2.4 Mailing list expansion problem: <nosuch@example.org>",
    "dovecot-user": "550 5.1.1 <nobody@example.org> User doesn't exist: nobody@example.org",
    "dovecot-quota": "552 5.2.2 <joe@example.org> Quota exceeded (mailbox for user is full)",
    "dovecot-saved": "250 2.0.0 <joe@example.org> 8Jx2Fb4u5mVQFQAAXn5rFA Saved",
    "haraka-bare-lf": "451 Bare line-feed; see http://haraka.github.io/barelf/",
    "haraka-relay": "550 I cannot deliver mail for <a@example.net>",
    "haraka-order": "503 Use EHLO/HELO before MAIL",
    "courier-relay": "513 Relaying denied.",
    "hmailserver-login": "530 SMTP authentication is required.",
    "hmailserver-delivery": "550 Delivery is not allowed to this address.",
    "mailenable-relay": (
        "503 This mail server requires authentication when attempting to send to "
        "a non-local e-mail address."
    ),
    "aiosmtpd-banner": "220 laptop.example.org Python SMTP 1.4.6",
    "aiosmtpd-helo": "503 Error: send HELO first",
    "aiosmtpd-auth-tls": "538 5.7.11 Encryption required for requested authentication mechanism",
    "aiosmtpd-auth-failed": "535 5.7.8 Authentication credentials invalid",
    "aiosmtpd-need-rcpt": "503 Error: need RCPT command",
    "aiosmtpd-size": "552 Error: message size exceeds fixed maximum message size",
    "aiosmtpd-body-line": "500 Line too long (see RFC5321 4.5.3.1.6)",
    "aiosmtpd-param": "555 RCPT TO parameters not recognized or not implemented",
    "spamhaus-open-resolver": (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
        "zen.spamhaus.org; Error: open resolver; "
        "https://check.spamhaus.org/returnc/pub/192.0.2.53/"
    ),
    "spamhaus-dbl": (
        "554 5.7.1 Service unavailable; Sender address [joe@example.org] blocked "
        "using dbl.spamhaus.org"
    ),
    "dnsbl-domain": (
        "554 5.7.1 Service unavailable; Sender address [a@example.org] blocked "
        "using rhsbl.example.net"
    ),
    "spamhaus-name": (
        "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus."
    ),
    "spamhaus-zen": (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"
    ),
    "dnsbl-generic": (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net"
    ),
    "rspamd-spam": "554 5.7.1 Spam message rejected",
    "rspamd-gtube": "554 5.7.1 Gtube pattern",
    "greylist-generic": (
        "450 4.2.0 <joe@example.org>: Recipient address rejected: Greylisted, see "
        "http://postgrey.schweikert.ch/help/example.org.html"
    ),
    "greylist-words": "451 4.7.1 Please try again in 300 seconds",
    "amavis-virus": "550 5.7.0 Reject, id=12345-07 - INFECTED: Eicar-Signature",
    "amavis-banned": "550 5.7.0 Reject, id=12345-08 - BANNED: .exe",
    "amavis-spam": "554 5.7.0 Reject, id=12345-06 - spam",
    "spf-error": "550 5.7.24 SPF PermError: too many DNS lookups",
    "policyd-weight": (
        "550 5.7.1 <bob@example.org>: Recipient address rejected: Mail appeared to be SPAM or "
        "forged. Ask your Mail/DNS-Administrator to correct HELO and DNS MX settings or to get "
        "removed from DNSBLs"
    ),
    "policyd-spf": (
        "550 5.7.23 <joe@example.org>: Recipient address rejected: Message "
        "rejected due to: SPF fail - not authorized."
    ),
    "opendmarc": "550 5.7.1 rejected by DMARC policy for example.org",
    "any-dmarc": "550 5.7.1 Email rejected per DMARC policy for example.org",
    "any-spf": "550 SPF check failed for example.org",
    "any-dkim": "554 5.7.5 DKIM signature verification failed",
    "ftp-login": "530 Please login with USER and PASS.",
    "gmail-auth-required": "530 5.7.0 Authentication required.",
    "starttls-first": "530 5.7.0 Must issue a STARTTLS command first",
    "login-tls": (
        "523 5.7.10 Plaintext authentication disallowed on non-secure (SSL/TLS) connections."
    ),
    "login-service": "454 4.7.0 Authentication server temporarily unavailable",
    "login-tries": "421 4.7.0 Too many failed authentication attempts",
    "login-quota": "451 Sending quota exceeded for this account",
    "login-app-password": "535 5.7.8 Two-factor authentication is on, use an application password",
    "login-locked": "525 5.7.13 Account disabled",
    "login-smtp-off": "535 5.7.1 SMTP access is disabled for this user",
    "login-basic-off": "535 5.7.139 Basic authentication is not supported any more",
    "login-twice": "503 5.5.1 Error: already authenticated",
    "login-in-transaction": "503 5.5.1 AUTH not permitted during a mail transaction",
    "login-not-offered": "503 5.3.3 AUTH not available",
    "login-mechanism": "504 5.5.4 Unrecognized authentication type",
    "login-too-weak": "534 5.7.9 Authentication mechanism is too weak",
    "login-base64": "501 5.5.2 Invalid base64 data in continued response",
    "login-line": "500 5.5.2 Line too long (in AUTH)",
    "login-initial-response": "501 5.7.0 No initial response is allowed with this mechanism",
    "postfix-auth": "535 5.7.8 Error: authentication failed: authentication failure",
    "login-failed": "535 5.7.8 Authentication failed: Bad username / password",
    "login-required": "550 authentication required",
    "any-sender-syntax": "501 5.1.7 Bad sender address syntax",
    "any-null-sender": "550 5.7.1 Bounces not accepted here",
    "any-sender-null-mx": "550 5.7.27 Sender address has null MX",
    "any-sender-domain": "553 5.1.8 Sender domain must resolve",
    "any-from-domain": "550 5.7.1 Domain of the From: header has no MX record (after .)",
    "any-sender-domain-late": "550 5.1.8 Invalid sender domain (after RCPT)",
    "any-sender-verify": "550 Sender verification failed",
    "any-not-owner": "550 5.7.1 Sender mismatch: you are not allowed to send as boss@example.org",
    "any-sender-refused": "550 5.1.0 Sender rejected",
    "any-greet-first": "503 5.5.1 Polite people say HELO first",
    "any-helo-own": "550 Forged HELO: you are not mx.example.org",
    "any-helo-fqdn": "550 HELO should be a FQDN",
    "any-helo-dns": "550 5.7.1 HELO name does not resolve in DNS",
    "any-helo-invalid": "501 5.5.4 Invalid domain name",
    "any-helo-late": "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
    "any-ptr": "554 5.7.1 Client rejected: no reverse DNS for 192.0.2.1",
    "any-dynamic": "550 5.7.1 Mail from dynamic IP addresses is not accepted",
    "any-reputation": "550 5.7.1 Message refused due to the reputation of the sender",
    "any-relay": "550 5.7.1 Relaying not allowed: joe@example.net",
    "any-full": "552 Requested mail action aborted: mailbox is full",
    "any-disabled": "550 5.2.1 This mailbox is disabled",
    "any-recipient-domain": "550 5.1.2 <bob@nowhere.example>... Host unknown",
    "any-user": "550 No such user here",
    "any-unavailable": "550 5.2.0 Requested action not taken: mailbox unavailable",
    "any-unavailable-now": "450 4.2.0 Requested mail action not taken: mailbox unavailable",
    "any-pending": "451 4.1.1 Recipient verification failed for now",
    "any-list": "550 5.7.2 You are not allowed to post to this list",
    "any-moved-to": "551 User not local; please try <bob@example.com>",
    "any-scanner-failed": "451 virus scanner failed: connection refused",
    "any-next-hop-smtputf8": (
        "550 5.6.7 SMTPUTF8 is required, but was not offered by host mx.example.com[192.0.2.9]"
    ),
    "any-helo-refused": "550 HELO localhost not allowed",
    "any-spam-source": "550 Your IP (192.0.2.44) is locked, too many spam sent.",
    "any-tls-version": (
        "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to "
        "support TLS 1.2."
    ),
    "list-of-its-own": "550 5.7.1 Your host is listed on our internal blacklist",
    "amavis-trouble": "451 4.5.0 Error in processing, id=12345-06, virus_scan FAILED",
    "amavis-header": "554 5.6.0 Reject, id=12345-06 - BAD_HEADER",
    "mimecast-header-sender": (
        "550 Rejected by header based manually Blocked Senders: alice@example.net"
    ),
    "gmx-sender-dns": (
        "550-Requested action not taken: mailbox unavailable\n"
        "550-invalid DNS MX or A/AAAA resource record\n"
        "550 For explanation visit https://postmaster.web.de/en/case?c=r0103 (after RCPT)"
    ),
    "gmx-policy": (
        "554-Transaction failed\n554-Reject due to policy restrictions.\n554 For explanation "
        "visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.44&c=hi"
    ),
    "sendmail-relay-name": (
        "550 5.7.1 <bob@example.org>... Relaying denied. IP name lookup failed [192.0.2.44]"
    ),
    "postfix-helo-listed": (
        "554 5.7.1 Service unavailable; Helo command [me.example] blocked using dbl.spamhaus.org"
    ),
    "exim-rcpt-unknown": "550-Callout verification failed:\n550 550 no such user",
    "any-eight-bit-header": (
        "550 Your message headers contain 8-bit characters that are not allowed"
    ),
    "any-tls-subsystem": "554 5.7.3 Unable to initialize security subsystem",
    "outlook-rate": (
        "421 RP-001 Unfortunately, some messages from 192.0.2.44 weren't sent. Please try again. "
        "We have limits for how many messages can be sent per hour and per day."
    ),
    "any-virus-or-spam": "550 5.7.1 Message contains prohibited virus or spam content",
    "any-smtputf8-parameter": "555 5.5.4 Unsupported option: SMTPUTF8",
    "any-from-differs": "550 From header address does not match envelope",
    "any-spam-filter-down": "421 4.7.0 Anti-spam system overloaded, try later",
    "netease-rate": (
        "421 HL:IFC 163 mx12,xxx 1456789 http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.44"
    ),
    "netease-connections": (
        "421 HL:ICC 163 mx12,xxx 1456789 http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.44"
    ),
    "netease-listed": (
        "450 DT:RBL 163 mx12,xxx 1456789 http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.44"
    ),
    "any-moved": "551 5.1.6 bob has moved, please try <bob@example.net>",
    "any-recipient-syntax": "501 5.1.3 Bad recipient address syntax",
    "any-early": "554 5.7.0 You talked before the greeting",
    "any-pipelining": "503 5.5.0 Unauthorized pipelining",
    "any-handshake-timeout": "421 4.7.0 TLS handshake with your host timed out (after EHLO)",
    "any-lookup-timeout": "451 4.3.0 LDAP query timed out (after RCPT)",
    "any-idle": "421 4.4.2 Connection idle for too long",
    "any-too-many-errors": "421 4.7.0 Too many unrecognized commands, closing",
    "any-recipients-period": "452 4.7.1 Too many recipients per hour",
    "any-recipients": "552 too many recipients",
    "any-concurrent": "421 4.7.0 Too many connections from your host",
    "any-quota": "550 5.4.5 Daily sending limit reached",
    "any-rate": "451 4.7.1 Rate limit exceeded, slow down",
    "any-smtputf8": "553 5.6.7 Non-ASCII address requires SMTPUTF8",
    "any-virus": "554 5.7.1 Virus found: Eicar-Test-Signature",
    "any-attachment": "552 5.7.0 Attachment type not allowed: .exe",
    "any-bare": "550 5.6.0 Bare LF not allowed",
    "any-body-line": "554 5.6.0 Message line is too long",
    "any-nul": "554 5.6.0 NUL character in message not allowed",
    "any-eight-bit": "550 5.6.3 8-bit data not allowed without 8BITMIME",
    "any-header": "550 5.6.0 Missing Date header field (RFC 5322)",
    "any-loop": "554 5.4.6 Too many hops 26 (25 max): mail loop",
    "any-size": "552 5.3.4 Message too large",
    "any-size-now": "452 4.3.4 Message size exceeds what is free now",
    "any-disk": "452 4.3.1 Insufficient system storage",
    "any-spam": "550 5.7.1 Rejected as spam",
    "any-content": "550 5.7.1 Message content rejected, contains a forbidden URL",
    "any-bdat": "503 5.5.1 CHUNKING not advertised, BDAT refused",
    "any-binarymime": "503 5.5.1 BODY=BINARYMIME requires BDAT",
    "any-chunk-size": "501 5.5.4 Syntax: BDAT count [LAST]",
    "any-chunk-mixed": "503 5.5.1 DATA not allowed after BDAT",
    "any-parameter-value": "501 5.5.4 Error: Bad NOTIFY parameter syntax",
    "any-parameter": "555 5.5.4 Unsupported option: SIZE=2000",
    "any-line-too-long": "500 5.5.2 Line too long",
    "any-nested": "503 5.5.1 Sender already specified",
    "any-mail-first": "503 5.5.1 Need MAIL before RCPT",
    "any-rcpt-first": "503 5.5.1 Need RCPT (recipient)",
    "any-no-parameters": "501 5.5.4 Syntax error (no parameters allowed)",
    "any-tls-active": "503 5.5.1 Already in TLS mode",
    "any-tls-unavailable": "454 4.3.3 TLS not available, certificate missing",
    "any-not-a-list": "550 That is a user name, not a mailing list",
    "any-name": "550 5.1.1 staff: no such list",
    "any-query-relay": "554 5.7.1 <alice>: Relay access denied",
    "any-query-syntax": "501 alice: recipient address must contain a domain",
    "any-vrfy-off": "502 5.5.1 VRFY disallowed by the site administrator",
    "any-ambiguous": "553 5.1.4 User ambiguous",
    "any-no-mail-host": "521 5.3.2 This host does not accept mail",
    "any-trouble": "451 4.3.5 Internal error in the backend",
    "rspamd-greylist": "451 4.7.1 Try again later",
    "any-busy": "421 4.3.2 Server busy",
    "any-closing": "421 4.3.2 Service shutting down",
    "any-parameter-named": "503 5.5.4 Error: AUTH=<> not allowed",
    "any-access": "550 5.7.1 Access denied",
    "gmx-sending": (
        "550-Requested action not taken: mailbox unavailable\n"
        "550 Failure sending mail. Try again later."
    ),
    "gmail-direct": (
        "550-5.7.1 [192.0.2.1] The IP you're using to send mail is not authorized to\n"
        "550-5.7.1 send email directly to our servers. Please use the SMTP relay at your\n"
        "550 5.7.1 service provider instead. d2e1a72fcca58-715e57a0f50si1104d2710b3a.328 - gsmtp"
    ),
    "cisco-address": "550 #5.1.0 Address rejected.",
    "login-busy": "535 Error: authentication failed, system busy",
    "login-weak-password": "535 5.7.0 authentication rejected: your password is too simple",
    "any-message-timeout": "554 5.5.0 Error: transaction timeout",
    "any-reserved-domain": "501 5.1.5 Recipient address reserved by RFC 2606",
    "any-recipient-rejected": "550 5.1.0 Recipient rejected: <ci-alert@example.org>",
}
