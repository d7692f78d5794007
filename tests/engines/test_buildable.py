"""Whatever the form can build trains, or is refused in one sentence: a part of the campaign."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.campaigns.buildable import check, raw_experiments, write_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    write_files(made)
    return made


def test_whatever_the_form_can_build_trains_or_is_refused(folder: Path) -> None:
    ends: Counter[str] = Counter()

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(raw_experiments(folder))
    def each(raw: dict[str, Any]) -> None:
        ends[check(raw)] += 1

    each()
    assert ends["trained"] > 20
    assert ends["refused"] > 10
