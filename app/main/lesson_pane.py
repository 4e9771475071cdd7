"""The lesson pane, and where it is placed on a screen with a conversation."""

from __future__ import annotations

from typing import ClassVar

from ...widgets.lesson.pane import LessonPane


class LessonBeside(LessonPane):
    """The lesson shown instead of the tabs or, on a narrow screen, as a strip below the transcript.

    The screen has the class `-lesson` during a lesson, `-facts` while the tabs are shown instead,
    `-folded` while the pane is reduced to one row, and `-writing` while an editor is open.
    """

    SCOPED_CSS: ClassVar[bool] = False  # it also places the other panes
    DEFAULT_CSS = """
    SessionScreen {
        & #lesson { display: none; height: 2fr; }
        &.-lesson #lesson { display: block; }
        &.-lesson #facts { display: none; }
        &.-lesson #side { width: 42%; }
        &.-lesson.-facts #facts { display: block; }
        &.-narrow.-lesson #panes { layout: vertical; }
        &.-narrow.-lesson TranscriptView { width: 100%; }
        &.-narrow.-lesson #side {
            display: block; width: 100%; max-width: 100%; height: 8; max-height: 50%;
        }
        &.-narrow.-low.-lesson.-writing #side { height: 9; max-height: 65%; }
        &.-narrow.-low.-lesson.-writing Composer { height: 8; }
        &.-narrow.-lesson #lesson { height: 100%; }
        &.-narrow.-lesson #reply { display: none; }
        &.-narrow.-lesson.-folded #side { height: 1; }
        &.-narrow.-lesson.-panel #side { height: 1fr; max-height: 100%; }
        &.-narrow.-lesson.-panel #facts { display: block; }
        &.-narrow.-lesson.-explain #side { height: 1fr; max-height: 100%; }
        &.-narrow.-lesson.-explain #reply { display: block; }
        &.-narrow.-lesson.-states #side { display: none; }
        &.-lesson.-facts #lesson, &.-lesson.-folded #lesson, &.-narrow.-lesson.-panel #lesson,
        &.-narrow.-lesson.-explain #lesson {
            height: 1; border: none; border-top: round $foreground 25%;
        }
        &.-narrow.-lesson.-present #side { display: none; }
    }
    """
