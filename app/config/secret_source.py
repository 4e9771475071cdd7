"""Fetches a secret from the place that the file names: a variable, a command or the keyring.

Fetching blocks for at most LONGEST seconds. The secret is neither shown nor kept here.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ...session.plural import in_seconds
from ...session.secret import NOT_SHOWN, Secret
from ...session.visible import visible_text
from .model import SecretReference

LONGEST = 60.0  # seconds that a command or the keyring may take: a person may be asked
PATIENCE = 1.0  # seconds before the user is told what heloscope is waiting for
LARGEST = 64 * 1024  # octets that a command may print on each of its outputs
_SHOWN = 300  # characters of what a command says on standard error


class SecretError(ValueError):
    """Raised when a secret cannot be obtained, with the reason as a sentence."""


def fetch(
    reference: SecretReference,
    user: str,
    seconds: float = LONGEST,
    tell: Callable[[str], object] | None = None,
) -> Secret:
    """Return the secret of `user`, from a variable, the output of a command, or the keyring.

    A command prints the secret on its first line. `seconds` is the time limit for a command or the
    keyring. If fetching takes a long time, `tell` is called in another thread with a sentence that
    says what heloscope is waiting for. Raises SecretError.
    """
    if reference.env:
        return from_variable(reference.env)
    command = reference.command
    asked = f"the command {visible_text(command[0])}" if command else "the system keyring"
    timer = threading.Timer(PATIENCE, tell or _nobody, (
        f"Waiting up to {in_seconds(seconds)} for the secret from {asked}. Ctrl+C cancels.",
    ))  # fmt: skip
    timer.daemon = True
    timer.start()
    try:
        if command:
            return _from_command(command, seconds)
        return _from_keyring(reference.keyring, user, seconds)
    finally:
        timer.cancel()


def _nobody(_: str) -> None:
    """Discard a message."""


async def fetch_apart(reference: SecretReference, user: str) -> Secret:
    """Call `fetch` in a thread that does not delay the end of the program. Raises SecretError."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Secret] = loop.create_future()

    def tell(secret: Secret | None, error: SecretError | None) -> None:
        if found.done():
            return
        if secret is not None:
            found.set_result(secret)
        elif error is not None:
            found.set_exception(error)

    def work() -> None:
        secret, problem = None, None
        try:
            secret = fetch(reference, user)
        except SecretError as error:
            problem = error
        try:
            loop.call_soon_threadsafe(tell, secret, problem)
        except RuntimeError:
            pass  # the program has ended

    threading.Thread(target=work, daemon=True).start()
    return await found


def from_variable(name: str) -> Secret:
    """Return the secret in an environment variable. Raises SecretError if it is unset or empty."""
    value = os.environ.get(name)
    if not value:
        named = visible_text(name) if name.isupper() else f"of that name {NOT_SHOWN}"
        raise SecretError(f"no secret in the environment variable {named}.")
    return Secret(os.fsencode(value))


# Commands


def _from_command(words: tuple[str, ...], seconds: float) -> Secret:
    program = words[0]
    shown = visible_text(program)
    if program.startswith("~/"):
        program = str(Path(program).expanduser())
    try:
        process = subprocess.Popen(
            [program, *words[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that everything it starts can be ended with it
        )
    except OSError as error:
        why = visible_text(error.strerror or str(error))
        raise SecretError(f"the command {shown} for the secret cannot be run: {why}.") from None
    out, err, trouble = _output(process, seconds)
    if trouble:
        raise SecretError(f"the command {shown} for the secret {trouble}")
    if process.returncode:
        said = visible_text(err.decode("utf-8", "replace").strip().replace("\n", " / "))
        raise SecretError(
            f"the command {shown} for the secret exited with status {process.returncode}"
            f"{f' and printed: {said[:_SHOWN]}' if said else ''}."
        )
    first = out.split(b"\n", 1)[0].removesuffix(b"\r")
    if not first:
        raise SecretError(f"the command {shown} printed no secret on its first line.")
    return Secret(first)


def _output(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bytes, str]:
    """Wait for a command. Return its output, its standard error, and what went wrong, or "".

    The command is considered to have ended once it has closed both outputs.
    """
    assert process.stdout is not None and process.stderr is not None
    until = time.monotonic() + seconds
    read = {process.stdout: bytearray(), process.stderr: bytearray()}
    trouble = ""
    try:
        with selectors.DefaultSelector() as ready:
            for stream in read:
                ready.register(stream, selectors.EVENT_READ)
            while ready.get_map() and not trouble:
                left = until - time.monotonic()
                if left <= 0:
                    trouble = f"has not ended within {in_seconds(seconds)}."
                for key, _ in ready.select(max(0, left)):
                    data = os.read(key.fd, LARGEST)
                    if not data:
                        ready.unregister(key.fileobj)
                    stream = process.stdout if key.fileobj is process.stdout else process.stderr
                    read[stream] += data
                    if len(read[stream]) > LARGEST:
                        trouble = f"printed more than {LARGEST:,} bytes."
        if not trouble:
            process.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        trouble = f"has not ended within {in_seconds(seconds)}."
    finally:
        if trouble or process.poll() is None:  # its children may still run
            _end(process)
        for stream in read:
            stream.close()
    return bytes(read[process.stdout]), bytes(read[process.stderr]), trouble


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


# The system keyring


def _from_keyring(service: str, user: str, seconds: float) -> Secret:
    shown = f"{visible_text(service)}, user {visible_text(user)}"
    found: list[str | None] = []
    failed: list[str] = []

    def ask() -> None:
        try:
            import keyring
        except ImportError:
            failed.append("is not available; pip install 'heloscope[keyring]' installs it.")
            return
        try:
            found.append(keyring.get_password(service, user))
        except Exception as error:  # its many backends raise anything
            words = visible_text(str(error)).rstrip(".") or type(error).__name__
            failed.append(f"cannot be used: {words[:_SHOWN]}.")

    thread = threading.Thread(target=ask, daemon=True)  # a dialog of the system may never end
    thread.start()
    thread.join(seconds)
    if failed:
        raise SecretError(f"the system keyring {failed[0]}")
    if not found:
        raise SecretError(f"the system keyring has not answered within {in_seconds(seconds)}.")
    if not found[0]:
        raise SecretError(f"the system keyring has no secret for {shown}.")
    return Secret(found[0])
