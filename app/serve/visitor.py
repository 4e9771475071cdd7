"""The program that runs for each visitor: heloscope, confined to its own practice server.

    python -P -m heloscope.app.serve.visitor MEMORY

MEMORY is the memory limit in MiB. The program runs in an empty folder of its own, which is its
HOME. No environment variable lifts the confinement, since the program has no other mode.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Collection

from textual.binding import Binding
from textual.driver import Driver
from textual.drivers.web_driver import WebDriver

from ..app import HeloscopeApp
from ..browser_keys import TAKEN, instead_of
from ..confinement import PRACTICE_ONLY
from ..runtime.key_parser import use_key_parser
from .driver import VisitorDriver
from .guard import raise_wall

WELCOME = (
    "This page and its practice server are yours alone; nothing is kept when you close the page. "
    "The browser reserves Ctrl+N, Ctrl+T, Ctrl+W and Ctrl+Q; :help lists what to use instead."
)


class VisitorApp(HeloscopeApp):
    """The application as used in a browser. It records nothing and saves no settings."""

    def __init__(self) -> None:
        super().__init__(confinement=PRACTICE_ONLY, record=False, told=[])
        use_key_parser(WebDriver)

    def on_ready(self) -> None:
        """Tell the visitor how heloscope differs in a browser."""
        self.main.ui.tell(WELCOME, title="In a browser")

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that talks to the web server, whatever the environment says."""
        return VisitorDriver

    def get_key_display(self, binding: Binding) -> str:
        """Return the footer's name for a key, or what replaces the key if browsers reserve it."""
        if binding.key in TAKEN and (other := instead_of(binding.key)):
            return other
        return super().get_key_display(binding)

    def ports(self) -> Collection[int]:
        """Return the ports of the visitor's own practice server, or () before it is created."""
        practice = self.connections.practice
        if practice is None:
            return ()
        return practice.port, practice.tls_port, practice.lmtp_port, practice.second_port


def main() -> None:
    """Run the application for one visitor until its input ends."""
    gc.disable()  # nothing imported now is garbage; the app enables collection again
    sys.dont_write_bytecode = True
    logging.getLogger().addHandler(logging.NullHandler())  # the log contains the visitor's data
    app = VisitorApp()
    raise_wall(os.getcwd(), int(sys.argv[1]), app.ports)
    app.run()
    if app.crashed:
        print(app.crashed, file=sys.stderr)  # for the operator of the server
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
