"""Within AUTH: what is typed into the composer is an answer, and is shown as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.facts.verbs import opens_auth

if TYPE_CHECKING:
    from ..main.screen import MainScreen
    from .answers import AuthAnswers

PEEK = 3.0  # seconds for which a secret is shown when it is asked for


class AuthPrompt:
    """The composer of one screen, from AUTH to its final reply."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self.answering: AuthAnswers | None = None
        """What takes the answers, from the first AUTH on."""

    def _answers(self) -> AuthAnswers:
        if self.answering is None:
            from .answers import AuthAnswers  # the mechanisms are not needed before

            screen = self._screen
            self.answering = AuthAnswers(screen.connecting, lambda: screen.stepping.leads("(auth)"))
        return self.answering

    def look(self) -> None:
        """See what is asked now, and have it answered by what was typed ahead."""
        screen = self._screen
        if self.answering is None and not screen.leading.in_auth:
            return
        answering = self._answers()
        for told in answering.look(screen.composer.text):
            screen.tell(told)
        while answering.ahead and answering.question is not None and not answering.insist:
            self.take(answering.ahead.pop(0))
            answering.look(screen.composer.text)
        if answering.active:
            screen.showing.answer(screen, answering)
        elif not screen.composer.ahead:
            screen.composer.end_answer()

    def take(self, text: str) -> None:
        """A line that was typed as an answer."""
        from ...session.errors import ConnectionLost

        screen = self._screen
        try:
            taken = self._answers().take(text)
        except ConnectionLost as error:
            screen.tell(f"Nothing was sent: {error}.", trouble=True)
            return
        if taken.keep:
            screen.composer.text = text
        if taken.told:
            screen.tell(taken.told)
        screen.view.action_last()

    def keeps(self, line: str) -> bool:
        """Whether `line` is an AUTH that does not go out as it stands, or not at once."""
        if not opens_auth(line):
            return False
        screen, answering = self._screen, self._answers()
        if answering.begin(line):
            screen.leading.history.add(line)
            return True
        if answering.holds(line):
            screen.composer.text = line
            screen.tell(
                f"{answering.unprotected}: whoever is on the way reads what stands there. Not "
                "sent yet; Enter once more sends it all the same.",
                trouble=True,
            )
            return True
        return False

    def give_up(self) -> bool:
        """Do not send the AUTH that is being made. Returns whether there was one."""
        if self.answering is None or not self.answering.building:
            return False
        self._screen.tell(self.answering.give_up())
        self._screen.hint()
        return True

    def peek(self) -> bool:
        """Show what is typed for a moment. Returns whether there is anything."""
        answering = self.answering
        if answering is None or not (answering.hidden or answering.peeking):
            return False
        answering.peeking = not answering.peeking
        if answering.peeking:
            self._screen.set_timer(PEEK, self._unpeek)
        self._screen.hint()
        return True

    def _unpeek(self) -> None:
        if self.answering is not None:
            self.answering.peeking = False
            self._screen.hint()

    def another_way(self) -> bool:
        """Answer in another way. Returns whether there is anything to answer."""
        answering = self.answering
        if answering is None or not answering.active:
            return False
        answering.next_way()
        self._screen.composer.text = ""
        self._screen.hint()
        return True
