"""Texts that many servers have in common, whatever their software. These rules are tried last.

The order matters: rules for one particular subject come before rules for many.
"""

from __future__ import annotations

from .row import TextRule

COMMON: tuple[TextRule, ...] = (
    TextRule(
        "ftp-login",
        "any server",
        "530 331 332 500",
        "user and pass",
        topic="ftp",
    ),
    TextRule(
        "ftp-ehlo",
        "any server",
        "500",
        "ehlo not understood | helo not understood",
        after="EHLO HELO",
        topic="ftp",
        means=(
            "FTP servers reply like this: “not understood” is ProFTPD's wording for an unknown "
            "command. A mail server would recognise EHLO or HELO."
        ),
    ),
    TextRule(
        "any-after-quit",
        "any server",
        "4xx 5xx",
        (
            "after quit | already quit | already said quit | quit already | quit was already | "
            "since quit | quit has been"
        ),
        topic="after-quit",
    ),
    TextRule(
        "any-no-colon",
        "any server",
        "500 501 553 555",
        "missing colon | no colon | colon is missing | colon expected | colon required",
        after="MAIL RCPT",
        topic="path-missing",
    ),
    TextRule(
        "any-mechanism-tried",
        "any server",
        "5xx",
        "already tried | already attempted | mechanism was tried",
        after="login",
        topic="mechanism",
        means=(
            "This mechanism has already failed on this connection, and the server does not allow "
            "a second attempt."
        ),
        try_next=(
            "Reconnect and use the correct user name and password, or choose another mechanism."
        ),
    ),
    TextRule(
        "any-auth-step",
        "any server",
        "5xx",
        "another step is needed | authentication not complete | authentication incomplete",
        after="login",
        topic="auth-step",
    ),
    TextRule(
        "any-sender-unverified",
        "any server",
        "4xx 5xx",
        (
            "address is not verified | address not verified | address has not been verified | "
            "email is not verified | email not verified | unverified sender | unverified email | "
            "verify your email | verify your address | confirm your email | confirm your address"
        ),
        after="MAIL message",
        topic="sender-unverified",
    ),
    TextRule(
        "any-human",
        "any server",
        "4xx 5xx",
        (
            "confirm you are human | confirm that you are human | prove you are human |"
            " prove that you are human | verify you are human | challenge-response | "
            "challenge/response"
        ),
        after="RCPT message",
        topic="restricted-recipient",
        means=(
            "The recipient accepts mail from a new sender only after the sender has confirmed the "
            "message manually (challenge-response). The address itself exists."
        ),
        try_next=(
            "Open the page that the reply names, or answer the message that asks for "
            "confirmation. Then send again."
        ),
    ),
    TextRule(
        "any-sender-mailbox-full",
        "any server",
        "4xx 5xx",
        (
            "sender mailbox is over | sender's mailbox is | sender mailbox full | your "
            "mailbox is full | your mailbox is over | sender over quota | sender is "
            "over quota | your quota"
        ),
        after="MAIL",
        topic="mailbox-full",
        means=(
            "The sender's mailbox has used up its quota, and the server does not accept mail from "
            "this sender until space is freed."
        ),
        try_next="Free space in the sender's mailbox, then send again.",
    ),
    TextRule(
        "any-anonymous-submit",
        "any server",
        "5xx",
        (
            "client does not have permissions to submit | does not have permission to "
            "submit | anonymous clients | anonymous submission"
        ),
        after="mail",
        topic="login-required",
    ),
    TextRule(
        "cpanel-suspended",
        "any server",
        "5xx",
        (
            "outgoing mail from … suspended | outgoing mail … disabled | outbound mail "
            "… suspended | outgoing email … suspended | outgoing messages … held"
        ),
        after="mail",
        topic="account-locked",
        means=(
            "The hosting provider has suspended all outgoing mail from this account or sender, "
            "usually because of spam or too many failed deliveries. The recipient is not at fault."
        ),
        try_next=(
            "Check what was sent from the account, change its password, and ask the "
            "provider to lift the suspension."
        ),
    ),
    TextRule(
        "cpanel-failures",
        "any server",
        "4xx 5xx",
        "max defers and failures per hour | defers and failures",
        after="mail",
        topic="rate",
        means=(
            "Within an hour, too many messages from this sender's domain could not be delivered, "
            "so the server refuses its mail for a while. This particular message is not at fault."
        ),
        try_next=(
            "Remove bouncing addresses from the list of recipients, check that the account has "
            "not been taken over, and wait an hour."
        ),
    ),
    TextRule(
        "any-onward-lost",
        "any server",
        "4xx",
        (
            "remote server not answering | relay connection lost | lost connection to "
            "relay | relay server | connection to the relay | backend connection | lost"
            " connection to backend"
        ),
        after="RCPT DATA message MAIL",
        topic="next-hop-down",
    ),
    TextRule(
        "any-encrypted-content",
        "any server",
        "5xx",
        (
            "encrypted messages | encrypted message | encrypted mail is | encrypted "
            "e-mail | encrypted attachment | encrypted archive | encrypted zip | "
            "password protected | password-protected"
        ),
        after="message",
        topic="content-policy",
        means=(
            "The message or an attachment is encrypted or protected by a password. The server's "
            "filters cannot examine it, and one of the server's rules forbids such content."
        ),
        try_next=(
            "Send the message without encryption, share the file in another way, or ask the "
            "recipient's postmaster for an exception."
        ),
    ),
    TextRule(
        "any-lhlo-first",
        "any server",
        "503 502 500 501 530",
        "lhlo first | say lhlo | send lhlo | need lhlo | use lhlo | issue lhlo | lhlo command",
        after="MAIL RCPT DATA",
        means=(
            "LHLO must come first: this server speaks LMTP. In LMTP, the client introduces itself "
            "with LHLO instead of EHLO."
        ),
        try_next="First send LHLO followed by your host name.",
    ),
    TextRule(
        "any-chunk-failed",
        "any server",
        "503 554",
        (
            "need rset | needs rset | rset first | send rset | use rset | issue rset | rset "
            "required | require rset | requires rset | rset needed | chunk failed | bdat failed | "
            "failed bdat | failed chunk"
        ),
        after="chunks DATA",
        topic="chunk-failed",
    ),
    TextRule(
        "any-data-open",
        "any server",
        "503 554",
        "data transaction in progress | data command in progress",
        after="chunks",
        topic="chunk-mixed",
    ),
    TextRule(
        "any-all-recipients",
        "any server",
        "5xx",
        (
            "all recipients were rejected | all recipients rejected | all recipients "
            "refused | all recipients were refused | no recipients accepted | all rcpt "
            "commands were rejected | all recipients failed"
        ),
        after="DATA chunks",
        topic="recipient-first",
    ),
    TextRule(
        "any-tls-limit",
        "any server",
        "4xx 5xx",
        "tls session limit | tls sessions | tls connections | tls handshakes | tls rate",
        after="STARTTLS",
        topic="rate",
        means=(
            "The server limits how many TLS handshakes or sessions one client may start in a "
            "given time, and this limit has been reached. STARTTLS itself is not at fault."
        ),
        try_next="Reconnect later, and send several messages over one TLS connection.",
    ),
    TextRule(
        "any-mime-limit",
        "any server",
        "5xx",
        (
            "mime nesting | nesting level | nested too | too many mime | too many parts"
            " | mime parts exceed | too many body parts | multipart nesting"
        ),
        after="message",
        topic="unreadable-message",
        means=(
            "The message has more MIME parts, or more levels of nested parts, than the server "
            "examines."
        ),
        try_next=(
            "Simplify the message: use fewer parts, and do not attach messages within messages."
        ),
    ),
    TextRule(
        "any-helo-mismatch",
        "any server",
        "4xx 5xx",
        (
            "helo … does not match | ehlo … does not match | helo … doesn't match | "
            "ehlo … doesn't match | helo … mismatch | ehlo … mismatch | helo … not "
            "match | helo … disagree | ehlo … disagree | helo … differ | ehlo … differ"
        ),
        after="helo",
        topic="helo-refused",
        means=(
            "The name in EHLO does not match the client's address: DNS has a different name for "
            "the address (its PTR record), or a different address for the name.{helo}"
        ),
        try_next=(
            "Send EHLO with the name in the PTR record of the client's address. That name must "
            "resolve back to the address."
        ),
    ),
    TextRule(
        "gmail-auth-required",
        "any server",
        "530",
        "5.7.0 authentication required | 5.5.1 authentication required",
        topic="login-required",
    ),
    TextRule(
        "any-dane",
        "any server",
        "4xx 5xx",
        "by dane | (dane) | no matching tlsa | tlsa record | mta-sts",
        after="mail",
        topic="next-hop-tls",
    ),
    TextRule(
        "starttls-first",
        "any server",
        "",
        (
            "must issue a starttls command first | must issue starttls | starttls "
            "first | need starttls | use starttls | starttls required | starttls is "
            "required | tls required | tls is required | encryption required | "
            "requires tls | requires encryption | must use tls | encrypted connection "
            "required | requires an encrypted | without tls | use ssl | secure "
            "connection required | must be encrypted | encryption is required | "
            "encryption needed | needs encryption | tls needed | requires ssl | tls "
            "connection required | not encrypted | tls first | unencrypted | mail over tls"
        ),
        after="helo mail VRFY EXPN ETRN NOOP HELP RSET",
        topic="tls-required",
    ),
    TextRule(
        "any-tls-version",
        "any server",
        "4xx 5xx",
        (
            "tls 1.0 and 1.1 are not supported | tls 1.0 … no longer supported | tls version … "
            "no longer supported | tls version … not supported | to support tls 1.2 | "
            "tls version 1 | tls 1.2 or | tlsv1.2 or | use tls 1.2 | use tls 1.3 | "
            "tls version too | old tls"
        ),
        means=(
            "The TLS version of this connection is too old. The server no longer supports TLS 1.0 "
            "or 1.1."
        ),
        try_next="Use a client and a TLS library that support TLS 1.2 or later, and connect again.",
    ),
    TextRule(
        "login-tls",
        "any server",
        "",
        (
            "must issue a starttls command first | must issue starttls | starttls "
            "first | need starttls | starttls required | starttls is required | tls "
            "required | tls is required | encryption required | requires tls | "
            "requires encryption | must use tls | ssl required | encryption is "
            "required | plaintext authentication disallowed | without tls | plaintext "
            "authentication disabled | secure connection | over a secure | not "
            "allowed on unencrypted | only over tls | encryption needed | using tls | "
            "with tls | over tls | via tls | use tls | through tls | over ssl | via "
            "ssl"
        ),
        after="login",
        topic="login-over-tls",
    ),
    TextRule(
        "login-service",
        "any server",
        "4xx",
        (
            "temporary authentication failure | authentication server | auth service "
            "| internal authentication | temporary internal failure | authentication "
            "backend | temporarily unavailable | temporary auth | backend failure"
        ),
        after="login",
        topic="login-trouble",
    ),
    TextRule(
        "login-tries",
        "any server",
        "",
        (
            "too many … attempts | too many authentication | too many auth | too many "
            "failed | too many failures | too many bad | repeated fail | multiple "
            "failed | too many login | too many errors | brute | try again in | "
            "temporarily locked | attempts exceeded | failed too many | too many wrong | "
            "too many incorrect | too many invalid | too many tries | fail2ban"
        ),
        after="login",
        topic="login-tries",
    ),
    TextRule(
        "login-quota",
        "any server",
        "",
        (
            "quota | credits | sending limit | limit exceeded | plan limit | limit of your plan | "
            "plan exceeded"
        ),
        after="login",
        topic="daily-quota",
    ),
    TextRule(
        "login-app-password",
        "any server",
        "",
        (
            "application-specific | app-specific | app password | application "
            "password | two-factor | 2fa | two factor | two-step | 2-step"
        ),
        after="login",
        topic="app-password",
    ),
    TextRule(
        "login-password-expired",
        "any server",
        "4xx 5xx",
        (
            "password expired | password has expired | password is expired | expired "
            "password | password must be changed | password needs to be changed"
        ),
        after="login",
        topic="password-expired",
    ),
    TextRule(
        "login-locked",
        "any server",
        "",
        (
            "account disabled | account is disabled | account has been disabled | "
            "account is locked | account locked | account suspended | account is "
            "suspended | account has been suspended | account blocked | user disabled "
            "| user is disabled | account expired | "
            "account is inactive | user is suspended"
        ),
        after="login MAIL DATA message",
        topic="account-locked",
    ),
    TextRule(
        "login-smtp-off",
        "any server",
        "",
        (
            "smtp auth … disabled | smtp access … disabled | smtp … not enabled | "
            "smtp service is not | not allowed to use smtp | smtp is disabled | "
            "pop3/smtp | imap/smtp | no smtp access"
        ),
        after="login",
        topic="smtp-off-account",
    ),
    TextRule(
        "login-basic-off",
        "any server",
        "",
        (
            "basic authentication is disabled | basic authentication … not supported "
            "| password authentication … disabled | oauth … required | less secure"
        ),
        after="login",
        topic="basic-off",
    ),
    TextRule(
        "login-twice",
        "any server",
        "",
        "already authenticated | already logged | already authorized | already auth",
        after="login",
        topic="auth-twice",
    ),
    TextRule(
        "login-in-transaction",
        "any server",
        "503",
        ("not permitted during | during a mail transaction | mail transaction in progress"),
        after="login",
        means="AUTH is not allowed while a transaction is open.",
        try_next="Send RSET to end the open transaction, then send AUTH.",
    ),
    TextRule(
        "login-busy",
        "any server",
        "5xx",
        (
            "system busy | system is busy | server busy | server is busy | temporary "
            "auth | temporary failure | temporary problem | temporary error | "
            "temporarily unavailable | try again later | try later"
        ),
        after="login",
        topic="login-busy",
    ),
    TextRule(
        "login-weak-password",
        "any server",
        "5xx",
        (
            "password is too simple | password too simple | password is too weak | "
            "password too weak | weak password | insecure password"
        ),
        after="login",
        topic="password-weak",
    ),
    TextRule(
        "login-not-offered",
        "any server",
        "500 502 503",
        (
            "authentication not enabled | not advertised | auth not available | auth "
            "not supported | authentication is disabled | authentication not "
            "available | auth not enabled | authentication disabled | not implemented "
            "| authentication not supported"
        ),
        after="login",
        topic="auth-not-offered",
    ),
    TextRule(
        "login-mechanism",
        "any server",
        "5xx",
        (
            "unrecognized authentication type | unrecognised authentication type | "
            "mechanism not supported | mechanism is not supported | unsupported "
            "authentication mechanism | unknown authentication | authentication "
            "mechanism … not supported | unsupported mechanism | unrecognized "
            "mechanism | mechanism not available | unimplemented authentication | "
            "authentication method not | no such mechanism | unknown mechanism | "
            "authentication type not | mechanism disabled | invalid authentication "
            "mechanism | mechanism … not available | mechanism … not supported"
        ),
        after="login",
        topic="mechanism",
    ),
    TextRule(
        "login-too-weak",
        "any server",
        "534",
        "mechanism … too weak | mechanism is too weak",
        after="login",
        means=(
            "The mechanism is too weak for this account. The server's policy requires a stronger "
            "one; the user name and password may be correct."
        ),
        try_next="{stronger}",
    ),
    TextRule(
        "login-base64",
        "any server",
        "5xx",
        (
            "base64 | base 64 | cannot decode | can't decode | decode error | "
            "malformed authentication | malformed auth | could not decode | failed to "
            "decode | invalid encoding"
        ),
        after="login",
        topic="auth-base64",
    ),
    TextRule(
        "login-line",
        "any server",
        "500 501 5.5.6",
        "line too long | line is too long | input too long | line length | too long",
        after="login",
        topic="auth-line",
    ),
    TextRule(
        "login-initial-response",
        "any server",
        "5xx",
        (
            "initial response | initial client response | no initial | unexpected initial | "
            "argument not permitted | argument not allowed | argument is not permitted | "
            "argument is not allowed"
        ),
        after="login",
        topic="auth-initial",
    ),
    TextRule(
        "postfix-auth",
        "Postfix",
        "535",
        "5.7.8 error: authentication failed",
        after="login",
        topic="credentials",
    ),
    TextRule(
        "login-failed-for-now",
        "any server",
        "4xx",
        (
            "invalid username or password | invalid username/password | incorrect "
            "username or password | bad username or password | wrong username or "
            "password | wrong password | incorrect password | invalid password | bad "
            "password | invalid credentials"
        ),
        after="login",
        topic="credentials",
    ),
    TextRule(
        "login-failed",
        "any server",
        "5xx",
        (
            "authentication failed | invalid credentials | bad username | invalid "
            "login | invalid user | incorrect password | login failed | "
            "authentication failure | login incorrect | wrong password | incorrect "
            "authentication | invalid password | authentication unsuccessful | bad "
            "credentials | credentials invalid | invalid username | user name or "
            "password | username or password | authentication rejected | auth failed "
            "| invalid authentication | authorization failed | authentication error | "
            "login denied | access denied: invalid | auth failure | username and "
            "password"
        ),
        after="login",
        topic="credentials",
    ),
    TextRule(
        "login-required",
        "any server",
        "",
        (
            "authentication required | authentication is required | requires authentication | "
            "must authenticate | need to authenticate | please authenticate | not authenticated | "
            "must be authenticated | auth required | authenticate first | authentication needed | "
            "login required | log in first | smtp auth … required | without authentication | turn "
            "on smtp authentication | must issue an auth | authenticate before | you must login | "
            "must log in | needs authentication | smtp authentication | auth first | require "
            "authentication | please login | authorization required | pop before smtp | pop- "
            "before-smtp | receive your mail before | check your mail before | auth command first "
            "| log on | unauthenticated sender | unauthenticated client | unauthenticated user"
        ),
        after="mail VRFY EXPN ETRN helo",
        topic="login-required",
    ),
    TextRule(
        "any-sender-syntax",
        "any server",
        "501 504 550 553 555 500",
        (
            "malformed … address | bad sender address syntax | invalid sender syntax "
            "| syntax error in sender | invalid address syntax | invalid address "
            "format | bad address syntax | syntax error in … address | need "
            "fully-qualified | illegal address | malformed address | unbalanced | "
            "domain missing | domain name required | missing or malformed | syntax: "
            "mail | sender address must | must contain a domain | invalid address | "
            "bad address | address syntax | malformed sender"
        ),
        after="MAIL",
        topic="sender-syntax",
    ),
    TextRule(
        "any-null-sender",
        "any server",
        "5xx",
        (
            "bounces not accepted | null sender | bounce not | does not accept "
            "bounces | don't accept bounces | not accept bounces | empty sender | "
            "empty envelope sender | "
            "blank sender | null sender not | null reverse | no bounces | bounces are "
            "not"
        ),
        after="MAIL RCPT DATA message",
        topic="null-sender",
    ),
    TextRule(
        "any-sender-null-mx",
        "any server",
        "4xx 5xx",
        (
            "sender … null mx | sender … nullmx | return address … no mail | sender "
            "address has null mx"
        ),
        after="MAIL RCPT DATA message",
        topic="sender-null-mx",
    ),
    TextRule(
        "any-sender-lookup",
        "any server",
        "4xx",
        (
            "sender domain … timed out | sender domain … timeout | domain of sender … timed out | "
            "domain of sender … timeout | sender … dns … timed out | sender … servfail"
        ),
        after="mail",
        topic="sender-lookup",
    ),
    TextRule(
        "any-sender-domain",
        "any server",
        "",
        (
            "domain of sender address | sender domain must | sender address … "
            "domain not found | cannot resolve … domain | sender … does not resolve | "
            "domain not found | domain does not exist | no mx for sender | "
            "unresolvable sender | mx record for sender | domain must | invalid "
            "domain | domain must resolve | sender … dns | could not resolve your "
            "domain | dns a-record is empty | does not have valid mx"
        ),
        after="MAIL",
        topic="sender-domain",
    ),
    TextRule(
        "any-from-domain",
        "any server",
        "4xx 5xx",
        (
            "from: header … mx | from header … mx | header from … mx | from: header … dns | "
            "from header … dns | header from … dns | domain of the from: | domain in from: | "
            "domain in the from: | from: header … does not exist | from header … does not exist | "
            "from: domain does not | from: domain … not exist | header from … not exist"
        ),
        after="message",
        topic="sender-domain",
        means=(
            "The domain of the address in the From: header has no usable record in DNS (MX or "
            "address), so a reply could not be delivered to it."
        ),
        try_next="Use a From: address whose domain exists and accepts mail.",
    ),
    TextRule(
        "any-sender-domain-late",
        "any server",
        "",
        (
            "domain of sender address | invalid sender domain | unresolvable sender "
            "| no mx for sender | sender address … domain not found | sender … does "
            "not resolve | from: domain is invalid"
        ),
        after="RCPT DATA message",
        topic="sender-domain",
    ),
    TextRule(
        "any-sender-verify",
        "any server",
        "",
        (
            "sender verification | sender verify | verify your sender | sender "
            "address verification | could not verify sender | sender is invalid | "
            "sender address … undeliverable | return path | sender does not exist | "
            "sender unknown | unknown sender | sender callout"
        ),
        after="MAIL RCPT DATA message",
        topic="sender-verify",
    ),
    TextRule(
        "any-several-from",
        "any server",
        "5xx",
        (
            "multiple from | several from | more than one from | duplicate from | multiple "
            "addresses in from | two from"
        ),
        after="message",
        topic="bad-header",
    ),
    TextRule(
        "any-not-owner",
        "any server",
        "5xx",
        (
            "must equal authorized | must be same as auth | "
            "not owned by | not allowed to send as | not authorized to send as | not "
            "permitted to send as | sender address … not allowed | sender mismatch | "
            "does not match … login | sender … not match | does not belong | must "
            "match | not your address | not allowed to use this | cannot send as | "
            "send on behalf | not authorized to use | from address … not | sender "
            "address is not allowed | sender is not allowed | user not authorized | "
            "not allowed for this user | not authorised to send | permission to send "
            "as | not send as | not send mail as | not send email as | not send messages as | "
            "not use this sender | not use this address"
        ),
        after="MAIL RCPT DATA message",
        topic="sender-not-owner",
    ),
    TextRule(
        "any-sender-refused",
        "any server",
        "",
        (
            "is not allowed to send | not authorized to send | sender rejected | "
            "blocked senders | envelope blocked | "
            "sender denied | sender blocked | sender is blocked | sender refused | "
            "sender address rejected | envelope sender | bad sender | badmailfrom | "
            "badmail | sender not allowed | sender not accepted | domain … not "
            "allowed to send | not allowed to send"
        ),
        after="MAIL RCPT DATA message",
        topic="sender-refused",
        weak=True,
    ),
    TextRule(
        "any-greet-first",
        "any server",
        "5xx",
        (
            "send helo | send ehlo | helo first | ehlo first | hello first | say helo "
            "| say ehlo | need helo | need ehlo | helo/ehlo required | must send helo "
            "| must send ehlo | polite people | helo required | ehlo required | "
            "introduce yourself | ehlo/helo first | helo/ehlo first | no helo | "
            "expected helo | expecting helo | say hello | lhlo first | send lhlo | "
            "issue a helo | issue helo | ehlo or helo | helo or ehlo | helo before | "
            "use helo | use ehlo"
        ),
        after="MAIL RCPT DATA VRFY EXPN AUTH STARTTLS ETRN BDAT NOOP RSET",
        topic="greet-first",
    ),
    TextRule(
        "any-helo-own",
        "any server",
        "5xx",
        (
            "you are not me | forged helo | forged ehlo | helo is my | helo with my | "
            "is my name | my own name | impersonat | pretending to be"
        ),
        after="helo",
        topic="helo-own-name",
    ),
    TextRule(
        "any-helo-fqdn",
        "any server",
        "4xx 5xx",
        (
            "helo … fully | ehlo … fully | helo … fqdn | ehlo … fqdn | helo … "
            "qualified | ehlo … qualified | need fully-qualified hostname | hostname "
            "… not fully | requires a fqdn | fully-qualified host"
        ),
        after="helo",
        topic="helo-not-fqdn",
    ),
    TextRule(
        "any-helo-dns",
        "any server",
        "4xx 5xx",
        (
            "helo … not found | ehlo … not found | helo … resolv | ehlo … resolv | "
            "helo … dns | ehlo … dns | helo … does not exist | ehlo … does not exist "
            "| helo … no a record"
        ),
        after="helo",
        topic="helo-unresolved",
    ),
    TextRule(
        "any-helo-invalid",
        "any server",
        "5xx",
        (
            "invalid helo | invalid ehlo | bad helo | bad ehlo | illegal helo | helo "
            "… invalid | ehlo … invalid | invalid domain name | invalid host name | "
            "invalid hostname | helo … syntax | ehlo … syntax | syntax: ehlo | "
            "syntax: helo | ehlo requires | helo requires | requires domain address | "
            "invalid name"
        ),
        after="EHLO HELO LHLO",
        topic="helo-invalid",
    ),
    TextRule(
        "any-helo-refused",
        "any server",
        "4xx 5xx",
        (
            "helo … not allowed | ehlo … not allowed | helo … not accepted | ehlo … not accepted "
            "| helo … refused | ehlo … refused | helo … denied | ehlo … denied"
        ),
        after="EHLO HELO LHLO",
        topic="helo-refused",
    ),
    TextRule(
        "any-helo-late",
        "any server",
        "4xx 5xx",
        (
            "invalid helo | invalid ehlo | bad helo | bad ehlo | helo name | ehlo "
            "name | helo … invalid | ehlo … invalid | your helo | your ehlo | helo "
            "rejected | ehlo rejected | helo is | helo/ehlo name | helo command | "
            "ehlo command | helo mismatch | helo does not | "
            "helo argument | ehlo argument"
        ),
        after="helo",
        topic="helo-refused",
        weak=True,
    ),
    TextRule(
        "any-ptr-lookup",
        "any server",
        "4xx",
        (
            "temporar … reverse dns | temporar … reverse lookup | temporar … ptr | reverse dns … "
            "temporar | reverse dns … timed out | reverse dns … timeout | reverse dns … servfail "
            "| ptr … servfail | ptr … timed out | reverse lookup … timed out"
        ),
        after="policy",
        topic="ptr-lookup",
    ),
    TextRule(
        "any-ptr",
        "any server",
        "4xx 5xx",
        (
            "reverse dns | ptr record | rdns | no ptr | reverse lookup | reverse hostname | bad "
            "dns ptr | dns ptr | reverse name | cannot find your hostname | no reverse | ptr rr | "
            "missing ptr | ptr entry | in-addr.arpa | host name lookup failed | ip name lookup "
            "failed | reverse mapping | hostname lookup | unresolvable client | does not resolve "
            "| ip name possibly forged | cannot resolve your ip"
        ),
        after="policy",
        topic="no-ptr",
    ),
    TextRule(
        "any-dynamic",
        "any server",
        "4xx 5xx",
        (
            "dynamic ip | dynamic address | dial-up | dialup | dynamically assigned | "
            "dynamic range | residential | dynamic client | generic rdns | generic "
            "ptr | direct-to-mx | dynamic host | dynamic pool"
        ),
        after="policy",
        topic="dynamic-address",
    ),
    TextRule(
        "any-reputation",
        "any server",
        "4xx 5xx",
        "reputation | bad ip",
        after="policy",
        topic="reputation",
    ),
    TextRule(
        "any-moved-to",
        "any server",
        "551",
        "user not local; please try <",
        after="RCPT VRFY",
        topic="moved",
    ),
    TextRule(
        "any-client-spammer",
        "any server",
        "4xx 5xx",
        "is a spammer | as a spammer | identified as spammer | known spammer",
        after="policy",
        topic="client-spam",
    ),
    TextRule(
        "any-relay",
        "any server",
        "4xx 5xx",
        (
            "relaying denied | relay denied | relay not permitted | relaying not "
            "allowed | not permitted to relay | relay access denied | relaying is not "
            "| we do not relay | we don't relay | not allowed to relay | relay not "
            "allowed | relaying prohibited | relaying to < | unable to relay | no "
            "relay | relay is not | not a relay | cannot relay | can't "
            "relay | relaying mail | relaying not permitted | not local … relay | not "
            "a local domain | not in our domain | not hosted here | not our customer "
            "| domain isn't allowed | not an allowed | rcpthosts | we do not accept "
            "mail for | i can't accept mail for | not local; please try | do not "
            "serve | domain is not handled | don't handle mail for | prohibited relay "
            "| authorized to relay | server is not responsible for | forwarding denied | "
            "relay prohibited"
        ),
        after="mail",
        topic="relay",
    ),
    TextRule(
        "any-quota",
        "any server",
        "4xx 5xx",
        (
            "daily limit | daily quota | sending quota | per day | daily sending | "
            "monthly | sending limit | message quota | hourly quota | quota for today "
            "| email limit | credits"
        ),
        after="mail",
        topic="daily-quota",
    ),
    TextRule(
        "any-sender-quota",
        "any server",
        "4xx 5xx",
        (
            "message count quota | message quota | messages quota | sending quota | "
            "send quota | sender quota | outgoing quota | hourly quota | policy "
            "rejection: quota | policy rejection- quota | policy rejection: message | "
            "policy rejection; message"
        ),
        after="RCPT MAIL message",
        topic="rate",
    ),
    TextRule(
        "any-full",
        "any server",
        "4xx 5xx",
        (
            "user has not enough | user does not have enough | mailbox full | mailbox is full | "
            "over quota | overquota | quota exceeded | exceeded storage | insufficient mailbox "
            "storage | mailbox quota | exceeds quota | exceeded quota | exceeded his quota | "
            "exceeded his/her quota | quota is exceeded | quota … exceeded | mailbox size limit | "
            "mailbox has exceeded | mailbox limit | out of storage | out of quota | recipient … "
            "full | inbox is full | no space left in mailbox | mailbox for user is full"
        ),
        after="RCPT message",
        topic="mailbox-full",
    ),
    TextRule(
        "any-disabled",
        "any server",
        "",
        (
            "mailbox disabled | mailbox is disabled | user disabled | user is disabled | "
            "user is suspended | account disabled | account is "
            "disabled | account has been disabled | account suspended | account is "
            "suspended | user suspended | recipient … disabled | mailbox … inactive | "
            "account … inactive | mailbox locked | mailbox is locked | mailbox closed "
            "| account closed | mailbox has been suspended | mailbox … suspended"
        ),
        after="RCPT message VRFY",
        topic="mailbox-disabled",
    ),
    TextRule(
        "any-null-mx",
        "any server",
        "4xx 5xx",
        (
            "null mx | nullmx | domain does not accept mail | domain … accepts no mail | "
            "indicated no smtp service | not used for mail"
        ),
        after="RCPT message",
        topic="null-mx",
    ),
    TextRule(
        "any-recipient-domain",
        "any server",
        "4xx 5xx",
        (
            "unknown domain | domain not found | host unknown | unknown host | host not found | "
            "no such domain | domain … does not exist | no mx | bad destination host | "
            "name or service not known | name server: .: host not found | "
            "bad destination system"
        ),
        after="RCPT message",
        topic="no-recipient-domain",
    ),
    TextRule(
        "any-unknown-recipients",
        "any server",
        "4xx 5xx",
        (
            "too many invalid recipient | too many unknown recipient | too many bad recipient | "
            "too many unknown user | too many invalid user | too many nonexist | too many invalid "
            "rcpt | too many rejected recipient | too many bad rcpt"
        ),
        after="mail start",
        topic="recipients-unknown",
    ),
    TextRule(
        "any-user",
        "any server",
        "4xx 5xx",
        (
            "no such user | user unknown | unknown user | user not found | bad destination "
            "mailbox | bad destination email | no such "
            "recipient | no such mailbox | recipient not found | mailbox not found | "
            "unknown recipient | recipient unknown | unknown or illegal alias | no "
            "mailbox | does not exist | doesn't exist | no such address | unknown "
            "address | address unknown | invalid recipient | invalid mailbox | "
            "mailbox unknown | no such person | not a valid mailbox | no longer valid "
            "| address not found | unknown local part | unknown local-part | is not a "
            "valid user | unknown account | no such account | isn't a known | not "
            "known | no user | mailbox does not | unknown mailbox | not our user | "
            "user invalid | invalid user | doesn't have | is not known | no longer "
            "available | no valid mailbox | not exist | address rejected: invalid | "
            "not listed in | unrouteable address | undeliverable address | no "
            "recipient | mailbox name not found | recipient … not found"
        ),
        after="RCPT message VRFY",
        topic="no-user",
    ),
    TextRule(
        "any-unavailable",
        "any server",
        "550",
        "mailbox unavailable | mailbox not available | mailbox is unavailable",
        after="RCPT VRFY",
        topic="mailbox-unavailable",
    ),
    TextRule(
        "any-unavailable-now",
        "any server",
        "450",
        "mailbox unavailable | mailbox not available | mailbox is unavailable",
        after="RCPT VRFY",
        topic="mailbox-unavailable-now",
    ),
    TextRule(
        "any-pending",
        "any server",
        "4xx",
        (
            "verification in progress | address verification | verify callout | could "
            "not be verified | recipient verification"
        ),
        after="RCPT message",
        topic="recipient-pending",
    ),
    TextRule(
        "any-list",
        "any server",
        "",
        (
            "not allowed to post | not a member | members only | subscribers only | "
            "recipient restricted | restricted recipient | restricted to | restricted "
            "address | not permitted to send to | only accepts mail from | post to "
            "this | posting to | not authorized to send to the | moderated"
        ),
        after="RCPT message",
        topic="restricted-recipient",
        weak=True,
    ),
    TextRule(
        "any-moved",
        "any server",
        "551",
        "user not local | moved | please try | forward",
        after="RCPT VRFY",
        topic="moved",
        weak=True,
    ),
    TextRule(
        "any-recipient-syntax",
        "any server",
        "501 504 550 553 555 500",
        (
            "malformed … address | malformed recipient | bad recipient address syntax "
            "| invalid recipient syntax | syntax error in recipient | invalid address "
            "syntax | invalid address format | bad address syntax | syntax error in … "
            "address | need fully-qualified | illegal address | malformed address | "
            "invalid address | bad address | unbalanced | domain missing | missing or "
            "malformed | syntax: rcpt | must contain a domain | recipient address "
            "must | user address required | address syntax"
        ),
        after="RCPT",
        topic="recipient-syntax",
    ),
    TextRule(
        "any-early",
        "any server",
        "",
        (
            "before greeting | before the greeting | pregreet | pre-greet | early "
            "talk | spoke too early | talked too early | synchronization error | "
            "talking before | too early | before the banner | before banner | before "
            "my greeting | data before | did not wait"
        ),
        topic="early-talker",
    ),
    TextRule(
        "any-pipelining",
        "any server",
        "",
        (
            "pipelining | sent ahead | without waiting | wait for the reply | wait "
            "for reply | wait for my reply | out of turn"
        ),
        topic="pipelining",
    ),
    TextRule(
        "any-handshake-timeout",
        "any server",
        "4xx",
        (
            "handshake … tim | tls … timed out | tls … timeout | timeout … tls | "
            "negotiation … timed out"
        ),
        after="STARTTLS start MAIL",
        topic="tls-failed",
    ),
    TextRule(
        "any-lookup-timeout",
        "any server",
        "4xx",
        (
            "database … timed out | database … timeout | ldap … timed out | ldap … timeout | "
            "backend … timed out | lookup … timed out | lookup … timeout | policy … timed out | "
            "filter … timed out | scanner … timed out | timeout … database | timeout … ldap | "
            "timeout … lookup | timeout … backend | timeout … filter"
        ),
        after="policy VRFY EXPN",
        topic="server-trouble",
    ),
    TextRule(
        "any-idle",
        "any server",
        "421 451 4.4.2",
        (
            "timeout | timed out | idle | time-out | inactivity | took too long | "
            "waiting for command"
        ),
        topic="idle",
    ),
    TextRule(
        "any-nonmail",
        "any server",
        "4xx 5xx",
        (
            "nonmail commands | non-mail commands | too many nonmail | too many "
            "non-mail | too many noop | too many rset | too many helo | too many vrfy |"
            " too many expn"
        ),
        topic="session-limit",
        means=(
            "The server counts the commands that do not transfer mail, such as NOOP, RSET, EHLO "
            "and VRFY, and closes the connection when a client sends too many of them. The "
            "commands themselves were not wrong."
        ),
        try_next="Reconnect, and send fewer such commands between messages.",
    ),
    TextRule(
        "any-login-of-another",
        "any server",
        "5xx",
        (
            "authentication for specified email | authentication for specified address "
            "| not authorized to send as | not allowed to send as | cannot send as"
        ),
        after="mail",
        topic="sender-not-owner",
    ),
    TextRule(
        "any-too-many-errors",
        "any server",
        "4xx 5xx",
        (
            "too many errors | too many unrecognized | too many unknown | too many "
            "bad commands | too many invalid | too many syntax | too many protocol "
            "errors | too many smtp errors | "
            "too many rejected | too many unrecognised | bad commands"
        ),
        topic="too-many-errors",
    ),
    TextRule(
        "any-recipients-period",
        "any server",
        "4xx 5xx",
        (
            "recipients … hour | recipients … per day | recipients per | recipients … "
            "minute | recipients this | recipient rate | recipients in a | recipient "
            "limit per"
        ),
        after="RCPT DATA message MAIL",
        topic="rate-recipients",
    ),
    TextRule(
        "any-recipients",
        "any server",
        "4xx 5xx",
        (
            "too many recipients | too many rcpt | recipients limit | recipient limit "
            "| maximum number of recipients | max recipients | recipients exceeded | "
            "number of recipients exceeds | exceeds … recipients | recipients per "
            "message | too much recipients | max number of recipients"
        ),
        after="RCPT DATA message",
        topic="too-many-recipients",
    ),
    TextRule(
        "any-concurrent",
        "any server",
        "4xx 5xx",
        (
            "too many connections | too many concurrent | too many simultaneous | "
            "concurrent connections | simultaneous connections | connection limit | "
            "too many sessions | maximum connections | max "
            "connections | number of connections | too many open connections | "
            "connections per | sessions from"
        ),
        topic="concurrent",
    ),
    TextRule(
        "any-rate",
        "any server",
        "4xx 5xx",
        (
            "connection rate | too many messages | rate limit | rate-limit | "
            "ratelimit | rate limited | "
            "too much mail | message rate | throttl | too fast | too frequently | too "
            "many emails | too many mails | slow down | sending rate | exceeded the "
            "rate | excessive | per hour | this hour | per minute | rate exceeded | "
            "frequency limit | "
            "unusual traffic | too much traffic | traffic limit | policy rate | high "
            "volume | message volume | volume limit | volume of | too many requests | "
            "too many e-mails | "
            "limit exceeded | limits exceeded | limit for processing | submission rate"
        ),
        topic="rate",
        weak=True,
    ),
    TextRule(
        "any-smtputf8-parameter",
        "any server",
        "500 501 504 555",
        "unsupported option: smtputf8 | unsupported parameter: smtputf8 | smtputf8 not supported",
        after="MAIL",
        topic="parameter",
    ),
    TextRule(
        "any-next-hop-smtputf8",
        "any server",
        "4xx 5xx",
        "smtputf8 … not offered by host | smtputf8 … downstream | smtputf8 … next hop",
        after="RCPT DATA message",
        means=(
            "The next server does not offer SMTPUTF8. The message, or one of its addresses, "
            "contains non-ASCII characters and needs SMTPUTF8, so it cannot be passed on."
        ),
        try_next=(
            "Use only ASCII in addresses and header fields, or ask the recipient for an ASCII "
            "address. Adding SMTPUTF8 to MAIL does not help if the next server does not support "
            "it."
        ),
    ),
    TextRule(
        "any-smtputf8",
        "any server",
        "4xx 5xx",
        (
            "smtputf8 | unicode address | utf8 address | utf-8 address | "
            "internationalized | non-ascii address | eai "
        ),
        after="MAIL RCPT DATA message VRFY EXPN",
        topic="smtputf8",
    ),
    TextRule(
        "any-virus-or-spam",
        "any server",
        "5xx",
        "virus or spam | spam or virus | virus/spam | spam/virus",
        after="message",
        topic="content-policy",
        means=(
            "A filter has identified something in the message as spam or a virus. The reply does "
            "not say which."
        ),
    ),
    TextRule(
        "any-scanner-failed",
        "any server",
        "4xx",
        (
            "scan failed | scanner failed | scan error | scanner error | scanning failed | "
            "scanner is not | scanner not | unable to scan | could not scan | cannot scan | "
            "virus_scan failed | virus scanner unavailable"
        ),
        after="message",
        topic="server-trouble",
    ),
    TextRule(
        "any-virus",
        "any server",
        "4xx 5xx",
        "virus | malware | infected | eicar | trojan",
        after="message",
        topic="virus",
    ),
    TextRule(
        "any-attachment",
        "any server",
        "5xx",
        (
            "attachment | forbidden file | file type | executable | banned file | "
            "extension not allowed | blocked file"
        ),
        after="message",
        topic="attachment",
        weak=True,
    ),
    TextRule(
        "any-bare",
        "any server",
        "4xx 5xx",
        (
            "bare lf | bare <lf> | bare linefeed | bare line feed | bare newline | "
            "bare cr | bare carriage | line feed without | lf without cr | without cr "
            "| invalid line ending | stray linefeed | improper line | crlf | lone cr "
            "| lone lf | cr or lf | stray cr | naked lf"
        ),
        topic="bare-newline",
    ),
    TextRule(
        "any-body-line",
        "any server",
        "5xx",
        (
            "line too long | line is too long | lines too long | line length | too "
            "long line | line longer | overlong line | 998 | overly long line | line "
            "exceeds"
        ),
        after="message",
        topic="body-line",
    ),
    TextRule(
        "any-nul",
        "any server",
        "5xx",
        ("nul character | null character | nul byte | null byte | contains nul | nul in"),
        after="message",
        topic="nul",
    ),
    TextRule(
        "any-from-differs",
        "any server",
        "5xx",
        (
            "from header … does not match … envelope | from header … does not match … mail from | "
            "from: header … does not match | header from … does not match"
        ),
        after="message",
        means=(
            "The address in the From: header differs from the sender in MAIL FROM. This server "
            "requires the same address in both."
        ),
        try_next="Use one address, or at least one domain, in From: and in MAIL FROM.",
    ),
    TextRule(
        "any-eight-bit-header",
        "any server",
        "5xx",
        (
            "header … 8bit | header … 8-bit | header … non-ascii | header … eight bit | header … "
            "eight-bit | header … 8 bit | 8-bit header | 8bit header | non-ascii header | non- "
            "encoded 8-bit | unencoded 8-bit | 8-bit … header | 8bit … header | eight-bit … "
            "header"
        ),
        after="message",
        topic="bad-header",
        means=(
            "A header field contains octets above 127. Header fields must be ASCII, except in a "
            "message sent with SMTPUTF8."
        ),
        try_next=(
            "Write other characters as encoded words (=?UTF-8?Q?...?=), or add SMTPUTF8 to MAIL "
            "if the EHLO reply lists it."
        ),
    ),
    TextRule(
        "any-eight-bit",
        "any server",
        "5xx",
        "8bit | 8-bit | eight bit | eight-bit | non-ascii | 8 bit | high bit",
        after="message",
        topic="eight-bit",
        weak=True,
    ),
    TextRule(
        "any-header",
        "any server",
        "5xx",
        (
            "missing from | no from header | from header | missing date | no date "
            "header | date header | message-id | missing header | duplicate header | "
            "multiple from | rfc 5322 | rfc5322 | rfc 2822 | rfc2822 | rfc 822 | "
            "headers are | invalid header | header syntax | malformed header | no "
            "subject | missing subject | mandatory header | headers missing | header "
            "field"
        ),
        after="message",
        topic="bad-header",
        weak=True,
    ),
    TextRule(
        "any-loop",
        "any server",
        "4xx 5xx",
        (
            "hop count | too many hops | mail loop | routing loop | mail loops back | loops back "
            "| loop detected | received headers | number of 'received | number of received | "
            "looping | loop:"
        ),
        topic="loop",
    ),
    TextRule(
        "any-header-size",
        "any server",
        "5xx",
        (
            "header too large | headers too large | header is too large | header size | headers "
            "size | too many header | header too long | headers too long | header exceeds | "
            "header lines are too many"
        ),
        after="message",
        topic="bad-header",
        means=("The message header, or one of its fields, is longer than the server accepts."),
        try_next=(
            "Shorten the header. Check for long lists of recipients or References, and for fields "
            "added by servers along the way."
        ),
    ),
    TextRule(
        "any-future-release",
        "any server",
        "501 550 554 5.5.4",
        "hold time | release time | holdfor | holduntil | future release | future-release",
        after="MAIL",
        topic="parameter-value",
        means=(
            "The server does not accept the time requested with HOLDFOR or HOLDUNTIL.{parameters}"
        ),
        try_next=(
            "Use a future time within the limit that the EHLO reply gives for FUTURERELEASE, or "
            "omit the parameter."
        ),
    ),
    TextRule(
        "any-size",
        "any server",
        "5xx",
        (
            "too large | too big | message size exceeds | exceeds size limit | size "
            "limit | exceeds the maximum | message exceeds | exceeds maximum | "
            "maximum message size | too much data | too much mail data | size exceeds "
            "| exceeds fixed | max message size | message length exceeds | exceeds "
            "size | larger than | maximum size | message is larger | message size violation"
        ),
        after="mail",
        topic="too-large",
    ),
    TextRule(
        "any-size-now",
        "any server",
        "4xx",
        "size limit | too large | message size | exceeds",
        after="MAIL message",
        topic="size-unacceptable",
        weak=True,
    ),
    TextRule(
        "any-disk",
        "any server",
        "4xx 5xx",
        (
            "insufficient system storage | insufficient disk | disk full | out of "
            "disk | disk space | no space left | insufficient storage | insufficient "
            "space | system storage | queue full | system full | not enough disk | no "
            "room | spool … full | volume full | volume is full"
        ),
        after="MAIL RCPT DATA message helo",
        topic="disk",
    ),
    TextRule(
        "any-message-spam",
        "any server",
        "4xx 5xx",
        (
            "message detected as spam | message is spam | message as spam | message was "
            "detected as spam | message looks like spam | message classified as spam | message "
            "identified as spam"
        ),
        after="message",
        topic="spam",
    ),
    TextRule(
        "any-spam-filter-down",
        "any server",
        "4xx",
        (
            "spam … busy | spam … overload | spam … unavailable | spam … not available | "
            "spam filter failed | spam check failed | spam scan"
        ),
        after="policy",
        topic="server-trouble",
    ),
    TextRule(
        "any-spam-source",
        "any server",
        "4xx 5xx",
        "spam | unsolicited | junk mail | junk-mail | bulk mail",
        after="start",
        topic="blocked-client",
        means=(
            "The server refuses the client itself because of spam. A content filter is not the "
            "cause: no message has been sent yet."
        ),
        weak=True,
    ),
    TextRule(
        "any-spam",
        "any server",
        "4xx 5xx",
        "spam | unsolicited | junk mail | junk-mail | bulk mail",
        after="policy",
        topic="spam",
        weak=True,
    ),
    TextRule(
        "any-content",
        "any server",
        "5xx",
        (
            "content rejected | content denied | security polic | "
            "message content | content policy | content filter | "
            "policy reasons | contents | blocked by filter | message rejected | url "
            "in | local policy | rejected by filter | disallowed header | header | "
            "policy violation | message refused | prohibited content"
        ),
        after="message",
        topic="content-policy",
        weak=True,
    ),
    TextRule(
        "any-bdat",
        "any server",
        "503",
        "chunking not advertised | bdat … not advertised | chunking not",
        after="chunks",
        topic="chunking-off",
    ),
    TextRule(
        "any-binarymime",
        "any server",
        "5xx",
        "binarymime … bdat | bdat … binarymime | requires bdat | binarymime requires",
        after="DATA MAIL",
        topic="binarymime",
    ),
    TextRule(
        "any-chunk-size",
        "any server",
        "501",
        (
            "syntax: bdat | chunk size | bdat count | chunk-size | bdat requires | "
            "bdat syntax | invalid bdat"
        ),
        after="chunks",
        topic="bdat-syntax",
    ),
    TextRule(
        "any-chunk-mixed",
        "any server",
        "503 554 501",
        (
            "only bdat | non-last bdat | bdat permissible | bdat … progress | data … "
            "bdat | bdat … data | chunk in progress | bdat command in | in the middle "
            "of bdat | expecting bdat | within bdat"
        ),
        after="DATA chunks",
        topic="chunk-mixed",
    ),
    TextRule(
        "any-parameter-value",
        "any server",
        "501",
        (
            "syntax: mail from:<address> [ | bad notify | bad ret | bad orcpt | bad "
            "envid | bad message size | bad size | bad body | invalid size | invalid "
            "notify | invalid value | invalid body | parameter syntax | illegal "
            "notify | invalid orcpt | invalid ret | invalid envid | unknown body | "
            "bad parameter | orcpt | notify | envid"
        ),
        after="MAIL RCPT",
        topic="parameter-value",
    ),
    TextRule(
        "any-parameter",
        "any server",
        "500 501 503 504 555 550 5.5.4",
        (
            "unsupported option | unknown parameter | unrecognized parameter | "
            "parameters not recognized | parameter not | unsupported parameter | "
            "unknown option | unrecognized option | option not | extension not | "
            "parameters not | invalid option | not advertised | unrecognised "
            "parameter | invalid parameter | unsupported mail | extra parameter | bad "
            "option | esmtp parameter | not supported: | option: | parameter "
            "unrecognized | unexpected parameter | parameters are not | invalid "
            "arguments | unrecognized … parameter | unknown … parameter"
        ),
        after="MAIL RCPT",
        topic="parameter",
    ),
    TextRule(
        "any-line-too-long",
        "any server",
        "500 501 552 554 5.5.2",
        (
            "line too long | line is too long | command too long | command line too "
            "long | path too long | line length exceeded | input line too long | line "
            "length | too long"
        ),
        after="command",
        topic="line-too-long",
    ),
    TextRule(
        "any-nested",
        "any server",
        "503",
        (
            "multiple mail | nested mail | sender already | already specified | transaction in "
            "progress | mail already | already given | already in progress | sender "
            "already specified | duplicate mail | transaction already"
        ),
        after="MAIL",
        topic="nested-mail",
    ),
    TextRule(
        "any-mail-first",
        "any server",
        "5xx",
        (
            "need mail | mail needed | mail first | no sender | need sender | "
            "sender not given | sender not yet | sender not specified | mail "
            "before | mail from first | no mail from | must have sender | needs mail "
            "| mail (mail) | need mail before | mail required | send mail first | "
            "without mail | no transaction | mail command"
        ),
        after="RCPT DATA BDAT",
        topic="mail-first",
    ),
    TextRule(
        "any-rcpt-first",
        "any server",
        "5xx",
        (
            "need rcpt | rcpt first | no recipients | no valid recipients | need recipient | rcpt "
            "before | before rcpt | no recipient | valid rcpt | rcpt (recipient) | rcpt to first "
            "| without rcpt | must have recipient | no valid rcpt | recipients … refused | rcpt "
            "required | send rcpt | rcpt command"
        ),
        after="DATA chunks message",
        topic="recipient-first",
    ),
    TextRule(
        "any-no-parameters",
        "any server",
        "501 5.5.4",
        (
            "no parameters allowed | no arguments | no parameter | takes no | without "
            "parameters | no argument | syntax: starttls | does not take | syntax: "
            "data | syntax: rset | syntax: quit | not accept arguments"
        ),
        topic="no-parameters",
    ),
    TextRule(
        "any-tls-active",
        "any server",
        "5xx 454",
        (
            "already active | already in tls | already using tls | already started | "
            "tls already | already negotiated | tls is active | already secure | "
            "already encrypted | already in a tls | tls in use | when tls active"
        ),
        after="STARTTLS",
        topic="tls-active",
    ),
    TextRule(
        "any-tls-subsystem",
        "any server",
        "4xx 5xx",
        "unable to initialize security subsystem",
        after="STARTTLS",
        topic="tls-unavailable",
    ),
    TextRule(
        "any-tls-unavailable",
        "any server",
        "454 451 421 403 4.7.0",
        "tls",
        after="STARTTLS",
        topic="tls-unavailable",
        weak=True,
    ),
    TextRule(
        "any-not-a-list",
        "any server",
        "550",
        "not a mailing list | is a user | a user, not | not a list | user name",
        after="EXPN",
        topic="not-a-list",
    ),
    TextRule(
        "any-name",
        "any server",
        "550 551 553",
        ("unknown | no such | not found | does not exist | doesn't exist | unrouteable | no list"),
        after="EXPN",
        topic="no-name",
    ),
    TextRule(
        "any-query-relay",
        "any server",
        "5xx 4xx",
        "relay access denied | relaying denied | relay not permitted | relay denied",
        after="VRFY EXPN",
        topic="relay",
        means=(
            "The server treated the address as a recipient's, but it does not relay mail to that "
            "domain. Many servers add a domain of their own to a name without one."
        ),
        try_next=(
            "Send VRFY with a complete address in one of this server's domains, for example VRFY "
            "user@example.org."
        ),
    ),
    TextRule(
        "any-query-syntax",
        "any server",
        "501 504 550 553 555",
        (
            "must contain a domain | need fully-qualified | malformed | domain missing | bad "
            "recipient address syntax | bad address syntax | invalid address"
        ),
        after="VRFY EXPN",
        topic="recipient-syntax",
        means="The server could not parse the address as user@domain.",
        try_next="Send the complete address, for example VRFY user@example.org.",
    ),
    TextRule(
        "any-vrfy-off",
        "any server",
        "5xx 252",
        (
            "disallow | disabled | not allowed | administratively | not permitted | "
            "prohibited | not available | no vrfy | not supported | access denied | "
            "turned off"
        ),
        after="VRFY EXPN",
        topic="vrfy-off",
    ),
    TextRule(
        "any-ambiguous",
        "any server",
        "553",
        "ambiguous | multiple",
        after="VRFY EXPN RCPT",
        topic="ambiguous",
    ),
    TextRule(
        "any-no-mail-host",
        "any server",
        "521 556 554 550",
        (
            "does not accept mail | accepts no mail | does not receive mail | no "
            "incoming mail | no smtp service here | not accept email | outbound only "
            "| null mx | don't accept mail | no mail accepted"
        ),
        after="start",
        topic="no-mail-host",
    ),
    TextRule(
        "any-message-timeout",
        "any server",
        "5xx",
        "transaction timeout | processing timeout | backend timeout | timed out while",
        after="message",
        topic="message-timeout",
    ),
    TextRule(
        "any-trouble",
        "any server",
        "4xx",
        (
            "cannot write | can't write | cannot create | can't create | i/o error | "
            "lookup | local problem | local error | internal error | configuration | "
            "database | ldap | filter | milter | temporary failure | temporary "
            "problem | server error | system problem | system error | temporary error "
            "| dns error | dns failure | internal failure | processing | server "
            "problem | software error | backend | queue | defer"
        ),
        after="policy STARTTLS NOOP RSET QUIT HELP VRFY EXPN",
        topic="server-trouble",
        weak=True,
    ),
    TextRule(
        "rspamd-greylist",
        "Rspamd",
        "4.7.1 450 451",
        "try again later",
        after="RCPT message",
        topic="soft-reject",
        weak=True,
    ),
    TextRule(
        "any-busy",
        "any server",
        "421 450 451 452 4.3.2 4.4.5",
        ("too busy | server busy | overload | load average | resources | busy | congest"),
        after="start RCPT MAIL DATA message NOOP RSET VRFY EXPN HELP QUIT",
        topic="busy",
        weak=True,
    ),
    TextRule(
        "any-closing-channel",
        "any server",
        "421",
        "service not available, closing | service not available; closing",
        topic="closing",
    ),
    TextRule(
        "any-closing",
        "any server",
        "421 450 451 4.3.2",
        (
            "shutting down | shutdown | going down | maintenance | too busy | server "
            "busy | overload | service not available | service unavailable | try "
            "again later | closing transmission | load average | resources | "
            "restarting | temporarily unavailable | unavailable | busy | closing "
            "channel"
        ),
        after="start RCPT MAIL DATA message NOOP RSET VRFY EXPN HELP QUIT",
        topic="closing",
        weak=True,
    ),
    TextRule(
        "any-parameter-named",
        "any server",
        "5xx",
        (
            "auth=<> | auth= | size= | body= | notify= | orcpt= | envid= | requiretls "
            "| holdfor= | mt-priority"
        ),
        after="MAIL RCPT",
        topic="parameter",
    ),
    TextRule(
        "any-reserved-domain",
        "any server",
        "5xx",
        "reserved by rfc | rfc 2606 | rfc2606",
        after="RCPT",
        topic="no-recipient-domain",
        means=(
            "The recipient's domain is reserved for examples and tests (RFC 2606), like "
            "example.org, .test and .invalid. Mail cannot be delivered there."
        ),
        try_next="Use the recipient's real address.",
    ),
    TextRule(
        "any-recipient-rejected",
        "any server",
        "550 553 554",
        "recipient rejected",
        after="RCPT",
        means=(
            "This recipient is not accepted. The reply gives no reason. Usually, the address does "
            "not exist here, or one of the server's rules forbids it."
        ),
        try_next=(
            "Check the spelling of the address. If it is correct, contact the server's "
            "postmaster, or reach the recipient another way, for example by phone."
        ),
    ),
    TextRule(
        "any-access",
        "any server",
        "501 521 530 550 551 552 553 554 556 557 570 571 572",
        (
            "access denied | not authorized | permission denied | rejected by policy "
            "| administrative | policy | not allowed | rejected for policy | "
            "prohibited | you are not | refused | blocked | your access to"
        ),
        after="MAIL RCPT DATA message start",
        topic="access-denied",
        weak=True,
    ),
)
