"""Whatever the form can build trains, or is refused in one sentence: a part of the campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.campaigns.buildable import check, raw_experiments, write_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    write_files(made)
    return made


@settings(max_examples=1, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_the_form_can_build_trains_or_is_refused(
    folder: Path, data: st.DataObject
) -> None:
    one = raw_experiments(folder)
    ends: list[str] = [check(data.draw(one)) for _ in range(150)]
    assert ends.count("trained") > 30
    assert ends.count("refused") > 10


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_it_holds_for_what_nobody_thought_of(folder: Path, data: st.DataObject) -> None:
    raw: dict[str, Any] = data.draw(raw_experiments(folder))
    check(raw)
