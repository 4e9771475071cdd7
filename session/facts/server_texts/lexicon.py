"""The vocabulary of server replies in several languages, grouped into classes.

A class is a thing (a recipient, the client, the message) or a property (unknown, full, blocked).
wording.py finds the classes in a text; readings.py defines what combinations of them mean.
"""

from __future__ import annotations

from typing import NamedTuple


class Terms(NamedTuple):
    """The words of one class, as regular expressions in lower case.

    The words in `things` always count. Those in `said` count unless they are negated ("not
    disabled"), and those in `negated` count only if they are negated ("not found").
    """

    things: str = ""
    said: str = ""
    negated: str = ""


# The tokens by which wording.py replaces an address, a host name, a block list's name, and an IP.
ADDRESS, HOST, LIST, IP = "@address", "@host", "@list", "@ip"

LEXICON: dict[str, Terms] = {
    # Things
    "recipient": Terms(
        r"recipients?|rcpts?|rcpt[- ]to|mail ?box(?:es)?|mbox|mail ?address(?:es)?|maildir|"
        r"mail ?folder|dropfile|homedir|home directory|persons?|local[- ]?part|customers?|"
        r"inbox|users?|accounts?|alias(?:es)?|addressee|forward-path|mail ?drop|"
        r"destinat(?:aire|ario|ário)s?|empf(?:ä|ae)nger\w*|benutzer\w*|postfach|utilisateur|"
        r"bo[iî]te|postbus|usuario|usuário|utente|casella|buz[oó]n|caixa|odbiorca|adresat|"
        r"skrzynka|"
        r"gebruiker|ontvanger|postvak|получател\w*|пользовател\w*|ящик|收件人|用户|邮箱|"
        r"宛先|受信者|ユーザー?|メールボックス|사용자|수신자|메일박스|收件者|使用者|用戶|信箱|"
        r"mottagar\w*|användar\w*|brevlåda\w*|modtager\w*|mottaker\w*|bruger\w*|bruker\w*|"
        r"postkass\w*|vastaanottaja\w*|käyttäj\w*|postilaatik\w*|u[zż]ytkowni\w*|konta|"
        r"uživatel\w*|uzivatel\w*|příjemc\w*|prijemc\w*|schránk\w*|schrank[ayu]|"
        r"felhasznál\w*|felhasznal\w*|címzett\w*|cimzett\w*|postafi[oó]k\w*|utilizator\w*|"
        r"destinatar\w*|kullan[iı]c[iı]\w*|al[iı]c[iı]\w*|posta kutusu\w*|χρήστη\w*|"
        r"παραλήπτη\w*|γραμματοκιβώτιο\w*|người (?:nhận|dùng)|hộp thư"
    ),
    "address": Terms(
        r"(?<!ip )(?<!your )(?<!client )(?<!sender )(?<!source )(?<!from )address(?:es)?|"
        rf"{ADDRESS}|adresse?(?! ip)|dirección|endereço|indirizzo|adres"
    ),
    "sender": Terms(
        r"(?<!blocked )senders?|mail[- ]?from(?! (?:(?:this|your|that|the|these) )?(?:@ip|ips?|"
        r"hosts?|"
        r"servers?|networks?|clients?|machine|systems?|provider|isp|countr|region))|"
        r"from[- ]address|'from' address|return[- ]path|"
        r"reverse[- ]path|envelope[- ]from|sending domain|sending address|from domain|"
        r"originator|exp[eé]diteur|absender\w*|remitente|remetente|mittente|nadawc\w+|"
        r"afzender|отправител\w*|发件人"
    ),
    "client": Terms(
        r"(?<!to this )(?<!on this )(?<!by this )(?:your|sending|source|client|remote|"
        r"connecting|this) (?:ip|ips|servers?|hosts?|hostname|networks?|systems?|"
        r"mail ?servers?|mta|net|provider|isp|machine|subnet|server ip|ip address|"
        rf"mail host)|{IP}|ip(?:s|'s)?|clients?|"
        r"(?:your|source|client|remote|connecting) address|from mail server|host network|"
        r"peer|adresse ip|ihre?r? (?:server|ip\S*|rechner)|votre (?:serveur|ip|adresse ip)|"
        r"(?:su|seu|sua|tuo|suo|vostro) (?:servidor|server|ip)|uw (?:server|ip)|"
        r"ваш\w* (?:сервер|ip)|您的(?:ip|服务器)|your computer|connections? from|"
        r"sender'?s? (?:ip|servers?|hosts?|mta)"
    ),
    "message": Terms(
        r"messages?|e-?mails?|mails?|contents?|body|letters?|nachricht|correo|courriel|"
        r"mensaje|mensagem|messaggio|wiadomo\w+|bericht|сообщени\w*|письм\w+|邮件|郵件|"
        r"meddelande\w*|meldinge?n?|beskede?n?|viesti\w*|zpráv\w*|zprav\w*|üzenet\w*|mesaj\w*|"
        r"ileti\w*"
    ),
    "domain": Terms(r"domains?|domain ?names?|hosts?|hostname|dominio|domaine|domínio|домен\w*"),
    "header": Terms(
        r"headers?|header fields?|from:|date:|to:|subject(?! to)|message-id:?|kopfzeilen?|"
        r"en-t[eê]tes?"
    ),
    "attachment": Terms(
        r"attach\w*|attached|zip|archives?|executables?|macros?|anhang|file types?"
    ),
    "subject": Terms(r"subject(?! to)(?: (?:line|header|field))?:?"),
    "line": Terms(r"lines?"),
    "server": Terms(r"servers?|systems?|service|disk|spool|queue|partition|filesystem|sistema"),
    "connection": Terms(r"connect\w*|connexions?|verbindung\w*|conexion\w*|conex\w+|connessioni"),
    "session": Terms(
        r"(?:per|this|one|each|single|a|same|per smtp) (?:smtp )?(?:session|connection)|"
        r"session"
    ),
    "period": Terms(
        r"per (?:hour|minute|day|second|month)|hourly|daily|monthly|today|"
        r"(?:this|an|last|past|one|each) (?:hour|minute|day)|in the last|24 hours|within \d+"
    ),
    "recipients": Terms(r"recipients|rcpts?|rcpt[- ]tos?|addresses|destinataires|empfänger"),
    "name": Terms(r"helo(?: ?host)?|ehlo|lhlo|helo/ehlo"),
    "login": Terms(
        r"auth|authenticat\w*|login|sign(?:ed)?[- ]?ins?|sign(?:ed)?[- ]?on|logins|"
        r"log(?:ged)? ?in|log ?on|credentials?|sasl|"
        r"smtp-auth|authentifi\w*|anmeld\w*|autenticac\w*|identifi\w*|登录|登陆|登錄|"
        r"ログイン|로그인"
    ),
    "password": Terms(
        r"passwords?|passwort|credentials?|username|user ?name|login|mot de passe|"
        r"contraseña|api[- ]key|密码|パスワード|비밀번호|secret|senha|kennwort"
    ),
    "token": Terms(r"tokens?|oauth2?|xoauth2|bearer|jwt"),
    "ticket": Terms(
        r"(?:service|kerberos|expired|invalid) tickets?|tickets?(?: has| is)?(?: not)?(?: yet)? "
        r"(?:expired|valid|invalid)|kerberos\w*|krb5\w*|keytabs?|kdc|clock skew|"
        r"gss (?:failure|error)"
    ),
    "mechanism": Terms(r"mechanisms?|auth\w* (?:type|mode|method|scheme)|method"),
    "permission": Terms(r"permissions?|privileges?|rights?|not permitted|无权|没有权限"),
    "attempts": Terms(r"attempts?|tries|failures?|auth\w* errors|versuche|tentatives?|intentos"),
    "parameter": Terms(r"parameters?|arguments?|options?|esmtp option|extension"),
    "command": Terms(r"commands?|verb|syntax"),
    "tls": Terms(
        r"tls|ssl|starttls|encrypt\w*|secured? (?:connections?|channels?|sessions?|links?|"
        r"ports?)|"
        r"verschlüssel\w*"
    ),
    "in-clear": Terms(
        r"insecure|unsecured?|unencrypted|non-?secured?|not (?:encrypted|secured?)|in clear|"
        r"(?:clear|plain) ?text (?:connection|session|channel)s?"
    ),
    "channel-binding": Terms(
        r"channel[- ]?bindings?(?:-\w+)*|tls-unique|tls-exporter|tls-server-end-point"
    ),
    "smtp": Terms(
        r"smtp(?:[- ]?auth\w*)?|protocols?|imap|pop3|mail clients?|"
        r"external (?:programs?|clients?|access)|this service"
    ),
    "host": Terms(rf"{HOST}"),
    "dns": Terms(
        r"dns|mx(?: records?)?|a records?|resolv\w*(?! (?:the|this|that|your|any|it)\b)|"
        r"name ?server|nxdomain|servfail|lookup"
    ),
    # Properties
    "unknown": Terms(
        said=(
            r"unknown|no such|no postmaster|nobody|no one|no mailbox|no account|no user|"
            r"no recipient|"
            r"nessun utente|kein (?:benutzer|empfänger)|aucun (?:destinataire|utilisateur)|"
            r"ning[uú]n usuario|nenhum usu[aá]rio|unregistered|misspelled|left the company|"
            r"no longer works|non[- ]?exist\w*|nonexist\w+|inexist\w*|unbekannt\w*|inconnu\w*|"
            r"desconocid\w*|desconhecid\w*|sconosciut\w*|onbekend\w*|nieznan\w*|invalide?|"
            r"undeliverable|unrouteable|unroutable|no longer|has left|deleted|removed|"
            r"does ?n[o']t exist|не существует|не найден\w*|не зарегистрирован\w*|不存在|无效|"
            r"存在しません|見つかりません|없는|없습니다|존재하지|無效|找不到|查無|"
            r"ok[aä]nd\w*|(?:finns|existerar) inte|(?:findes|finnes|eksisterer) ikke|"
            r"(?:existiert|bestaat) ni(?:ch|e)t|existe pas|ukendt\w*|ukjent\w*|tuntemat\w*|"
            r"ei ole olemassa|ei löydy\w*|"
            r"brak takiego|nie ma takiego|neznám\w*|neznam\w*|neexistuj\w*|nenalezen\w*|"
            r"ismeretlen\w*|nem létez\w*|nem található|nincs ilyen|necunoscut\w*|nu exist[aă]|"
            r"bulunam[aı]d[ıi]|bilinmeyen|mevcut değil|mevcut degil|geçersiz|gecersiz|άγνωστ\w*|"
            r"δεν υπάρχει|δεν βρέθηκε|không tồn tại"
        ),
        negated=(
            r"exists?|found|find|handle mail|in (?:my|our|the) (?:\w+ )?(?:list|directory)|"
            r"present|known|know|valid|registered|recogni[sz]ed|hosted|have an?|"
            r"a member of (?:the )?domain|existe|esiste|existiert|gefunden|istnieje|bestaat|"
            r"our users?|our customers?|deliverable|listed|accessible|a user"
        ),
    ),
    "disabled": Terms(
        said=(
            r"disabled|inactive|suspends?|deactivated|de-activated|suspended|frozen|locked|"
            r"closed|expired|discontinued|terminated|dormant|on hold|archived|archivée?s?|"
            r"archivee?|cancelled|canceled|abandoned|decommissioned|hangup|disabled recipient|"
            r"no longer active|gesperrt|deaktiviert|désactivée?|desactivad\w*|desativad\w*|"
            r"disabilitat\w*|bloqu[eé]+s?|bloquead\w*|suspendu\w*|suspendid\w*|zablokowan\w*|"
            r"заблокирован\w*|отключен\w*"
        ),
        negated=r"active|enabled|activated|in use|logged (?:in|on|onto)",
    ),
    "full": Terms(
        said=(
            r"full|over ?-?quot[ae]|not enough|overdrawn|used up|"
            r"over (?:the |their |his |its )?(?:allowed|maximum|storage|disk|space)|disk ?space|"
            r"quotas?|out of (?:space|storage)|no more (?:space|room)|no (?:space|room)|storage|"
            r"over its limit|over limit|voll|pleine?s?|llen[oa]|cheia|pien[oa]|przepełnion\w*|"
            r"overquota|переполнен\w*|已满|已滿|配额|容量|満杯|용량|vol|fullt|fuld|overfyldt|täynnä|"
            r"p[eě]?[lł]n[aáeéoyý]|přeplněn\w*|przepelnion\w*|megtelt|plin[aă]?|depășit\w*|"
            r"dolu|kota\w*|γεμάτο|đầy"
        ),
        negated=r"enough (?:space|room|storage)",
    ),
    "blocked": Terms(
        said=(
            r"block(?:ed|s|ing)?|banned|bans?|denied|denies|deny|refused?|refuses|"
            r"reject(?:ed|s|ion|ing)?|black|barred|prohibit(?:ed|s)|forb[ia]d\w*|unwelcome|"
            r"disallow(?:ed|s)?|not welcome|abgelehnt|verweigert|gesperrt|blockiert|rechazad\w*|"
            r"rejeitad\w*|rifiutat\w*|refusée?s?|bloqu[eé]+s?|bloquead\w*|bloccat\w*|"
            r"odrzucon\w*|geweigerd|отклонен\w*|заблокирован\w*|禁止|拒绝|拒否|차단|거부|"
            r"go away|get lost|hangup|hang up|filtered|restrict\w*|turned away|unwelcome|"
            r"denegad\w*|negad[oa]|interdit\w*|rebut\w*|unauthori[sz]ed|nekad\w*|avvis\w*|"
            r"afvis\w*|"
            r"blockerad\w*|spärrad\w*|blokeret|blokkert|estetty|hylätty|evätty|odmítnut\w*|"
            r"odmitnut\w*|zamítnut\w*|zablokován\w*|elutasít\w*|visszautasít\w*|letilt\w*|"
            r"respins\w*|blocat\w*|refuzat\w*|reddedildi|engellendi|απορρίφθηκε|bị từ chối|"
            r"rejete\w*|rejeté\w*"
        ),
        negated=(
            r"accept(?:ed|s|ing|able)?|like|want|ok|in (?:my|our) domain|receive|allow(?:ed|s)?|"
            r"permitted|permit|authori[sz]ed|welcome|permission|admitted|autoris\w+|erlaubt|"
            r"zugelassen|permitid\w*|access|entitled|trusted"
        ),
    ),
    "barred": Terms(said=r"blocked|banned|barred|forbidden|prohibited"),
    "listed": Terms(
        said=(
            r"rbls?\+?|dnsbls?|blacklist\w*|black[- ]?list\w*|block[- ]?list\w*|blocklist\w*|"
            rf"{LIST}|spamhaus|spamcop|uceprotect|xbl|sbl|sbl-xbl|pbl|surbl|uribl|dbl|"
            r"realtime block|blackhole list|listed (?:in|on|at|by)|liste noire|lista negra|"
            r"schwarzen? liste|sperr-?listen?|listas? de bloque\w*|svart(?:a )?list\w*|"
            r"lista nera|"
            r"zwarte lijst|čern\w+ listin\w*|"
            r"ч[её]рн\w+ списк\w*|黑名单"
        ),
    ),
    "limited": Terms(
        said=(
            r"too many|too much|rate|limit(?:s|ed|ing|ation|e)?|frequen\w+|throttl\w*|"
            r"excessive\w*|exceed(?:s|ed|ing)?|flood\w*|quota|too (?:fast|quick\w*|often)|"
            r"maximum|slow down|out of allow(?:ed)?|allowed number|volume|trop|zu viele?|"
            r"demasiad\w*|muit[oa]s|tropp[aeio]|te veel|zbyt wiele|слишком много|превышен\w*|"
            r"过多|超过|频率|频繁|초과"
        ),
    ),
    "large": Terms(
        said=(
            r"too (?:large|big|long|heavy)|too much (?:mail )?data|taille|größe|tamaño|tamanho|"
            r"dimension[ei]|rozmiar|размер\w*|size|length|exceeds?|oversized?|larger|"
            r"bigger|greater than|heavier|"
            r"zu gro(?:ß|ss)|trop (?:gros|grand|volumineux)\w*|demasiado grande|muito grande|"
            r"troppo grande|te groot|maximum allowed|слишком больш\w*"
        ),
    ),
    "already": Terms(
        said=(
            r"already(?! (?:ended|closed|finished|aborted|over|reset))|nested|second|"
            r"duplicate[ds]?|twice|in progress|previously|multiple"
        ),
    ),
    "transaction": Terms(r"senders?|mail(?: command)?|mail from|transactions?|reverse[- ]path"),
    "several": Terms(r"multiple|duplicate[ds]?|more than one|several|two|only one"),
    "malformed": Terms(
        said=(
            r"malformed|defect\w*|corrupt\w*|broken|syntax|syntactically|illegal|invalid|bad|"
            r"improper\w*|unbalanced|incorrect|wrong|parse|non[- ]?compliant|missing|lacks?|"
            r"unparse?able|ungültig\w*|not fqdn|misformat\w*|non[- ]fqdn|unqualified"
        ),
        negated=(
            r"valid|well[- ]formed|comply|complies|compliant|fully[- ]qualified|fqdn|conform\w*|"
            r"parsed?|follow|meet"
        ),
    ),
    "spam": Terms(
        said=(
            r"\w*spam\w*|mass mail\w*|unsolicited|unwanted|ube|uce|junk\w*|bulk|phish\w*|scams?|"
            r"antispam|anti-spam|спам\w*|pourriel|垃圾\w*|迷惑\w*|스팸\w*"
        ),
    ),
    "no-spam": Terms(negated=r"\w*spam\w*|uce|ube|junk\w*|unsolicited|bulk"),
    "virus": Terms(
        said=r"virus\w*|malware|infected|trojan|worm|virenfund|вирус\w*|病毒",
    ),
    "policy": Terms(
        r"polic(?:y|ies)|rules?|filters?|guidelines|held|moderat\w*|human verification|"
        r"naruszeni\w*|verstoß|violation|violazione|violaci[oó]n|quarantin\w*|acl|"
        r"restrict\w*|richtlinie"
    ),
    "grey": Terms(
        r"listes? grises?|graue\w* liste|lista grigia|lista gris|gr[ea]y[- ]?list\w*|"
        r"graylist\w*|greylist\w*"
    ),
    "later": Terms(
        r"later|again|retry|temporar\w*|moment|currently|at this time|come back|in a while|"
        r"wait|plus tard|sp(?:ä|ae)ter|vor(?:ü|ue)bergehend|más tarde|mas tarde|mais tarde|"
        r"più tardi|później|pozniej|позже|稍后|稍後|try|tempor[aá]\w*|senare|senere|myöhemmin|"
        r"později|"
        r"pozdeji|később|kesobb|mai târziu|daha sonra|αργότερα"
    ),
    "fault": Terms(
        said=(
            r"errors?|problems?|fail(?:ed|s|ure|ures)?|unable|could ?n[o']t|could not|cannot|"
            r"can't|trouble|misconfigur\w*|config\w*|database|internal|ldap|upstream|backend|"
            r"fehler|erreur|errore|erro|unavailable|unreachable|exception|crash\w*|malfunction"
        ),
        negated=(
            r"available|reach\w*|working|operational|loaded?|ready|process\w*|responding|"
            r"complete[d]?|succeed\w*"
        ),
    ),
    "busy": Terms(
        said=(
            r"busy|overload\w*|high load|load|loaded|resources?|capacity|congest\w*|too busy|"
            r"occupé|überlastet"
        ),
    ),
    "load": Terms(
        said=(
            r"(?:system|server|machine|cpu|high|too much|heavy|excessive) load|load (?:average|"
            r"is|too)|"
            r"overload\w*|too busy|server (?:is )?busy|überlastet"
        ),
    ),
    "maintenance": Terms(
        said=(
            r"maintenance|shutting down|shut ?down|going down|down for|restart\w*|reboot\w*|"
            r"wartung\w*|"
            r"out of service|(?:being|are|is) (?:currently )?(?:upgrad|updat|restart|migrat)\w*|"
            r"offline"
        ),
    ),
    "in-use": Terms(
        said=(
            r"in use|busy|another process|lock ?files?|file lock|locked by|lock(?:ing)? (?:failed|"
            r"failure)|"
            r"temporarily (?:locked|closed)|migrat\w*|being (?:moved|"
            r"transferred|converted|repaired|rebuilt|restored|created)|"
            r"read-?only|maintenance|repair\w*"
        ),
        negated=r"lock(?:ed)?",
    ),
    "onward": Terms(
        r"destination (?:smtp )?(?:daemon|server|host|mta)|next[- ]hop|downstream|"
        r"remote (?:server|host|smtp|mta)|relay host|smarthost|"
        r"(?:all|no) (?:relevant )?mx\w*"
    ),
    "outlived": Terms(
        r"(?:e-?mail|mail|message|delivery|delivery time|queue)(?: has| is|\.| time)? ?expired|"
        r"expired (?:mail|message)|message (?:is )?too old|too long in queue|too long in the queue"
    ),
    "gave-up": Terms(
        r"no route to host|"
        r"queue too long|retry time(?:out)? (?:not reached|exceeded)|"
        r"connection (?:refused|timed out|reset|died)|unable to connect"
    ),
    "unreachable": Terms(
        said=r"unreachable|unresolvable",
        negated=r"reach\w*|resolv\w*|mail exchanger|mx",
    ),
    "many": Terms(r"too many|trop de|zu viele|demasiad[oa]s|muit[oa]s|troppi|te veel"),
    "idle": Terms(r"idle|inactivity|time[- ]?out|timed out|waiting|no data"),
    "time": Terms(r"time[- ]?out|timed out|too long|too late|idle|inactivity|expired|zeit\w*"),
    "relay": Terms(
        r"relays?|relayed|relaying|relais|rcpthosts?|not a gateway|not a local|not local|"
        r"our customers?|local users? only|local domains?|forwarding|relayez|retransmi\w+|"
        r"reencam\w*|"
        r"weiterleit\w*|relayage|inoltr\w*|przekazywan\w*|ретрансляц\w*|пересылк\w*|转发|中继"
    ),
    "open-relay": Terms(
        r"open[- ]?(?:mail[- ])?relay\w*|insecure (?:mail )?relay|open[- ](?:\w+[- ])?prox\w+"
    ),
    "reputation": Terms(r"reputation\w*|poor score|bad score|trust level|senderscore|senderbase"),
    "dynamic": Terms(
        r"dynamic\w*|(?:smtp|mail) server of your (?:isp|provider)|"
        r"your (?:isp|provider)'s (?:smtp|mail)|dial-?up\w*|residential|dsl|adsl|generic|"
        r"consumer|end[- ]user|dhcp|ppp"
    ),
    "region": Terms(
        r"geo[- ]?ip\w*|geographic\w*|geoblock\w*|countr(?:y|ies)|your region|continent|"
        r"land\b|abroad|overseas|foreign|"
        r"(?:your|this|that|unknown|new|unusual|geo) ?locations?"
    ),
    "ptr": Terms(
        r"ptr|forward dns|no-?ptr\d*|"
        r"reverse[- ]?(?:dns|lookup|names?|hostname|mapping|record|resolution|pointer)|rdns|"
        r"in-addr\.arpa|r-dns|revdns|forward-confirmed|fcrdns|reverse"
    ),
    "spf": Terms(r"spf|sender policy framework"),
    "dkim": Terms(r"dkim|domainkeys|dk signature"),
    "dmarc": Terms(r"dmarc"),
    "loop": Terms(
        r"loop\w*|too many hops|hops?|hop count|received headers|received lines|schleife|"
        r"boucle"
    ),
    "forged": Terms(
        said=(
            r"claim\w* to be|forged|spoof\w*|anti-?spoof\w*|fake|impersonat\w*|pretend\w*|"
            r"mismatch\w*|"
            r"does not match|doesn't match|do not match|not match\w*|differs?|different|"
            r"redundant"
        ),
    ),
    "spoof": Terms(r"spoof\w*|anti-?spoof\w*|forged|fake\w*|impersonat\w*"),
    "handled": Terms(
        r"saved?|stor(?:e|ed)|written?|write|queued?|create|open|output|deliver(?:ed)?|"
        r"process(?:ed)?"
    ),
    "certificate": Terms(r"certificates?|cert"),
    "dane": Terms(r"dane|tlsa|mta-?sts|requiretls"),
    "unavailable": Terms(
        said=r"unavailable",
        negated=r"available",
    ),
    "discarded": Terms(
        said=(
            r"discard\w*|dropped|deleted|thrown away|black-?holed|trashed|silently \w+|"
            r"(?:dropped|rejected|ignored) silently|(?:will not|won't|never) be delivered|"
            r"not going to be delivered|sinkhole\w*|bit bucket|/dev/null"
        ),
    ),
    "held": Terms(
        said=(
            r"quarantin\w*|held(?! up)|on hold|moderat\w*|"
            r"for (?:\w+ ){0,2}(?:review|moderation|approval|inspection)|"
            r"(?:awaiting|pending|awaits) (?:\w+ )?(?:approval|review|moderation)"
        ),
    ),
    "marked": Terms(
        said=(
            r"(?:marked|tagged|flagged|classified|delivered|moved|filed|put) (?:as|to|in|into) "
            r"(?:\w+ ){0,2}(?:spam|junk|bulk)\w*|(?:spam|junk|bulk) (?:folder|box|mailbox)"
        ),
    ),
    "blank": Terms(
        r"empty|blank|zero[- ]length|"
        r"(?:no|without(?: a| any)?) (?:content|body|text)(?! (?:found|type|part))"
    ),
    "html": Terms(r"html\w*|plain[- ]?text|rich[- ]?text"),
    "words": Terms(r"words?|keywords?|phrases?|urls?|links?"),
    "characters": Terms(r"characters?|chars?|caracteres?|caractères?|zeichen"),
    "content": Terms(
        r"contents?|security polic(?:y|ies)|urls?|links?|body|words?|html\w*|keywords?|phrases?|"
        r"subject line"
    ),
    "detected": Terms(
        r"detected|filtered|sensitive|unacceptable|inappropriate|offensive|contains?|"
        r"prohibited|forbidden"
    ),
    "score": Terms(r"scor(?:e|ed|ing)|\w*scoring\w*|points"),
    "mailbox": Terms(r"mail ?box(?:es)?|inbox|dropfile|mail ?folder|maildir|mail ?drop"),
    "mime": Terms(r"mime|multipart|encoding|boundary"),
    "throttled": Terms(r"throttl\w*|rate[- ]?limit\w*|slower"),
    "spammer": Terms(
        r"spamm(?:ers?|ing)|sending (?:us )?spam|malicious (?:source|ip|host|sender)|botnet|"
        r"sends? spam|spam source|source of spam"
    ),
    "account": Terms(r"accounts?|konto|cuenta|compte|conta"),
    "frequent": Terms(r"frequen\w+|rate|too (?:fast|often|quick\w*)"),
    "no-mail": Terms(
        r"(?:does not|does ?n't|do not|don't|never|will not|won't|cannot|can't) "
        r"(?:accepts?|receives?|takes?|handles?|serves?) (?:any |incoming |"
        r"inbound )?(?:e-?)?mails?"
        r"(?! (?:from|for|to)\b)|no (?:incoming |inbound )?(?:e-?)?mails? (?:is |are )?"
        r"(?:accepted|received|taken|here)|"
        r"no longer (?:in service|in use|active|accept\w* (?:e-?)?mails?|an? (?:mail|smtp) ?\w*)|"
        r"decommissioned|retired|not a (?:mail|smtp) ?(?:server|host|exchanger|relay)(?! for)|"
        r"(?:outbound|outgoing|send)[- ](?:mail )?only|no (?:smtp|mail) (?:service|server)"
    ),
    "moved": Terms(
        r"(?:(?:has|have|was|been|is) )?(?:moved|changed|relocated|transferred) to(?= @address)|"
        r"new (?:e-?mail )?address(?: is|:)?(?= @address)|is now(?: known as)?(?= @address)|"
        r"(?:try|use|write to|send to)(?= @address (?:instead|from now on|in (?:the )?future))"
    ),
    "own-name": Terms(
        r"you(?: are|'re) not(?= @host| @ip)|(?:that|this|it)(?: is|'s) (?:me|mine|my)|"
        r"i(?: am|'m)(?= @host| @ip)|(?:my|our) (?:own )?(?:host ?)?name|is me"
    ),
    "empty": Terms(
        said=(
            r"empty|blank|zero[- ]length|missing|no (?:user ?name|user|password|login|"
            r"credentials?) "
            r"(?:was |were |has been )?(?:given|supplied|provided|sent|specified|entered)"
        ),
        negated=r"empty|blank|supplied|provided|specified",
    ),
    "no-secret": Terms(
        r"no (?:secret|plain ?text password|clear ?text password|verifier|such secret)s?|"
        r"secret (?:is )?not (?:stored|available|found)|not (?:found )?in sasldb"
    ),
    "hours": Terms(
        r"(?:office|business|working|service|opening) hours|outside (?:of )?(?:\w+ ){0,2}hours|"
        r"at this (?:time|hour)|weekends?|at night"
    ),
    "crash": Terms(
        r"crash\w*|core dump\w*|segfault\w*|exceptions?|stack trace|traceback|out of memory|panic"
    ),
    "source-route": Terms(
        r"(?:source|explicit)[- ]?rout\w*|routed address\w*|percent[- ]?hack|"
        r"% ?-?hack|bang[- ]?paths?"
    ),
    "other-mx": Terms(
        r"(?:try|use) (?:our |the |an |your )?(?:other |another |different |backup |secondary |"
        r"primary )(?:mx|mail ?server|server|host)|(?:has |have |is )?moved to(?= @host)"
    ),
    "arc": Terms(r"arc(?:[- ]seals?|[- ]chain)?"),
    "full-name": Terms(
        r"(?:full|complete|entire|whole) (?:e-?mail |mail |user )?(?:address|name|username)|"
        r"user@domain|(?:with|include|including|add) (?:the |your )?domain|"
        r"e-?mail address as (?:the |your )?(?:user|login)|as (?:the |your )?username"
    ),
    "quota": Terms(r"quotas?|credits?|used up|allowance|exhausted"),
    "harvest": Terms(
        r"harvest\w*|dictionary attacks?|(?:address|user|username|recipient) (?:guessing|"
        r"probing)|"
        r"enumeration"
    ),
    "one-recipient": Terms(
        r"(?:one|1|a single|single) (?:recipient|rcpt|address) (?:only|per|at a time|is allowed|"
        r"for)|"
        r"only (?:one|1|a single) (?:recipient|rcpt|address)|single[- ]recipient"
    ),
    "not-ours": Terms(
        r"not (?:an? |the )?(?:mx|mail ?exchanger|mail ?server|responsible|authoritative)"
        r"(?: host| server| record)? (?:for|of)|"
        r"not (?:hosted|handled|served) (?:here|by us|on this|at this)|"
        r"not (?:our|one of our) domains?|(?:do|does) not (?:host|handle|serve) (?:mail for )?"
        r"(?:that|this|the|your) (?:recipient )?domain"
    ),
    "restricted": Terms(r"restrict\w*"),
    "handshake": Terms(r"handshake|negotiat\w*"),
    "owner": Terms(
        r"own(?:ed|s|er)?|belong\w*|on behalf|send as|permission to send|"
        r"use this (?:sender|from)|verified sender|sender signatures?|unconfigured|unverified|"
        r"not verified|"
        r"identity"
    ),
    "protocol": Terms(
        r"protocol|rfc ?\d*|synchroni[sz]ation|out of sequence|deviation|bogus|pipelin\w*|"
        r"misbehav\w*"
    ),
    "wish": Terms(
        r"by (?:this |the )?(?:recipient|user|addressee|owner|receiver|customer)\b(?!')|"
        r"(?:recipient|user|owner|receiver)'?s? (?:preferences?|request|settings?|choice|"
        r"wish)|sieve (?:script|filter|rule)s?|"
        r"blocked (?:your address|you)|does not (?:want|wish)|opted[- ]out|opt-?out|unsubscribed|"
        r"white[- ]?list\w*|allow(?:ed)?[- ]?(?:senders? )?list\w*|safe[- ]?senders?|"
        r"members?[- ]only|non-?members?|private|internal (?:use|only|senders?|recipients?)|"
        r"badrcptto|badrecipientto|subscribed|closed mailing list|moderated|subscribers?|"
        r"(?:approved|known|trusted|authori[sz]ed|selected|allowed|permitted) "
        r"(?:senders?|contacts|correspondents)(?: only)?|contacts only|"
        r"only accepts|only accepting|accepts? (?:mail )?only from|"
        r"specific (?:e-?mail )?(?:addresses|senders)|known senders|user in blacklist|"
        r"local user only|null route"
    ),
    "verify": Terms(
        r"verif\w*|validat\w*|callouts?|callbacks?|call-back|confirmed?|check(?:ed)?|"
        r"existence"
    ),
    "needed": Terms(
        said=(
            r"required?|requires|must|needed|need|needs|mandatory|please|first|only|before|"
            r"necessary|turn(?:ed)? on|erforderlich|requise?|obligatoire|requerid\w*|wymagan\w*"
        ),
        negated=r"without",
    ),
    "expired": Terms(
        said=r"expired|revoked|outdated|stale|no longer valid|abgelaufen",
    ),
    "decode": Terms(r"base ?64|decode[ds]?|decoding|encoding|encoded|challenge"),
    "commands": Terms(
        r"(?:unknown|invalid|bad|unrecogni[sz]ed|junk|illegal|syntax) (?:\w+ )?(?:commands?|"
        r"errors?|recipients?|rcpts?|users?)|errors|protocol errors|rejected commands"
    ),
    "complaints": Terms(
        said=(
            r"complain\w*|abus(?:e|ive|o)?|mi(?:ss|ß)brauch\w*|suspicious|suspected|hacked|"
            r"compromised|spamming|"
            r"spammers?|spam source|sending spam|incident\w*|attack\w*"
        ),
    ),
    "unsupported": Terms(
        said=r"unsupported|unrecogni[sz]ed|unimplemented|unknown|disabled|unavailable",
        negated=(
            r"supported|available|enabled|offered|implemented|advertised|permitted|allowed|"
            r"configured|recogni[sz]ed|support"
        ),
    ),
    "null": Terms(r"null sender|empty sender|<>|bounces?|null reverse|dsn|delivery reports?"),
    "eight-bit": Terms(r"8[- ]?bit|eight[- ]?bit|non-?ascii|utf-?8|binary|unencoded"),
    "bare": Terms(r"bare|stray|naked|lone|lf|crlf|line ?feed|newline|line (?:end\w*|delimiter)"),
}
