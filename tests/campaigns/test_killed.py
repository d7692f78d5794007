"""Five of the sessions that `python -m tests.campaigns.killed` kills."""

from __future__ import annotations

import os

import pytest

from tests.campaigns.killed import MOST_SECONDS, killed


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only Unix forks")
def test_five_killed_sessions_come_back_whole() -> None:
    campaign = killed(5, seed=0, longest=4.0)
    assert campaign.faults == []
    assert len(campaign.missing) >= 6, "several were restored, with three parts each"
    assert max(campaign.missing) <= MOST_SECONDS
