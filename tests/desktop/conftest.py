"""One display for all desktop tests; each of them finds it empty and leaves it empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.display import Desktop


@pytest.fixture(scope="session")
def _display() -> Iterator[Desktop]:
    with Desktop() as desktop:
        yield desktop


@pytest.fixture
def spoken(request: pytest.FixtureRequest) -> str:
    """The language of the window: `pytest tests/desktop --spoken ja`."""
    return str(request.config.getoption("spoken"))


@pytest.fixture
def desktop(_display: Desktop, tmp_path: Path) -> Iterator[Desktop]:
    """A desktop with nothing on it. What it showed when a test failed stays in its tmp_path."""
    yield _display
    _display.screenshot().save(tmp_path / "desktop.png", compress_level=1)
    _display.stop_programs()
