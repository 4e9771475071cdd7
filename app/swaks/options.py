"""Every option of swaks, and how heloscope treats it.

The names are those in swaks 20201014 and 20240103, without dashes.
"""

from __future__ import annotations

from typing import NamedTuple

NONE, MAY, MUST, NUMBER = "", ":", "=", "i"
"""The kind of value that follows an option: none, optional, required, or a number."""


class SwaksOption(NamedTuple):
    """An option of swaks: its names, the kind of its value, and heloscope's counterpart.

    `ours` is the counterpart, or "" if there is none, in which case `why` gives the reason. If
    `why` is "output", the option changes only swaks's output: heloscope accepts the option but
    prints its own output.
    """

    names: tuple[str, ...]
    value: str
    ours: str
    why: str = ""

    @property
    def name(self) -> str:
        """The main name, of which the others are aliases."""
        return self.names[0]

    @property
    def is_done(self) -> bool:
        """Whether heloscope supports the option, or need not do anything for it."""
        return bool(self.ours)


OPTIONS: tuple[SwaksOption, ...] = (
    SwaksOption(("server", "s"), MAY, "TARGET"),
    SwaksOption(("port", "p"), MAY, "TARGET, as host:port"),
    SwaksOption(("local-interface", "li"), MAY, "--source ADDRESS:PORT"),
    SwaksOption(("local-port", "lport", "lp"), MAY, "--source ADDRESS:PORT"),
    SwaksOption(("copy-routing",), MAY, "TARGET mx:DOMAIN"),
    SwaksOption(("4",), NONE, "--source 0.0.0.0"),
    SwaksOption(("6",), NONE, "--source ::"),
    SwaksOption(("socket",), MAY, "TARGET smtp+unix:/PATH; with LMTP unix:/PATH"),
    SwaksOption(("pipe",), MAY, "only heloscope swaks can start a program"),
    SwaksOption(("to", "t"), MAY, "--to ADDRESS"),
    SwaksOption(("cc",), MAY, "--cc ADDRESS"),
    SwaksOption(("bcc",), MAY, "--bcc ADDRESS"),
    SwaksOption(("from", "f"), MAY, "--from ADDRESS"),
    SwaksOption(("helo", "ehlo", "lhlo", "h"), MAY, "--ehlo NAME"),
    SwaksOption(("quit-after", "quit", "q"), MUST, "--stop-after STEP"),
    SwaksOption(("drop-after", "drop", "da"), MUST, "--drop-after STEP"),
    SwaksOption(
        ("drop-after-send", "das"), MUST, "--drop-after STEP, which may wait for the reply"
    ),
    SwaksOption(("timeout",), MAY, "--timeout SECONDS"),
    SwaksOption(("protocol",), MUST, "--helo, --tls, or the scheme of TARGET"),
    SwaksOption(("pipeline",), NONE, "--pipelining; without it, --no-pipelining"),
    SwaksOption(("prdr",), NONE, "--mail-option PRDR"),
    SwaksOption(("force-getpwuid",), NONE, "--from ADDRESS"),
    SwaksOption(("tls",), NONE, "--tls required"),
    SwaksOption(("tls-optional", "tlso"), NONE, "--tls offered"),
    SwaksOption(
        ("tls-optional-strict", "tlsos"),
        NONE,
        "--tls offered, and the run ends if STARTTLS is refused",
    ),
    SwaksOption(("tls-on-connect", "tlsc"), NONE, "--tls implicit"),
    SwaksOption(("tls-protocol", "tlsp"), MUST, "limits on the TLS version"),
    SwaksOption(("tls-cipher",), MUST, "a list of ciphers"),
    SwaksOption(("tls-verify",), NONE, "the default; without it, --no-verify"),
    SwaksOption(("tls-verify-ca",), NONE, "the default, which also checks the name"),
    SwaksOption(("tls-verify-host",), NONE, "the default, which also checks the chain"),
    SwaksOption(("tls-verify-target",), MUST, "--server-name NAME"),
    SwaksOption(("tls-ca-path",), MUST, "--ca FILE"),
    SwaksOption(("tls-cert",), MUST, "--cert FILE"),
    SwaksOption(("tls-key",), MUST, "--key FILE"),
    SwaksOption(
        ("tls-chain",),
        MUST,
        "",
        "put the chain into the --tls-cert file, after the certificate",
    ),
    SwaksOption(("tls-get-peer-cert",), MAY, "only heloscope swaks; in the app, :pem saves it"),
    SwaksOption(("tls-get-peer-chain",), MAY, "only heloscope swaks; in the app, :pem saves it"),
    SwaksOption(("tls-sni",), MUST, "--server-name NAME"),
    SwaksOption(("auth", "a"), MAY, "--login USER --mechanism M,M"),
    SwaksOption(("auth-optional", "ao"), MAY, "--login USER; continues if the login fails"),
    SwaksOption(
        ("auth-optional-strict", "aos"), MAY, "--login USER; continues if AUTH is not offered"
    ),
    SwaksOption(("auth-user", "au"), MAY, "--login USER"),
    SwaksOption(("auth-password", "ap"), MAY, "--secret NAME or --secret-file FILE"),
    SwaksOption(
        ("auth-extra", "ae"), MUST, "only for DIGEST-MD5 and NTLM, which are not supported"
    ),
    SwaksOption(("auth-map", "am"), MUST, "only heloscope swaks can rename mechanisms"),
    SwaksOption(
        ("auth-plaintext", "apt"), NONE, "no secret is ever printed, encoded or not", "output"
    ),
    SwaksOption(("auth-hide-password", "ahp"), MAY, "always hidden"),
    SwaksOption(("xclient",), MAY, "--xclient 'NAME=VALUE'"),
    SwaksOption(("xclient-name",), MAY, "--xclient NAME=VALUE"),
    SwaksOption(("xclient-addr",), MAY, "--xclient ADDR=VALUE"),
    SwaksOption(("xclient-port",), MAY, "--xclient PORT=VALUE"),
    SwaksOption(("xclient-proto",), MAY, "--xclient PROTO=VALUE"),
    SwaksOption(("xclient-destaddr",), MAY, "--xclient DESTADDR=VALUE"),
    SwaksOption(("xclient-destport",), MAY, "--xclient DESTPORT=VALUE"),
    SwaksOption(("xclient-helo",), MAY, "--xclient HELO=VALUE"),
    SwaksOption(("xclient-login",), MAY, "--xclient LOGIN=VALUE"),
    SwaksOption(("xclient-reverse-name",), MAY, "--xclient REVERSE_NAME=VALUE"),
    SwaksOption(("xclient-delim",), NONE, "another --xclient"),
    SwaksOption(("xclient-optional",), NONE, "only heloscope swaks can continue without XCLIENT"),
    SwaksOption(
        ("xclient-optional-strict",), NONE, "only heloscope swaks can continue without XCLIENT"
    ),
    SwaksOption(
        ("xclient-before-starttls",), NONE, "only heloscope swaks can send XCLIENT before STARTTLS"
    ),
    SwaksOption(("xclient-no-verify",), NONE, "always the case"),
    SwaksOption(("proxy",), MAY, "--proxy-header"),
    SwaksOption(("proxy-version",), MAY, "--proxy-version 1 or 2"),
    SwaksOption(("proxy-family",), MAY, "--proxy-header 'TCP4 …'"),
    SwaksOption(("proxy-protocol",), MAY, "--proxy-header"),
    SwaksOption(("proxy-command",), MAY, "--proxy-header"),
    SwaksOption(("proxy-source",), MAY, "--proxy-header"),
    SwaksOption(("proxy-source-port",), MAY, "--proxy-header"),
    SwaksOption(("proxy-dest",), MAY, "--proxy-header"),
    SwaksOption(("proxy-dest-port",), MAY, "--proxy-header"),
    SwaksOption(("data", "d"), MAY, "FILE, or - for standard input"),
    SwaksOption(("body",), MAY, "--body TEXT"),
    SwaksOption(("attach",), MAY, "--attach FILE"),
    SwaksOption(("attach-body",), MAY, "--body TEXT"),
    SwaksOption(("attach-type",), MAY, "--attach 'FILE;type=TYPE'"),
    SwaksOption(("attach-name",), MAY, "--attach 'FILE;name=NAME'"),
    SwaksOption(("add-header", "ah"), MAY, "--add-header 'NAME: VALUE'"),
    SwaksOption(("header",), MAY, "--header 'NAME: VALUE'"),
    SwaksOption(("header-NAME", "h-NAME"), MUST, "--header 'NAME: VALUE'"),
    SwaksOption(("no-header-NAME", "no-h-NAME", "no-header"), NONE, "omit --header"),
    SwaksOption(("g",), NONE, "- for FILE"),
    SwaksOption(("no-data-fixup", "ndf"), NONE, "--as-is"),
    SwaksOption(("no-strip-from", "nsf"), NONE, "always the case: the first line is sent too"),
    SwaksOption(
        ("dump-as-body", "dab"), MAY, "only heloscope swaks can send its settings as the body"
    ),
    SwaksOption(
        ("dump-as-body-shows-password", "dabsp"),
        NONE,
        "",
        "heloscope never sends a password in a message",
    ),
    SwaksOption(
        ("suppress-data", "n"), NONE, "only 100 lines of a long message are printed", "output"
    ),
    SwaksOption(("show-time-lapse", "stl"), MAY, "--json prints the times", "output"),
    SwaksOption(("no-hints", "nth"), NONE, "lines begin with C: and S:", "output"),
    SwaksOption(("no-send-hints", "nsh"), NONE, "lines begin with C: and S:", "output"),
    SwaksOption(("no-receive-hints", "nrh"), NONE, "lines begin with C: and S:", "output"),
    SwaksOption(("no-info-hints", "nih"), NONE, "lines begin with C: and S:", "output"),
    SwaksOption(("show-raw-text", "raw"), NONE, "--json prints every octet", "output"),
    SwaksOption(("output", "output-file"), MUST, "> FILE, in the shell", "output"),
    SwaksOption(("output-file-stdout",), MUST, "> FILE, in the shell", "output"),
    SwaksOption(("output-file-stderr",), MUST, "2> FILE, in the shell", "output"),
    SwaksOption(("protect-prompt", "pp"), NONE, "always protected"),
    SwaksOption(("hide-receive", "hr"), NONE, "--quiet hides both sides", "output"),
    SwaksOption(("hide-send", "hs"), NONE, "--quiet hides both sides", "output"),
    SwaksOption(
        ("hide-informational", "hi"),
        NONE,
        "heloscope's own lines begin with note: or means:",
        "output",
    ),
    SwaksOption(("hide-all", "ha"), NONE, "--quiet"),
    SwaksOption(("silent", "S"), NUMBER, "--quiet"),
    SwaksOption(("support",), NONE, "", "heloscope --version"),
    SwaksOption(
        ("dump-mail",), NONE, "only heloscope swaks can print the message without sending it"
    ),
    SwaksOption(("dump",), MAY, "only heloscope swaks, which omits passwords"),
    SwaksOption(("help",), NONE, "", "heloscope swaks --help"),
    SwaksOption(("version",), NONE, "", "heloscope --version"),
    SwaksOption(("config",), MAY, "a file of options"),
    SwaksOption(("no-OPTION",), NONE, "omit the option"),
    SwaksOption(("trigger-deprecation",), MAY, "", "it only tests swaks"),
    SwaksOption(("input-file", "l"), MUST, "", "swaks itself no longer supports it"),
    SwaksOption(("m",), NONE, "", "swaks itself no longer supports it"),
    SwaksOption(("use-old-data-tokens",), NONE, "", "swaks itself no longer supports it"),
)

OPTION_OF: dict[str, SwaksOption] = {
    name: option
    for option in OPTIONS
    for name in option.names
    if not name.endswith(("NAME", "OPTION"))
}
"""The options, keyed by name. Names with a variable part (NAME or OPTION) are omitted."""


def dashed(name: str) -> str:
    """Return an option's name with the dashes that users type, as in --server or -s."""
    return f"-{name}" if len(name) <= 3 and name not in ("to", "cc", "bcc") else f"--{name}"
