"""What all threads of the window have in common.

Imports PySide6 only; called on the GUI thread, before a thread starts.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QThread

__all__ = ["prepare_thread"]

STACK_BYTES = 16 * 1024 * 1024
"""Secondary threads get 512 KB on macOS, too little for torch."""

SWITCH_SECONDS = 0.001
"""How long one thread may keep the interpreter while another waits; Python's 5 ms would let the
window stutter.
"""


def prepare_thread(thread: QThread) -> None:
    """Let a thread that is about to start work beside the window without holding it up."""
    sys.setswitchinterval(SWITCH_SECONDS)
    thread.setStackSize(STACK_BYTES)
