"""The conversation of a command with a server: connection, TLS, login, recording and QUIT.

status = Client(target, options).carry_out(task)    # task(session) -> status
"""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from ...session import raised
from ...session.events import Cause, Event, Line
from ...session.protocol.states import SHUTTING_DOWN
from ...session.target import Target
from ..exit_status import DONE, REFUSED
from .interruption import interrupted_by, interruptible
from .options import NONE, REQUIRED, ClientOptions
from .outlets import Outlets, say
from .status import Stage, status_of
from .steps import Steps

if TYPE_CHECKING:
    import socket

    from ...session.aio.session import Session
    from ...session.secret import Secret
    from ...session.sync.session import BlockingSession

    AnySession = Session | BlockingSession

Task = Callable[[Any], Awaitable[int]]
"""A coroutine function that does the work in a session and returns the exit status."""
T = TypeVar("T")
_ALL = Steps()


class Client:
    """Runs one task in a conversation with `target`, printing and recording the conversation.

    `steps` says where the conversation ends and how it differs from the usual one. `sock` is a
    socket already connected to the target. `alone` is true if nothing else runs at the same time,
    in which case no event loop is needed (except to look up mail exchangers, to use a proxy, or to
    stop before a reply). Raises OptionError, TlsSettingsError, or OSError if the recording cannot
    be created.
    """

    def __init__(
        self, target: Target, options: ClientOptions, steps: Steps = _ALL,
        sock: socket.socket | None = None, *, alone: bool = False,
    ) -> None:  # fmt: skip
        if not gc.isenabled():  # while modules are imported
            gc.freeze()  # imported modules stay: the collector need not scan them again
            gc.enable()
        self._options = options
        self._steps = steps
        self._secret: Secret | None = options.read_secret(say) if options.logs_in else None
        self._alone = alone and not (target.mx or options.proxy or steps.unanswered)
        self.session = self._session(target, options, sock)
        # The engine's log, such as a slow reader of the output, does not belong on a terminal.
        self.session.transcript.log_nothing()
        self.stage = Stage.CONNECT
        self._cut = False  # for a step that does not wait for its reply
        self._outlets = Outlets(options)
        self._outlets.attach(self.session.transcript, options.practice or target.text)

    def _session(
        self, target: Target, options: ClientOptions, sock: socket.socket | None
    ) -> AnySession:
        if (options.tls != NONE or target.implicit) and options.chooses_tls:
            from ...session.tls.settings import check

            check(options.tls_settings())  # mistakes are reported before connecting
        how: dict[str, Any] = {
            "timeout": options.timeout,
            "local_hostname": options.ehlo or None,
            "source_address": options.source_address,
            "proxy_header": options.header_for_proxy(),
            "sock": sock,
            "tls": options.tls_settings,
        }
        if self._alone:
            from ...session.sync.session import BlockingSession

            return BlockingSession(target, **how)
        import logging

        from ...session.aio.session import Session

        logging.getLogger().addHandler(logging.NullHandler())  # of asyncio
        return Session(target, proxy=options.outgoing_proxy(), **how)

    def carry_out(self, task: Task) -> int:
        """Run `task` as `run` does, without an event loop if possible. Return the exit status."""
        return self.result(self.run(task))

    def result(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine that awaits only this conversation, and return its result."""
        with interruptible():
            if self._alone:
                from ...session.sync.session import at_once

                return at_once(coroutine)
            import asyncio

            return asyncio.run(coroutine)

    async def run(self, task: Task) -> int:
        """Connect, start TLS, log in, carry out `task` and send QUIT. Return the exit status.

        A failure is reported as one sentence on standard error. Raises OSError if output could not
        be written.
        """
        session = self.session
        try:
            prepared = self._until_sent if self._steps.unanswered else self._prepared
            status = await prepared(task)
            if status == REFUSED:
                self._outlets.say_meanings(session.transcript)
            if session.tls:
                self._outlets.say_injected(session.transcript)
            try:
                if self._cut:
                    await session.close()  # flush the data already sent
                elif session.connected and self._steps.drops and not self._failed(status):
                    session.connection.drop(f"closed after {self._steps.until}, as requested")
                elif session.connected:
                    await session.run("quit")
            except (raised.ConnectionLost, raised.ReplyTimedOut):
                pass  # the requested steps are done
        except Exception as error:
            status = status_of(error, self.stage)
            self._outlets.say_why(error, status, session.transcript)
            self._ask_for_profile(error)
            if isinstance(error, raised.CredentialsRefused):
                from ..advice import not_tried

                say(not_tried(error, self._steps.naming))
            if session.connected:
                await session.leave()
        except BaseException:  # a signal, or the cancellation it causes
            if session.connected:
                session.connection.drop(interrupted_by() or "cancelled", Cause.CANCELLED)
            raise
        finally:
            try:
                await session.close()
            finally:
                self._outlets.close()
        if self._outlets.broken is not None:
            raise self._outlets.broken
        return self._outlets.status(status)

    def _failed(self, status: int) -> bool:
        """Return whether the conversation failed before its last step and should end with QUIT."""
        return status != DONE and (self._steps.unanswered or self._steps.all_must_succeed)

    def _ask_for_profile(self, error: Exception) -> None:
        """Suggest the profile with the same name if the host was not found."""
        target = self.session.target
        if self._options.takes_profiles and target is not None:
            from .configured import profile_meant

            if words := profile_meant(error, target.host):
                say(words)

    async def _prepared(self, task: Task) -> int:
        """Connect, start TLS, send XCLIENT, log in and run the task, up to the last step."""
        session, steps = self.session, self._steps
        await session.connect()
        if steps.ends("connect"):
            return DONE
        if not await self._greeted() or steps.ends("secured"):
            return DONE
        if not steps.xclient_first:
            await self._say_who()
        if steps.ends("xclient"):
            return DONE
        if self._secret is not None:
            await self._log_in(self._secret)
        if steps.ends("login"):
            return DONE
        self.stage = Stage.REST
        return await task(session)

    async def _until_sent(self, task: Task) -> int:
        """Do what `_prepared` does, but end as soon as the last step's command has been sent."""
        import asyncio

        session, steps = self.session, self._steps
        if steps.ends("connect"):
            await session.open()
            self._cut = True
            return DONE
        whole = asyncio.ensure_future(self._prepared(task))

        def look(event: Event) -> None:
            if isinstance(event, Line) and event.sent and steps.is_last(event):
                self._cut = True
                whole.cancel()  # before the reply can come

        session.subscribe(look)
        await asyncio.wait((whole,))
        return DONE if self._cut else whole.result()

    async def _say_who(self) -> None:
        """Send the requested XCLIENT commands, and EHLO after the last of them.

        If the server does not offer XCLIENT with the needed attributes, nothing is sent; if the
        policy is "required", this raises SMTPNotSupportedError. A refusal raises
        SMTPResponseException unless the policy is "try".
        """
        session, steps = self.session, self._steps
        if not steps.xclient:
            return
        listed = session.esmtp_features.get("xclient", "").upper().split()
        offered = session.has_extn("xclient") and set(steps.xclient_needs) <= set(listed)
        if not offered and steps.xclient_policy != "required":
            return
        if session.has_extn("xclient") and not offered:
            missing = ", ".join(name for name in steps.xclient_needs if name not in listed)
            raise raised.SMTPNotSupportedError(f"XCLIENT is not offered with {missing}")
        try:
            for number, attributes in enumerate(steps.xclient, 1):
                last = number == len(steps.xclient)
                await session.run("xclient", attributes, greets=last and not steps.ends("xclient"))
        except raised.SMTPResponseException:
            if steps.xclient_policy != "try":
                raise

    async def _greeted(self) -> bool:
        """Send EHLO or HELO, and start TLS if requested. Return whether to go on after that."""
        session, options, steps = self.session, self._options, self._steps
        if steps.hello == "HELO":
            reply = await session.run("helo")
            if not 200 <= reply.code <= 299:
                raise raised.SMTPHeloError(reply.code, reply.text)
            return not (steps.ends("ehlo") or steps.ends("starttls"))
        if options.tls == NONE or session.tls or steps.ends("ehlo"):
            await session.run("ehlo_or_helo_if_needed")
            return not (steps.ends("ehlo") or steps.ends("starttls"))
        self.stage = Stage.TLS
        if steps.ends("starttls") or steps.strict_tls or steps.xclient_first:
            await session.run("ehlo_or_helo_if_needed")
            if steps.xclient_first:
                await self._say_who()
            if steps.ends("xclient"):
                return False
            if session.has_extn("starttls") or options.tls == REQUIRED:
                await self._start_tls()
            self.stage = Stage.REST
            return not steps.ends("starttls")
        await session.run("secure", required=options.tls == REQUIRED)
        self.stage = Stage.REST
        return True

    async def _start_tls(self) -> None:
        session, steps = self.session, self._steps
        try:
            await session.run("starttls", None)
        except raised.SMTPResponseException as refusal:
            strict = steps.strict_tls or self._options.tls == REQUIRED or steps.ends("starttls")
            if strict or refusal.smtp_code == SHUTTING_DOWN:
                raise
            return
        if not steps.ends("starttls"):
            await session.run("ehlo")

    async def _log_in(self, secret: Secret) -> None:
        session, options, policy = self.session, self._options, self._steps.login
        if policy != "required" and not session.has_extn("auth"):
            return
        from ...session.driver.login import login_procedure

        self.stage = Stage.LOGIN
        try:
            name, arguments = login_procedure(
                session, options.login, secret, mechanism=options.mechanisms,
                authzid=options.authzid, in_clear=options.in_clear,
                aliases=dict(self._steps.aliases), in_turn=self._steps.in_turn,
            )  # fmt: skip
            await session.run(name, *arguments)
        except (raised.SMTPServerDisconnected, raised.ReplyTimedOut):
            raise
        except raised.SMTPException as error:
            refused = isinstance(error, raised.SMTPResponseException)
            if policy == "required" or (policy == "offered" and refused):
                raise
        self.stage = Stage.REST
