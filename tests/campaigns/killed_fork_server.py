"""Imports everything once, and forks a process for each session that is to be killed.

`python -m tests.campaigns.killed_fork_server`: reads orders as lines of JSON, writes the journal of
each session to stdout, between a line with its number and one that says it is dead.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback

from playground.engines.compiled import kernel_cache


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernel_cache.fill()
    import torch  # noqa: F401

    from tests.campaigns import killed_session

    for line in sys.stdin:
        order = json.loads(line)
        number = os.fork()
        if number == 0:
            try:
                killed_session.run(order, 1)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(7)
        tell(forked=number)
        _, status = os.waitpid(number, 0)
        tell(dead=os.waitstatus_to_exitcode(status))


def tell(**what: int) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    main()
