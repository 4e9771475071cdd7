"""A conversation of a command: connecting as the options say, TLS, login, recording, QUIT.

status = asyncio.run(Client(target, options).run(task))    # task(session) -> status
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Awaitable, Callable
from smtplib import (
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import TYPE_CHECKING

from ...session.errors import ConnectionLost, ReplyTimedOut
from ...session.target import Target
from ..exit_status import DONE
from .options import NONE, REQUIRED, ClientOptions
from .outlets import Outlets, say, sentence_of
from .status import Stage, status_of
from .steps import Steps

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.secret import Secret

Task = Callable[["Session"], Awaitable[int]]
_ALL = Steps()


class Client:
    """Runs one task in a conversation with `target`, and prints and records it.

    `steps` says where it ends, and what is special about it. Raises OptionError, TlsSettingsError,
    and OSError where the file of `record` cannot be made.
    """

    def __init__(self, target: Target, options: ClientOptions, steps: Steps = _ALL) -> None:
        from ...session.aio.session import Session
        from ...session.tls.settings import check

        if not gc.isenabled():  # as long as modules are imported
            gc.freeze()  # what is imported stays: it need not be looked through again
            gc.enable()
        # What the engine logs, such as a slow reader of the output, is nothing for a terminal.
        logging.getLogger().addHandler(logging.NullHandler())
        self._options = options
        self._steps = steps
        self._secret: Secret | None = options.read_secret(say) if options.logs_in else None
        settings = options.tls_settings()
        if options.tls != NONE or target.implicit:
            check(settings)  # what is wrong is said before connecting
        self.session = Session(
            target,
            timeout=options.timeout,
            local_hostname=options.ehlo or None,
            source_address=options.source_address,
            proxy=options.outgoing_proxy(),
            proxy_header=options.header_for_proxy(),
            tls=settings,
        )
        self.stage = Stage.CONNECT
        self._outlets = Outlets(options)
        self._outlets.attach(self.session.transcript, target.text)

    async def run(self, task: Task) -> int:
        """Connect, begin TLS, log in, carry out `task`, and QUIT. Returns the exit status.

        What fails is one sentence on standard error. Raises OSError where the output was lost.
        """
        session = self.session
        try:
            status = await self._prepared(task)
            try:
                if session.connected and self._steps.drops:
                    session.connection.drop(f"closed after {self._steps.until}, as asked for")
                elif session.connected:
                    await session.quit()
            except (ConnectionLost, ReplyTimedOut):
                pass  # what was asked for is done
        except Exception as error:
            status = status_of(error, self.stage)
            say(sentence_of(error, status, session.transcript))
            if session.connected:
                await session.leave()
        finally:
            await session.close()
            self._outlets.close()
        if self._outlets.broken is not None:
            raise self._outlets.broken
        return status

    async def _prepared(self, task: Task) -> int:
        """Connect, TLS, XCLIENT, login, and the task, as far as the steps go."""
        session, steps = self.session, self._steps
        await session.connect()
        if steps.ends("connect"):
            return DONE
        if not await self._greeted() or steps.ends("secured"):
            return DONE
        for number, attributes in enumerate(steps.xclient, 1):
            last = number == len(steps.xclient)
            await session.run("xclient", attributes, greets=last and not steps.ends("xclient"))
        if steps.ends("xclient"):
            return DONE
        if self._secret is not None:
            await self._log_in(self._secret)
        if steps.ends("login"):
            return DONE
        self.stage = Stage.REST
        return await task(session)

    async def _greeted(self) -> bool:
        """Say EHLO, and begin TLS; returns whether the conversation goes on."""
        session, options, steps = self.session, self._options, self._steps
        if steps.hello == "HELO":
            reply = await session.helo()
            if not 200 <= reply.code <= 299:
                raise SMTPHeloError(reply.code, reply.text)
            return not (steps.ends("ehlo") or steps.ends("starttls"))
        if options.tls == NONE or session.tls or steps.ends("ehlo"):
            await session.ehlo_or_helo_if_needed()
            return not (steps.ends("ehlo") or steps.ends("starttls"))
        self.stage = Stage.TLS
        if steps.ends("starttls") or steps.strict_tls:
            await session.ehlo_or_helo_if_needed()
            if session.has_extn("starttls") or options.tls == REQUIRED:
                await session.starttls()
                if not steps.ends("starttls"):
                    await session.ehlo()
            self.stage = Stage.REST
            return not steps.ends("starttls")
        await session.run("secure", required=options.tls == REQUIRED)
        self.stage = Stage.REST
        return True

    async def _log_in(self, secret: Secret) -> None:
        session, options, policy = self.session, self._options, self._steps.login
        if policy != "required" and not session.has_extn("auth"):
            return
        self.stage = Stage.LOGIN
        try:
            await session.login(
                options.login, secret, mechanism=options.mechanisms,
                authzid=options.authzid, in_clear=options.in_clear,
            )  # fmt: skip
        except (SMTPServerDisconnected, ReplyTimedOut):
            raise
        except SMTPException as error:
            refused = isinstance(error, SMTPResponseException)
            if policy == "required" or (policy == "offered" and refused):
                raise
        self.stage = Stage.REST
