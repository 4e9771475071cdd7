"""Patterns for mailboxes, host names and addresses in a text, and words that are not names."""

from __future__ import annotations

import re

ATOM = rb'[^\x00-\x20\x7f<>()\[\]:;,"@\\]'
# A local-part begins where a run of such characters begins, so each run is read only once.
_LOCAL = rb'(?:"(?:[^"\\\r\n]|\\.){0,300}"|(?<!' + ATOM + rb")" + ATOM + rb"+?)"
_ESCAPE = rb"[=%](?!2[DEde])[0-9A-Fa-f]{2}"  # of an octet but a dot or a hyphen
_DOMAIN = rb"(?:\[[^\]\s]*\]?|(?:(?!" + _ESCAPE + rb')[^\x00-\x20\x7f<>()\[\]:;,"@\\])+)'
# A name may begin at any octet above 127, so the match from each is limited: the time for a line
# then depends only on its length. A label has 63 characters at most, and a name 127 labels.
_LABEL = rb"[A-Za-z0-9_\x80-\xff](?:[A-Za-z0-9_\x80-\xff-]{0,250}[A-Za-z0-9_\x80-\xff])?"
_HOST = rb"(?:" + _LABEL + rb"\.){1,127}(?:[A-Za-z\x80-\xff]{2,}|xn--[A-Za-z0-9-]+)"
# @, also as written in a URL, in quoted-printable, in xtext and in HTML, if a domain follows.
_AT = rb"(?:@|(?:%40|=40|\+40|&#64;|&#x40;|&commat;)(?=" + _HOST + rb"(?![\w-])))"
_OCTET = rb"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
IPV4 = rb"(?:" + _OCTET + rb"\.){3}" + _OCTET
_IPV6 = rb"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:" + IPV4 + rb"|[0-9A-Fa-f]{1,4})?"
# A name that begins with an address: a lookup in a block list (RFC 5782 section 2.1), or the name
# of a dynamic address.
_NUMBERED = IPV4 + rb"\.(?:" + _LABEL + rb"\.){0,127}(?:[A-Za-z\x80-\xff]{2,}|xn--[A-Za-z0-9-]+)"
# Where a name begins: at the start of a word, also after the dot of `*.example.org`.
_BEGINS = rb"(?<!\w)(?<!\w[.-])"
NAMES = re.compile(
    rb"(?P<local>" + _LOCAL + rb")(?P<at>" + _AT + rb")(?P<domain>" + _DOMAIN + rb")"
    rb"|(?<![\w:.])(?P<ipv6>(?:IPv6:)?" + _IPV6 + rb")(?![\w:])"
    rb"|" + _BEGINS + rb"(?P<numbered>" + _NUMBERED + rb")(?![\w-])"
    rb"|(?<!\w)(?<!\w\.)(?P<ipv4>" + IPV4 + rb")(?![\w]|\.\d)"
    rb"|" + _BEGINS + rb"(?P<host>" + _HOST + rb")(?![\w-])"
)
# Words of replies that match the pattern of a host name but are not one.
NO_HOST = re.compile(rb"(?i)\A(?:e\.g|i\.e|[^.]*\.(?:py|html?|php|txt|cf|conf))\Z")

WORDS = frozenset(
    (
        *(b"mail", b"from", b"rcpt", b"ehlo", b"helo", b"data", b"user", b"users", b"mailbox"),
        *(b"auth", b"size", b"help", b"sender", b"recipient", b"message", b"server", b"esmtp"),
        *(b"smtp", b"lmtp", b"the", b"and", b"not", b"for", b"with", b"unknown", b"host", b"name"),
        *(b"test", b"info", b"support", b"sales", b"error", b"list", b"local", b"address"),
        *(b"has", b"was", b"its", b"are", b"you", b"can", b"any", b"all", b"our", b"try", b"see"),
        *(b"use", b"end", b"ask", b"but", b"who", b"yes", b"new", b"old", b"too", b"bad", b"out"),
        *(b"bye", b"may", b"one", b"two", b"non", b"per", b"via", b"dsn", b"tls", b"vrfy", b"expn"),
        *(b"relay", b"access", b"denied", b"relaying", b"account", b"quota", b"blocked", b"spam"),
        *(b"service", b"domain", b"client", b"policy", b"queue", b"full", b"greylisted", b"virus"),
        *(b"size", b"help", b"pipelining", b"8bitmime", b"starttls", b"smtputf8", b"chunking"),
    )
)
"""Common words in replies. A user or host with such a name is replaced only in quotes or addresses.
"""
