"""The orders that begin a procedure: they ask what has to be asked, and make a plan.

Nothing is sent from here. The plan is led by Stepping, a step at a time.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from ...session.plural import plural
from ...session.visible import visible_text
from ...widgets.panels.tabbed import TabbedPanel
from ..plan.status import Plan

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ..compose.form import MessageForm, SendRequest
    from ..connect.known_server import Make
    from ..main.screen import MainScreen

NOT_CONNECTED = "Not connected. Ctrl+O connects; F9 reconnects."


def words_of(argument: str) -> list[str]:
    """The words of an argument; quotes stand around what has blanks, as in a shell."""
    try:
        return shlex.split(argument)
    except ValueError:  # a quote without its other half is a character like any other
        return argument.split()


class Beginning:
    """The part of Doing that begins procedures."""

    _screen: MainScreen
    _message_form: MessageForm | None = None  # as the form was left
    user = ""
    """Who is to log in by the plan that was begun last for that."""

    def _tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        raise NotImplementedError

    def run(self, name: str, argument: str) -> None:
        raise NotImplementedError

    def _begin(self, title: str, name: str, *arguments: Any, **how: Any) -> None:
        self._lead(Plan(title, name, arguments, how))

    def _lead(self, plan: Plan, make: Make | None = None) -> None:
        screen = self._screen
        screen.stepping.lead(plan, make)
        panel = screen.query_one("#facts", TabbedPanel)
        panel.page = panel.number("plan")

    def order_begin(self, _: str) -> None:
        from ..actions import ACTIONS
        from ..dialogs.procedures import ProceduresScreen

        def answered(name: str | None) -> None:
            if name is None:
                return
            order = ACTIONS[name]
            if order.argument and "[" not in order.argument:
                self._screen.type_order(name)
            else:
                self.run(name, "")

        self._screen.app.push_screen(ProceduresScreen(), answered)

    # Greeting and asking

    def order_hello(self, name: str) -> None:
        self._begin("Greeting", "hello", name)

    def order_starttls(self, _: str) -> None:
        self._begin("STARTTLS", "starttls")

    def order_verify(self, address: str) -> None:
        self._begin(f"VRFY {address}", "verify", address)

    def order_expn(self, address: str) -> None:
        self._begin(f"EXPN {address}", "expn", address)

    def order_probe(self, _: str) -> None:
        self._begin("What the server offers", "probe")

    # Logging in

    def order_login(self, user: str) -> None:
        self._log_in(user)

    def order_auth(self, mechanism: str) -> None:
        self._log_in("", mechanism.upper())

    def _log_in(self, user: str, mechanism: str = "") -> None:
        session = self._screen.connecting.session
        if session is None or not session.connected:
            self._tell(NOT_CONNECTED, trouble=True)
            return
        trouble = _no_auth(session, mechanism)
        if trouble:
            self._tell(trouble, trouble=True)
            return
        from ..dialogs.login import Login, LoginScreen

        accepted = self._screen.connecting.accepted

        def answered(login: Login | None) -> None:
            if login is None:
                return
            self.user = login.user

            def made(other: Session) -> tuple[str, tuple[Any, ...]]:
                return other.login_procedure(
                    login.user,
                    login.secret,
                    mechanism=login.mechanism,
                    in_clear=login.in_clear,
                    accepted=self._screen.connecting.accepted,
                )

            name, arguments = made(session)
            self._lead(Plan(f"Log in as {login.user}", name, arguments), made)

        self._screen.app.push_screen(
            LoginScreen(
                lambda in_clear, named: session.mechanisms(
                    in_clear=in_clear, named=(named,) if named else (), accepted=accepted
                ),
                session.tls,
                accepted,
                user=user,
                mechanism=mechanism,
            ),
            answered,
        )

    # Sending

    def order_check(self, argument: str) -> None:
        words = words_of(argument)
        if not words:
            self._form(check=True)
        elif len(words) == 1:
            self._tell("From whom, and for whom? :check FROM TO ... asks.", trouble=True)
        else:
            sender, *recipients = map(_bare, words)
            to = recipients[0] if len(recipients) == 1 else plural(len(recipients), "{} recipient")
            self._begin(f"Check {visible_text(to)}", "check", sender, recipients)

    def order_send(self, argument: str) -> None:
        from ...session.procedures.content import FileContent
        from ..compose.form import FILE, FormError, MessageForm, file_of
        from ..compose.header import envelope_of

        words = words_of(argument)
        if not words:
            self._form()
            return
        try:
            file = file_of(MessageForm(source=FILE, file=words[0]))
            envelope = envelope_of(file)
        except FormError as error:
            self._tell(str(error), trouble=True)
            return
        except OSError as error:
            self._tell(f"{visible_text(words[0])}: {error.strerror}.", trouble=True)
            return
        sender = _bare(words[1]) if len(words) > 1 else envelope.sender
        recipients = [_bare(word) for word in words[2:]] or envelope.recipients
        if sender is None or not recipients:
            self._tell(
                "From whom, and to whom? The header does not say: :send FILE FROM TO ...",
                trouble=True,
            )
            return
        title = f"Send {visible_text(file.name)}"
        self._begin(title, "sendmail", sender, recipients, FileContent(file), pipelining=False)

    def _form(self, *, check: bool = False) -> None:
        """Ask for a message, or for recipients only; what was typed before is still there."""
        session = self._screen.connecting.session
        if session is None:
            self._tell(NOT_CONNECTED, trouble=True)
            return
        from ..compose.form import MessageForm
        from ..dialogs.send import SendScreen

        self._message_form = form = self._message_form or MessageForm()
        talk = session.conversation

        def answered(made: SendRequest | None) -> None:
            if made is None:
                return
            self._screen.showing.remember([made.sender, *made.recipients])
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
                plan = plan._replace(name="check", arguments=arguments, keywords={})
            self._lead(plan)

        self._screen.app.push_screen(
            SendScreen(
                form,
                talk.keywords,
                check=check,
                greeted_with=talk.greeted_with,
                lmtp=session.lmtp,
                addresses=self._screen.showing.addresses(),
                when=lambda: session.transcript.wall(session.clock()),
            ),
            answered,
        )


def _no_auth(session: Session, mechanism: str) -> str:
    """Why nobody can log in (by that mechanism), as a sentence; empty when one can."""
    if session.conversation.keywords is None:
        return "EHLO comes first: it tells which mechanisms there are (:hello)."
    if not session.has_extn("AUTH"):
        said = "The server does not list AUTH."
        if not session.tls and session.has_extn("STARTTLS"):
            said += " Many list it only inside TLS: :starttls, then EHLO."
        return said
    from ...session.sasl.selection import SPOKEN

    offered = [choice.mechanism for choice in session.mechanisms()]
    if mechanism and mechanism not in offered:
        names = ", ".join(visible_text(name[:24]) for name in offered[:20]) or "none"
        return f"The server does not list {visible_text(mechanism[:24])}. It lists {names}."
    if mechanism and mechanism not in SPOKEN:
        return f"heloscope does not speak {mechanism}. It speaks {', '.join(SPOKEN)}."
    return ""


def _bare(word: str) -> str:
    """An address without its angle brackets."""
    return word[1:-1] if word.startswith("<") and word.endswith(">") else word
