"""A visitor's terminal: Textual's web driver, changed to end when the web server is gone."""

from __future__ import annotations

from textual import events, messages
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size
from textual.message import Message

from .messages import HIGHEST, WIDEST


class VisitorDriver(WebDriver):
    """A web driver that ends the application when its input ends, and ignores absurd sizes."""

    def run_input_thread(self) -> None:
        """Read the input, and end the application when the input ends."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(messages.ExitApp())

    def process_message(self, message: Message) -> None:
        """Pass an event on, but drop a resize to an impossible window size."""
        if isinstance(message, events.Resize) and not _plausible(message.size):
            return
        super().process_message(message)


def _plausible(size: Size) -> bool:
    return 0 < size.width <= WIDEST and 0 < size.height <= HIGHEST
