# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What became of the events: from the outbox where Odoo tells, by asking otherwise."""

import time
from dataclasses import dataclass

from .client import PlantError

PULL = 500
OPEN = ("queued", "retrying")
QUIET_LOOKS = 2  # looks in a row without anything left to do


@dataclass(frozen=True)
class Outcome:
    """The state of one event, with its error where it has one."""

    state: str
    code: str = ""
    title: str = ""
    detail: str = ""
    next_action: str = ""

    @classmethod
    def of(cls, state, error):
        error = error or {}
        words = (error.get(n, "") for n in ("code", "title", "detail", "nextAction"))
        return cls(state, *words)


class Outcomes:
    """Collects the answers of a run.

    :param answers: what the plant itself says to the orders it pulls, if anything
    """

    def __init__(self, plant, notebook, answers=None):
        self.plant, self.notebook, self.answers = plant, notebook, answers
        self.told, self.releases = {}, 0

    def collect(self, wait=0):
        """Take everything out of the outbox and acknowledge it; how many that were."""
        number, more = 0, True
        while more:
            deliveries, more = self.plant.pull(PULL, 0 if number else wait)
            if not deliveries:
                break
            for delivery in deliveries:
                self._take(delivery["event"])
            self.notebook.save()
            self._answer([delivery["event"] for delivery in deliveries])
            self.plant.ack(delivery["deliveryId"] for delivery in deliveries)
            number += len(deliveries)
        return number

    def _answer(self, events):
        """Before they are acknowledged: a plant that is killed here answers again."""
        said = self.answers.to(events) if self.answers else []
        if said:
            self.plant.send(said)

    def _take(self, event):
        data = event["data"]
        if event["type"] == "mfg.joborder.released.v1":
            self.releases += 1
            self.notebook.orders[data.get("origin")] = data
        elif event["type"] in ("mfg.event.posted.v1", "mfg.event.parked.v1"):
            state = event["type"].split(".")[2]
            self.told[data["eventId"]] = Outcome.of(state, data.get("error"))

    def look(self, event_id):
        """Ask for the state of an event now."""
        href = self.notebook.hrefs.get(event_id)
        if not href:
            return Outcome("not sent")
        found = self.plant.look(href)
        outcome = Outcome.of(found["state"], found.get("error"))
        self.told[event_id] = outcome
        return outcome

    def all_of(self, events, thorough=False):
        """The outcome of each event of an order.

        When its last one is posted, all before it were; ``thorough`` asks nevertheless.
        """
        ids = [event["id"] for event in events]
        if not thorough and self.look(ids[-1]).state == "posted":
            return {event_id: Outcome("posted") for event_id in ids}
        return {event_id: self.look(event_id) for event_id in ids}

    def wait(self, progress, patience=300):
        """Return when nothing is queued or retrying any more."""
        quiet, seen, changed = 0, None, time.monotonic()
        while quiet < QUIET_LOOKS:
            self.collect(wait=1)
            depths = self.plant.depths()
            progress(depths)
            quiet = 0 if any(depths[state] for state in OPEN) else quiet + 1
            if depths != seen:
                seen, changed = depths, time.monotonic()
            elif time.monotonic() - changed > patience:
                raise PlantError(f"nothing moved for {patience} s: {dict(depths)}")
            time.sleep(0 if quiet else 1)
