# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Token buckets by name in this process, in bounded memory."""

import threading
import time
from collections import OrderedDict


class Throttle:
    """Lets a name have so many events per minute; a burst of a minute's worth at once.

    Per worker process on purpose: it needs no database, so it still works when the
    attack is on the database. Names beyond `size` are forgotten, oldest first.
    """

    def __init__(self, size=4096, clock=time.monotonic):
        self.size = size
        self.clock = clock
        self._buckets = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name, per_minute, weight=1):
        """Take `weight` tokens; return 0, or the seconds until there is one again.

        A batch heavier than what is left passes and is paid back afterwards, so that
        no batch is ever too large to get through.
        """
        with self._lock:
            now = self.clock()
            tokens = self._filled(name, per_minute, now)
            allowed = tokens >= 1
            self._buckets[name] = (tokens - weight if allowed else tokens, now)
            self._buckets.move_to_end(name)
            while len(self._buckets) > self.size:
                self._buckets.popitem(last=False)
            return 0 if allowed else (1 - tokens) * 60 / per_minute

    def _filled(self, name, per_minute, now):
        tokens, then = self._buckets.get(name, (per_minute, now))
        return min(per_minute, tokens + (now - then) * per_minute / 60)

    def clear(self):
        with self._lock:
            self._buckets.clear()
