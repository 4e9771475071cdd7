"""The commands that begin a procedure: they ask for missing details and create a plan.

Nothing is sent from here, because the plan controller takes the steps (plan/controller.py).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ...session.plural import plural
from ...session.protocol.states import State
from ...session.script.concealment import after_first
from ...session.visible import visible_text
from ..actions import ACTIONS
from ..advice import ADVICE, NOT_CONNECTED, do
from ..connect.manager import ConnectionManager
from ..input.address_book import AddressBook
from ..plan.controller import PlanController
from ..plan.not_yet import not_yet
from ..plan.status import Plan
from ..ui import CommandLine, Ui
from .confirmation import ConfirmClose
from .registry import CommandTable
from .stored_secret import StoredSecrets

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ..compose.form import MessageForm, SendRequest
    from ..dialogs.requests import Login


class ProcedureCommands:
    """The commands that plan a greeting, TLS, a login, queries to the server, or a message.

    `confirm_close` calls its argument, either at once or when the user has agreed to end the
    current connection; `run` runs a command by its name.
    """

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        connections: ConnectionManager,
        plan: PlanController,
        addresses: AddressBook,
        confirm_close: ConfirmClose,
        run: Callable[..., object],
    ) -> None:
        self._ui = ui
        self._line = line
        self._connections = connections
        self._plan = plan
        self._addresses = addresses
        self._confirm_close = confirm_close
        self._run = run
        self._stored = StoredSecrets(ui, connections)
        self._message_form: MessageForm | None = None  # as last filled in
        self.user = ""
        """The user name of the login started last."""

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "begin": self.choose,
            "hello": self.hello,
            "starttls": self.starttls,
            "verify": self.verify,
            "expn": self.expn,
            "probe": self.probe,
            "login": self.login,
            "auth": self.auth,
            "check": self.check,
            "send": self.send,
        }

    def _begin(self, title: str, name: str, *arguments: Any, **keywords: Any) -> None:
        title = self._connections.secrets.mask_text(title)
        self._plan.begin(Plan(title, name, arguments, keywords))

    def choose(self, _: str = "") -> None:
        """Offer a list of procedures, and begin the chosen one."""
        from ..dialogs.requests import ProcedureList

        def answered(name: str | None) -> None:
            if name is not None:
                order, _, argument = name.partition(" ")
                if argument:
                    self._run(order, argument)
                else:
                    self.type_or_run(order)

        self._ui.ask(ProcedureList(self._connections.confinement.files), answered)

    def type_or_run(self, name: str) -> None:
        """Run a command, or put it into the command line if it needs an argument."""
        argument = ACTIONS[name].argument
        if argument and "[" not in argument:
            self._line.text = f":{name} "
            self._line.focus_line()
        else:
            self._run(name)

    # Greeting and asking

    def hello(self, name: str = "") -> None:
        """Greet the server with EHLO, or with HELO if EHLO is refused."""
        self._begin("Greeting", "hello", name)

    def starttls(self, _: str = "") -> None:
        """Start TLS."""
        self._begin("STARTTLS", "starttls")

    def verify(self, address: str) -> None:
        """Ask whether a mailbox exists (VRFY)."""
        self._begin(f"VRFY {address}", "verify", address)

    def expn(self, address: str) -> None:
        """Ask who is on a mailing list (EXPN)."""
        self._begin(f"EXPN {address}", "expn", address)

    def probe(self, _: str = "") -> None:
        """Ask what the server offers before and after STARTTLS."""
        self._begin("What the server offers", "probe", queries=True)

    # Logging in

    def login(self, user: str = "") -> None:
        """Log in with the strongest mechanism offered."""
        if not self._has_more_words("login", user):
            self._log_in(user)

    def auth(self, mechanism: str) -> None:
        """Log in with the given mechanism."""
        if not self._has_more_words("auth", mechanism):
            self._log_in("", mechanism.upper())

    def _has_more_words(self, name: str, argument: str) -> bool:
        """Return whether an argument has more than one word. If so, tell the user the right syntax.

        The further words are masked from then on, because they may be a password.
        """
        more = after_first(argument)
        if more is None:
            return False
        secret = argument[more.end() :].rstrip()
        self._connections.secrets.add(secret.encode("utf-8", "surrogateescape"))
        self._ui.tell(
            f"The syntax is {do(name)} {ACTIONS[name].argument}: a password typed here would be "
            "visible, so a dialog asks for it. The rest was neither used nor kept.",
            trouble=True,
        )
        self._line.be_wary()
        return True

    def _log_in(self, user: str, mechanism: str = "") -> None:
        session = self._connections.session
        trouble, holds = NOT_CONNECTED, self._connections.cut_off
        if session is not None and session.connected:
            trouble = _no_auth(session, mechanism)
            holds = partial(self._still, session, lambda: _no_auth(session, mechanism), trouble)
        if session is None or trouble:
            self._ui.tell(trouble, trouble=True, holds=holds)
            self._line.be_wary()  # user and password may have been typed ahead for the dialog
            return
        from ..dialogs.requests import LoginForm

        accepted = self._connections.accepted
        secrets = self._connections.secrets

        profile = self._connections.profile
        if not user and not self._connections.practising:
            user = profile.user

        def answered(login: Login | None) -> None:
            if login is None:
                self._line.be_wary()  # a password may still be typed
            else:
                self._stored.complete(login, profile, begin)

        def begin(login: Login) -> None:
            if self._connections.session is not session or not session.connected:
                ended = f"No login: the connection has ended. {NOT_CONNECTED}"
                self._ui.tell(ended, trouble=True)
                return
            self.user = login.user

            def made(other: Session) -> tuple[str, tuple[Any, ...]]:
                return other.login_procedure(
                    login.user,
                    login.secret,
                    mechanism=login.mechanism,
                    in_clear=login.in_clear,
                    accepted=self._connections.accepted,
                )

            name, arguments = made(session)
            self._plan.begin(Plan(f"Log in as {login.user}", name, arguments), made)

        self._ui.ask(
            LoginForm(
                lambda in_clear, named: session.mechanisms(
                    in_clear=in_clear, named=(named,) if named else (), accepted=accepted
                ),
                session.tls,
                accepted,
                user=user,
                mechanism=mechanism or profile.mechanism,
                learn=lambda secret: secrets.add(secret.reveal()),
                stored=lambda user: self._stored.shown(profile, user),
            ),
            answered,
        )

    # Sending

    def check(self, argument: str = "") -> None:
        """Test each recipient with MAIL and RCPT, without sending a message."""
        from ..compose.form import addresses

        words = addresses(argument)
        if not words:
            self._form(check=True)
        elif len(words) == 1:
            self._ui.tell(
                f"A sender and recipients are needed. The syntax is {do('check')} FROM TO ...",
                trouble=True,
            )
        elif (checked := self._checked(words)) is not None:
            sender, *recipients = checked
            to = recipients[0] if len(recipients) == 1 else plural(len(recipients), "{} recipient")
            self._begin(f"Check {visible_text(to)}", "check", sender, recipients)

    def _checked(self, words: list[str]) -> list[str] | None:
        """Return the addresses in `words` without angle brackets.

        If one is not an address, tell the user and return None.
        """
        from ..compose.form import checked_address

        found: list[str] = []
        for word in words:
            address, trouble = checked_address(word, None)
            if trouble:
                self._ui.tell(trouble, trouble=True)
                return None
            found.append(address)
        return found

    def send(self, argument: str = "") -> None:
        """Send the message in a file to some addresses; without an argument, ask for a message."""
        from ..compose.form import (
            AS_IN_FILE,
            FILE,
            FormError,
            MessageForm,
            addresses,
            send_request,
        )

        as_is, _, given = argument.strip().partition(" ")
        if as_is == "--as-is":
            argument = given
        name, rest = _file_and_rest(argument)
        if not name:
            self._form()
            return
        sender, *recipients = addresses(rest) or [""]
        form = MessageForm(sender, " ".join(recipients), source=FILE, file=name)
        if as_is == "--as-is":
            form.line_ends = AS_IN_FILE
        session = self._connections.session
        offered = None
        if session is not None and session.connected:
            offered = session.conversation.keywords
        try:
            made = send_request(form, offered)
        except FormError as error:
            problems = sorted(error.problems, key=lambda problem: problem.where != "message")
            where, words = problems[0]  # without the file, the envelope is unknown, too
            usage = f" The syntax is {do('send')} FILE FROM TO ..." if where != "message" else ""
            self._ui.tell(words + usage, trouble=True)
            return
        self._begin(
            f"Send {visible_text(Path(name).name)}",
            "sendmail",
            made.sender,
            made.recipients,
            made.content,
            made.mail_options,
            made.rcpt_options,
            **made.how,
        )

    def _still(self, session: Session, asked: Callable[[], str], why: str) -> bool:
        """Return whether the obstacle `why` still prevents a procedure from starting on `session`.

        `asked` returns the current obstacle.
        """
        return self._connections.present(session) and asked() == why

    def _form(self, *, check: bool = False) -> None:
        """Ask for a message or, if `check` is true, only for its envelope.

        The previous input is filled in.
        """
        session = self._connections.session
        if session is None:
            self._ui.tell(NOT_CONNECTED, trouble=True, holds=self._connections.cut_off)
            return
        if session.conversation.state is State.DATA and session.connected:
            why = not_yet(session)
            holds = partial(self._still, session, lambda: not_yet(session), why)
            self._ui.tell(why, trouble=True, holds=holds)
            return
        from ..compose.form import MessageForm
        from ..dialogs.requests import SendForm

        self._message_form = form = self._message_form or MessageForm()
        conversation = session.conversation

        def answered(made: SendRequest | None) -> None:
            if made is None:
                return
            self._addresses.remember([made.sender, *made.recipients])
            options = (made.mail_options, made.rcpt_options)
            plan = Plan(
                made.title,
                "sendmail",
                (made.sender, made.recipients, made.content, *options),
                made.how,
                connects=made.whole,
                leaves=made.whole,
            )
            if check:
                arguments = (made.sender, made.recipients, *options)
                plan = msgspec.structs.replace(plan, name="check", arguments=arguments, keywords={})
            if made.whole:
                self._confirm_close(lambda: self._plan.begin(plan))
            else:
                self._plan.begin(plan)

        self._ui.ask(
            SendForm(
                form,
                conversation.keywords,
                check=check,
                greeted_with=conversation.greeted_with,
                lmtp=session.lmtp,
                addresses=self._addresses.addresses(),
                when=lambda: session.transcript.wall(session.clock()),
                files=self._connections.confinement.files,
            ),
            answered,
        )


def _no_auth(session: Session, mechanism: str) -> str:
    """Return why a login (with `mechanism`, if given) is impossible, or "" if it is possible."""
    if session.conversation.state is State.DATA:  # while AUTH waits, a plan may give it up
        return not_yet(session)
    if session.conversation.keywords is None:
        return f"Send EHLO first: its reply lists the mechanisms. {ADVICE['no extensions yet']}"
    if not session.has_extn("AUTH"):
        said = "The server does not offer AUTH."
        if not session.tls and session.has_extn("STARTTLS"):
            said += f" Many servers offer it only over TLS: use {do('starttls')}, then EHLO."
        return said
    from ...session.sasl.selection import SPOKEN

    offered = [choice.mechanism for choice in session.mechanisms()]
    if mechanism and mechanism not in offered:
        names = ", ".join(visible_text(name[:24]) for name in offered[:20]) or "none"
        return f"The server does not list {visible_text(mechanism[:24])}. It lists {names}."
    if mechanism and mechanism not in SPOKEN:
        return f"heloscope does not support {mechanism}. It supports {', '.join(SPOKEN)}."
    return ""


def _file_and_rest(argument: str) -> tuple[str, str]:
    """Return the first word of an argument, which may be quoted as in a shell, and the rest."""
    typed = StringIO(argument)
    words = shlex.shlex(typed, posix=True)
    words.whitespace_split = True
    words.commenters = ""
    try:
        return words.get_token() or "", typed.read()
    except ValueError:  # an unbalanced quote is an ordinary character
        first, _, rest = argument.strip().partition(" ")
        return first, rest
