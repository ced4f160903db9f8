# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The limit: the same postings in one Odoo process, in a loop, committed one by one.

No HTTP, no log, no job: what Odoo's ORM costs and nobody can go below without joining.
As a script it is that process: a line of JSON with events in, "done" out.
"""

import json
import subprocess
import sys
from contextlib import contextmanager
from functools import partial

from settings import LOG_DIR, ROOT

from .. import image

DONE = "done"


class Limit:
    def __init__(self, name="limit"):
        self.name = name

    @contextmanager
    def at_work(self, databases, database, world):
        with image.configured(databases, database) as config:
            process = self._start(config, database)
            try:
                yield partial(self._post, process)
            finally:
                process.stdin.close()
                process.wait(timeout=60)

    def _start(self, config, database):
        LOG_DIR.mkdir(parents=True, exist_ok=True)
        with (LOG_DIR / "bench-limit.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", __name__, config, database],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
            )

    def _post(self, process, events):
        print(json.dumps(events), file=process.stdin, flush=True)
        answer = process.stdout.readline().strip()
        if answer != DONE:
            raise RuntimeError(f"the limit's process ended; see {LOG_DIR}")


def loop(config, database):
    from ..inside import environment

    with environment(config, database) as env:
        for line in sys.stdin:
            for event in json.loads(line):
                env["bench.posting"]._post(event)
                env.cr.commit()
            print(DONE, flush=True)


if __name__ == "__main__":
    loop(*sys.argv[1:])
