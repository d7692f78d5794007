"""What the suite costs: processor time of the whole, of each file and of each test.

`python -m tests.benchmarks.suite [--most MINUTES] [--tests N] [arguments of pytest]` runs the tests
and lists files and tests, most expensive first. Processor time is that of all threads of the
process, user and system, and of every child that ended meanwhile; a busy computer changes it
little, while it makes the time on the wall as long as it likes. With `--most` the command fails
where the suite needs more minutes than that, or where a test fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

__all__ = ["ProcessorTime", "main", "spent"]


def spent() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


class ProcessorTime:
    """A plugin of pytest: notes for each test what it and its fixtures cost.

    A fixture that several tests share is paid by the first of them.
    """

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        before = spent()
        try:
            return (yield)  # type: ignore[return-value]
        finally:
            self.tests[item.nodeid] += spent() - before  # type: ignore[assignment]

    @property
    def files(self) -> Counter[str]:
        """Seconds of each file of tests."""
        files: Counter[str] = Counter()
        for name, seconds in self.tests.items():
            files[name.partition("::")[0]] += seconds
        return files


def _print(costs: Counter[str], count: int | None = None) -> None:
    for name, seconds in costs.most_common(count):
        print(f"{seconds:9.2f} s  {name}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=float, help="minutes that the suite may need")
    parser.add_argument("--tests", type=int, default=40, help="how many tests to list")
    own, passed_on = parser.parse_known_args(arguments)
    costs = ProcessorTime()
    status = int(pytest.main(passed_on, plugins=[costs]))
    whole = spent()
    print(f"\nProcessor time: {whole / 60:.2f} minutes, in tests {costs.files.total() / 60:.2f}")
    _print(costs.files)
    print(f"\nThe {min(own.tests, len(costs.tests))} most expensive tests")
    _print(costs.tests, own.tests)
    return status or int(own.most is not None and whole > own.most * 60)


if __name__ == "__main__":
    sys.exit(main())
