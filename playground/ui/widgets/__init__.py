"""Small controls without business logic: they show a value and tell of the person's hand.

Each follows the theme by itself, works with the keyboard, and has an accessible name. GUI thread
only. Their own setters (`set_...`) are silent, and their own signals mean that a person did
something; for what is a Qt button that signal is `clicked`.
"""

from playground.ui.widgets.base import (
    FocusRing,
    Label,
    Restyled,
    describe,
    draw_fitted,
    painting,
    wrapped,
)
from playground.ui.widgets.buttons import (
    Chip,
    LinkButton,
    PrimaryButton,
    QuietButton,
    ToolButton,
    exclusive,
)
from playground.ui.widgets.card import Card
from playground.ui.widgets.choice import Choice, Item
from playground.ui.widgets.focus import ARROWS, ENTER_KEYS, KEYBOARD_REASONS, give_focus_back
from playground.ui.widgets.headline import Headline
from playground.ui.widgets.notice import Notice
from playground.ui.widgets.number_field import NumberField
from playground.ui.widgets.question import QuestionMark
from playground.ui.widgets.slider import Slider, plain
from playground.ui.widgets.switch import Switch
from playground.ui.widgets.text_field import TextField
from playground.ui.widgets.thumbnail import ThumbnailButton

__all__ = [
    "ARROWS",
    "ENTER_KEYS",
    "KEYBOARD_REASONS",
    "Card",
    "Chip",
    "Choice",
    "FocusRing",
    "Headline",
    "Item",
    "Label",
    "LinkButton",
    "Notice",
    "NumberField",
    "PrimaryButton",
    "QuestionMark",
    "QuietButton",
    "Restyled",
    "Slider",
    "Switch",
    "TextField",
    "ThumbnailButton",
    "ToolButton",
    "describe",
    "draw_fitted",
    "exclusive",
    "give_focus_back",
    "painting",
    "plain",
    "wrapped",
]
