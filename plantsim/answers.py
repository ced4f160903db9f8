# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant says to each version of an order: accepted, or refused.

The same answer whenever it is asked, so that one sent again is a duplicate.
"""

from datetime import datetime, timezone

from .cloudevent import envelope, event_id

RELEASED = "mfg.joborder.released.v1"
ASKED = (RELEASED, "mfg.joborder.changed.v1", "mfg.joborder.cancelled.v1")
REASON = {"code": "NO-TOOL", "detail": "The tool for it is being ground until Friday"}


class Answers:
    """:param refuses: origins of orders it does not work on as they are released"""

    def __init__(self, source, refuses=()):
        self.source, self.refuses = source, frozenset(refuses)

    def to(self, events):
        """The events that answer those that ask for it."""
        return [self._answer(event) for event in events if event["type"] in ASKED]

    def _answer(self, event):
        data = event["data"]
        job, version = data["jobOrderId"], data["version"]
        refused = event["type"] == RELEASED and data.get("origin") in self.refuses
        said = {"jobOrderId": job, "version": version, **(REASON if refused else {})}
        word = "refused" if refused else "acknowledged"
        return envelope(
            self.source,
            f"{job} version {version}",  # answers hold nobody back, and nobody them
            f"joborder.{word}",
            event_id(self.source, job, version, word),
            datetime.now(timezone.utc),
            said,
        )
