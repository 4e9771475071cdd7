"""A field that shows one of a few values, and cycles through the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.content import Content

from .key_burst import moved_focus, passed_on, run_own_binding
from .single_choice import SingleChoice


class Cycle(SingleChoice):
    """A choice that shows only the current value: for values too many or too long for a row."""

    DEFAULT_CSS = """
    Cycle { height: 1; width: auto; min-width: 16; background: $panel; padding: 0 1; }
    Cycle:focus { background: $accent 40%; text-style: bold; }
    """

    def __init__(
        self,
        choices: Mapping[str, str] | Sequence[str],
        value: str = "",
        *,
        id: str | None = None,
        turned: Callable[[], object] | None = None,
    ) -> None:
        """`turned` is called before the next key is handled, so that it can decide what is shown
        and thus which field that key belongs to.
        """
        super().__init__(choices, value, id=id)
        self._turned = turned

    def render(self) -> Content:
        return Content.assemble(("‹ ", "dim"), self.choices[self.value], (" ›", "dim"))

    async def _on_key(self, event: events.Key) -> None:
        if not passed_on(self, event) and not moved_focus(self, event):
            await run_own_binding(self, event)

    def action_turn(self, by: int) -> None:
        super().action_turn(by)
        if self._turned is not None:
            self._turned()
