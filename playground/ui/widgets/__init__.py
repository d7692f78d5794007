"""Small controls without business logic: they show a value and tell of the person's hand.

Each follows the theme by itself, works with the keyboard, and has an accessible name. GUI thread
only. Their own setters (`set_...`) are silent, and their own signals mean that a person did
something; for what is a Qt button that signal is `clicked`.
"""

from playground.ui.widgets.base import ElidedLabel as ElidedLabel
from playground.ui.widgets.base import FocusRing as FocusRing
from playground.ui.widgets.base import Label as Label
from playground.ui.widgets.base import Restyled as Restyled
from playground.ui.widgets.base import allow as allow
from playground.ui.widgets.base import describe as describe
from playground.ui.widgets.base import draw_fitted as draw_fitted
from playground.ui.widgets.base import fill_with as fill_with
from playground.ui.widgets.base import painting as painting
from playground.ui.widgets.base import round_rect as round_rect
from playground.ui.widgets.base import say_in_popup as say_in_popup
from playground.ui.widgets.base import wrapped as wrapped
from playground.ui.widgets.buttons import Chip as Chip
from playground.ui.widgets.buttons import LinkButton as LinkButton
from playground.ui.widgets.buttons import PrimaryButton as PrimaryButton
from playground.ui.widgets.buttons import QuietButton as QuietButton
from playground.ui.widgets.buttons import ToolButton as ToolButton
from playground.ui.widgets.buttons import exclusive as exclusive
from playground.ui.widgets.card import Card as Card
from playground.ui.widgets.card import Tabs as Tabs
from playground.ui.widgets.choice import Choice as Choice
from playground.ui.widgets.choice import Item as Item
from playground.ui.widgets.focus import ALT_DRAGS as ALT_DRAGS
from playground.ui.widgets.focus import ARROWS as ARROWS
from playground.ui.widgets.focus import ENTER_KEYS as ENTER_KEYS
from playground.ui.widgets.focus import KEYBOARD_REASONS as KEYBOARD_REASONS
from playground.ui.widgets.focus import give_focus_back as give_focus_back
from playground.ui.widgets.headline import Headline as Headline
from playground.ui.widgets.notice import Notice as Notice
from playground.ui.widgets.number_field import NumberField as NumberField
from playground.ui.widgets.question import QuestionMark as QuestionMark
from playground.ui.widgets.slider import Slider as Slider
from playground.ui.widgets.switch import Switch as Switch
from playground.ui.widgets.text_field import TextField as TextField
from playground.ui.widgets.thumbnail import ThumbnailButton as ThumbnailButton
