"""Names of public services that replies refer to: DNS block lists, and pages about refusals.

These names do not identify a party to the conversation, so masking leaves them in place, and the
reader of a masked conversation can look up the list or open the page. Only the exact names below
count. A provider's mail server does not, nor does a name below a block list, which may contain a
customer's key.
"""

from __future__ import annotations

BLOCK_LISTS = frozenset(
    (
        # Spamhaus, SpamCop, Barracuda
        *("zen.spamhaus.org", "sbl.spamhaus.org", "xbl.spamhaus.org", "pbl.spamhaus.org"),
        *("css.spamhaus.org", "sbl-xbl.spamhaus.org", "dbl.spamhaus.org", "zrd.spamhaus.org"),
        *("swl.spamhaus.org", "bl.spamcop.net", "b.barracudacentral.org"),
        *("bl.barracudacentral.org", "bb.barracudacentral.org"),
        # UCEPROTECT, SORBS, SURBL, URIBL
        *("dnsbl-1.uceprotect.net", "dnsbl-2.uceprotect.net", "dnsbl-3.uceprotect.net"),
        *("ips.backscatterer.org", "dnsbl.sorbs.net", "spam.dnsbl.sorbs.net"),
        *("dul.dnsbl.sorbs.net", "safe.dnsbl.sorbs.net", "multi.surbl.org", "multi.uribl.com"),
        *("black.uribl.com", "grey.uribl.com", "red.uribl.com"),
        # Others
        *("psbl.surriel.com", "ix.dnsbl.manitu.net", "bl.mailspike.net", "z.mailspike.net"),
        *("rep.mailspike.net", "combined.mail.abusix.zone", "black.mail.abusix.zone"),
        *("exploit.mail.abusix.zone", "dnsbl.dronebl.org", "all.s5h.net", "bl.0spam.org"),
        *("rbl.0spam.org", "truncate.gbudb.net", "db.wpbl.info", "bl.nordspam.com"),
        *("dnsbl.justspam.org", "bl.spameatingmonkey.net", "backscatter.spameatingmonkey.net"),
        *("bogons.cymru.com", "cbl.abuseat.org", "dnsbl.inps.de"),
        *("hostkarma.junkemailfilter.com", "ivmsip.invaluement.com", "list.dnswl.org"),
        *("noptr.spamrats.com", "spam.spamrats.com", "dyna.spamrats.com", "all.spamrats.com"),
        *("rbl.interserver.net", "singular.ttk.pte.hu", "spamsources.fabel.dk"),
        *("tor.dan.me.uk", "torexit.dan.me.uk", "virbl.dnsbl.bit.nl", "bl.blocklist.de"),
        *("dnsbl.kempt.net", "relays.nether.net", "rbl.rbldns.ru", "rbl.schulte.org"),
        *("korea.services.net", "blackholes.mail-abuse.org", "dialups.mail-abuse.org"),
        *("relays.mail-abuse.org", "ubl.unsubscore.com", "score.senderscore.com"),
        *("bl.score.senderscore.com",),
    )
)
"""The DNS zones of public block lists (RFC 5782 section 2)."""

PAGES = frozenset(
    (
        # Of block lists, filters and reputation services
        *("www.spamhaus.org", "spamhaus.org", "check.spamhaus.org", "www.spamhaus.com"),
        *("www.spamcop.net", "spamcop.net", "www.barracudacentral.org", "barracudacentral.org"),
        *("www.barracudanetworks.com", "barracudanetworks.com", "www.uceprotect.net"),
        *("uceprotect.net", "www.backscatterer.org", "www.sorbs.net", "www.surbl.org"),
        *("surbl.org", "www.uribl.com", "uribl.com", "lookup.uribl.com", "lookup.abusix.com"),
        *("abusix.com", "www.abusix.com", "psbl.org", "www.mailspike.org", "mailspike.org"),
        *("www.dnswl.org", "www.dnsbl.manitu.net", "www.mail-abuse.com", "www.abuseat.org"),
        *("cbl.abuseat.org", "www.senderscore.org", "senderscore.org", "talosintelligence.com"),
        *("www.talosintelligence.com", "www.senderbase.org", "csi.cloudmark.com"),
        *("ipcheck.proofpoint.com", "support.proofpoint.com", "community.mimecast.com"),
        *("www.mimecast.com", "spamrl.com", "www.spamrats.com", "www.invaluement.com"),
        *("mxtoolbox.com", "www.mxtoolbox.com", "multirbl.valli.org"),
        # Of providers
        *("support.google.com", "accounts.google.com", "postmaster.google.com"),
        *("support.apple.com", "sender.office.com", "olcsupport.office.com"),
        *("protection.office.com", "security.microsoft.com", "support.microsoft.com"),
        *("go.microsoft.com", "aka.ms", "postmaster.live.com", "mail.live.com"),
        *("sendersupport.olc.protection.outlook.com", "learn.microsoft.com"),
        *("docs.microsoft.com", "technet.microsoft.com", "postmaster.yahooinc.com"),
        *("senders.yahooinc.com", "postmaster.yahoo.com", "help.yahoo.com"),
        *("postmaster.aol.com", "postmaster.gmx.net", "postmaster.gmx.com"),
        *("postmaster.web.de", "postmaster.mail.com", "postmaster.1und1.de"),
        *("postmaster.t-online.de", "postmaster.comcast.net", "postmaster.free.fr"),
        *("postmaster.orange.fr", "postmaster.laposte.net", "postmaster.facebook.com"),
        *("help.mail.ru", "postmaster.mail.ru", "ya.cc", "service.mail.qq.com"),
        *("open.work.weixin.qq.com", "mail.163.com", "mail.126.com", "realip.naver.com"),
        *("cleanip.paran.com", "www.cox.com", "www.spectrum.net", "www.att.com", "rbl.att.net"),
        # Of programs, standards and services for senders
        *("www.openspf.org", "www.openspf.net", "www.open-spf.org", "spf.pobox.com"),
        *("www.ietf.org", "www.rfc-editor.org", "datatracker.ietf.org", "tools.ietf.org"),
        *("www.postfix.org", "www.exim.org", "www.clamav.net", "postgrey.schweikert.ch"),
        *("sendgrid.com", "docs.sendgrid.com", "mailtrap.io", "nodemailer.com", "curl.se"),
        *("docs.aws.amazon.com", "help.mailgun.com", "www.mailgun.com"),
    )
)
"""The hosts of public pages that explain refusals or offer a look-up of addresses."""

PUBLIC_NAMES = frozenset(name.encode() for name in BLOCK_LISTS | PAGES)
"""The names of all block lists and page hosts, in lower case, as octets."""
