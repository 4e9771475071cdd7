"""The state of a step in progress: the parts of the goal met, the questions and the wrong moves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from ...session.events import CLIENT, Connected, Event
from .changes import Answered, Change, Compared, Done, HintOffered, Judged, Spoiled, TooLate
from .facts import Broken, Command, Reply, Row, Said, SeenRow
from .model import Choice, Question, Step
from .tracker import Tracker, tracker

OFFERED_AFTER = 3  # misses before a hint is offered
LINES = 64  # lines of the client remembered with their answers


class _Asked:
    """A question of the step, and the choice with which it was answered."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.until: Tracker | None = None if question.until is None else tracker(question.until)
        self.choice: Choice | None = None
        self.closed = False

    @property
    def holds_back(self) -> bool:
        """Whether the step is not done until this question is answered."""
        if self.until is not None:
            return self.question.required and not self.closed
        return self.choice is None or not self.choice.right


class StepState:
    """A step from its beginning until it is done. `feed` processes facts and returns the changes.

    If `once` is true, only the first answer to a question counts. `given` holds the answers
    given in an earlier attempt at the step, keyed by question ID.
    """

    def __init__(
        self, step: Step, *, once: bool = False, given: Mapping[str, Choice] | None = None
    ) -> None:
        self.step = step
        self.done = False
        self.typed: list[str] = []
        """The commands that the client has sent, in order, up to LINES of them."""
        self.misses = 0
        self.hints_shown = 0
        self._once = once
        self._goal = tracker(step.goal)
        self._asked = [_Asked(question) for question in step.questions]
        for asked in self._asked:
            if given is not None and asked.question.id in given:
                asked.choice, asked.closed = given[asked.question.id], True
        self._in_goal = [p.where["said"] for p in step.goal.walk() if p.kind == "said"]
        self._moves = [(move, tracker(move.when)) for move in step.wrong_moves]
        self._spoiled = False
        self._answered: OrderedDict[str, int] = OrderedDict()  # line -> the wrong move it made
        self._offer_at = OFFERED_AFTER

    @property
    def question(self) -> Question | None:
        """The question to ask now, or None.

        Predictions come first. The other questions are about what was seen and would give it away,
        so they wait until the goal is met, unless answering them is part of the goal.
        """
        for asked in self._asked:
            if asked.closed:
                continue
            if asked.until is None:
                named = (name.matches(asked.question.id) for name in self._in_goal)
                if self._goal.done or any(named):
                    return asked.question
            elif asked.choice is None:
                return asked.question
            elif not self._goal.done:
                return None
        return None

    @property
    def expecting(self) -> bool:
        """Whether a prediction was made about an event that has not happened yet."""
        return any(
            asked.until is not None and asked.choice is not None and not asked.closed
            for asked in self._asked
        )

    @property
    def seen(self) -> bool:
        """Whether the step has a goal and it is met."""
        goal = self.step.goal
        return (goal.kind != "all" or bool(goal.parts)) and self._goal.done

    def predicted(self, question: str) -> Choice | None:
        """Return the learner's last answer to a question, or None."""
        return next((a.choice for a in self._asked if a.question.id == question), None)

    def hint(self) -> str | None:
        """Return the next hint, or the last one again. Return None if the step has none."""
        hints = self.step.hints
        if not hints:
            return None
        self.hints_shown = min(self.hints_shown + 1, len(hints))
        return hints[self.hints_shown - 1]

    def feed(self, fact: Event) -> list[Change]:
        """Process a fact, and return the changes.

        Once the step is done, wrong moves are still recognised, but nothing else.
        """
        changes: list[Change] = []
        if isinstance(fact, Command) and len(self.typed) < LINES:
            self.typed.append(fact.line)
        if self.done:
            self._look_for_wrong_moves(fact, True, changes)
            return changes
        if isinstance(fact, Said):
            self._said(fact, changes)
        if isinstance(fact, Connected) and self._goal.spoiled:
            self._goal.reset()
            self._spoiled = False
        again = self._compare(fact, changes)
        if again:
            self._goal.reset()
        else:
            met = self._goal.done
            advanced = self._goal.feed(fact)
            if self._goal.done and not any(asked.holds_back for asked in self._asked):
                self.done = True
                changes.append(Done(self.step))
                return changes
            self._look_for_wrong_moves(fact, advanced, changes, mute=not met and self._goal.done)
            if self._goal.spoiled and not self._spoiled:
                self._spoiled = True
                changes.append(Spoiled(self.step))
        self._offer(changes)
        return changes

    def _said(self, fact: Said, changes: list[Change]) -> None:
        asked = next(
            (a for a in self._asked if a.question.id == fact.question and not a.closed), None
        )
        choice = None if asked is None else asked.question.choice(fact.key)
        if asked is None or choice is None:
            return
        if asked.until is not None:  # a prediction, until the event happens
            asked.choice = choice
            return
        changes.append(Judged(self.step, asked.question, choice))
        if choice.right or self._once:
            asked.choice, asked.closed = choice, True
        if not choice.right:
            self.misses += 1

    def _compare(self, fact: Event, changes: list[Change]) -> bool:
        """Resolve the first prediction about an event that happens with `fact`.

        Return whether the event must be predicted again.
        """
        for asked in self._asked:
            until = asked.until
            if until is None or asked.closed:
                continue
            until.feed(fact)
            if not until.done:
                continue
            until.reset()
            if asked.choice is not None:
                asked.closed = True
                changes.append(Compared(self.step, asked.question, asked.choice))
                return False
            asked.closed = not asked.question.required
            changes.append(TooLate(self.step, asked.question))
            return asked.question.required
        return False

    def _look_for_wrong_moves(
        self, fact: Event, advanced: bool, changes: list[Change], *, mute: bool = False
    ) -> None:
        """Respond to the first wrong move that fits. Each line gets one response, and is one miss.

        One line causes several facts: the command, a rule that the command broke, and the reply.
        After the first response, a later fact gets another one only if its wrong move is listed
        before the move that was already recognised.

        Looking at a row is not a miss, because the learner passes other rows on the way to the
        right one. Once the goal is met, looking at a row gets no response either. `mute` is true
        for the fact that completes the goal, which is not itself a wrong move.
        """
        line = fact.line if isinstance(fact, Row | Command | Broken | Reply) else ""
        if isinstance(fact, Row) and fact.side == CLIENT.value:
            self._answered.pop(line, None)  # it is answered again
        made = None
        for number, (_, seen) in enumerate(self._moves):
            seen.feed(fact)
            if seen.done:
                seen.reset()
                made = number if made is None else made
        if mute or (isinstance(fact, SeenRow) and self._goal.done):
            return
        before = self._answered.get(line) if line else None
        if made is not None and (before is None or made < before):
            move, row = self._moves[made][0], getattr(fact, "row", None)
            changes.append(Answered(self.step, move, row, instead=before is not None))
            self.misses += before is None and not isinstance(fact, SeenRow)
            if line:
                self._answered[line] = made
                if len(self._answered) > LINES:
                    self._answered.popitem(last=False)
        elif isinstance(fact, Reply):
            refused = fact.code >= 400 and bool(line)
            if refused and not advanced and before is None:
                self.misses += 1

    def _offer(self, changes: list[Change]) -> None:
        if self.misses >= self._offer_at and self.hints_shown < len(self.step.hints):
            self._offer_at = self.misses + OFFERED_AFTER
            changes.append(HintOffered(self.step))
