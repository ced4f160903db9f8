# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Wait times between attempts: exponential, jittered and capped.

Jitter spreads the retries of messages that failed together, so that ten thousand of
them do not come back in the same second (AWS "Exponential Backoff And Jitter").
"""

import random

# 2 ** 60 seconds is beyond any cap; a larger exponent would only overflow a float.
_MAX_EXPONENT = 60


def delay(attempt, base=2.0, cap=900.0, rng=random):
    """Return the seconds to wait after failed attempt number `attempt` (1, 2, …).

    Between half of and the whole of min(cap, base * 2 ** (attempt - 1)).
    """
    exponent = min(max(attempt, 1) - 1, _MAX_EXPONENT)
    ceiling = min(cap, base * 2.0**exponent)
    return ceiling / 2 + rng.uniform(0, ceiling / 2)
