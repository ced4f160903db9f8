# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Short stories on throw-away orders: facts that are corrected, and a person's part.

Each is a few events of one key, in their order, all of which are posted in the end. In
some of them the planner has to do something first: approve a message, bring stock. What
a story comes to is reckoned as for any order.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from . import reasons, recipe, trial
from .cloudevent import stamp
from .log import BREAKDOWN
from .mischief import Sending
from .trial import EARLIER, NOON, report, use

CORRECTED = "Story: a wrong report is taken back"
RETURNED = "Story: material comes back"
SHORT = "Story: a component is short, then stock arrives"
APPROVED = "Story: the planner approves a surplus"
DIVIDED = "Story: the plant ends an order early"
SCARCE = "Scarce part"
PLANS = [
    trial.plan(CORRECTED),
    trial.plan(RETURNED),
    trial.plan(SHORT, SCARCE, spare=Decimal("0.3")),
    trial.plan(APPROVED),
    trial.plan(DIVIDED, operations=("Trial run", "Trial check")),
]


@dataclass
class Story:
    """What is sent, and what the planner has to do about it."""

    origin: str
    job: str  # the jobOrderId of its order
    part: str = trial.PART
    sendings: list = field(default_factory=list)
    approve: list = field(default_factory=list)  # ids of events
    bring: dict = field(default_factory=dict)  # product -> pieces

    @property
    def events(self):
        return [sending.event for sending in self.sendings]


def stories(source, job_ids, seed=0):
    """All of them; ``job_ids`` are those of the throw-away orders by origin."""
    teller = _Teller(source, seed)
    tales = {
        CORRECTED: teller.corrected,
        RETURNED: teller.returned,
        SHORT: teller.short,
        APPROVED: teller.approved,
        DIVIDED: teller.divided,
    }
    found = [Story(origin, job_ids[origin]) for origin in tales]
    for story in found:
        tales[story.origin](story)
    return found


def machine(source, seed=0):
    """The trial machine says how it is; the plant's first event and its first count."""
    told = {"equipmentId": trial.MACHINE}
    running = told | {"state": "Execute", "startTime": stamp(EARLIER)}
    held = told | {"state": "Held", "startTime": stamp(NOON)}
    held["reasonCode"] = reasons.STOPS[BREAKDOWN]
    again = running | {"startTime": stamp(NOON + timedelta(minutes=20))}
    cases = [
        ("hello", "connection.tested", {"text": "Hello from the plant"}),
        ("runs", "equipment.statechanged", running),
        ("stands", "equipment.statechanged", held),
        ("runs again", "equipment.statechanged", again),
        ("measured", "equipment.telemetry", trial.readings()),
        ("effective", "equipment.oee", trial.effectiveness()),
        ("counted", "inventory.counted", trial.empty_store()),
    ]
    return [
        Sending(trial.event(source, seed, *case), "prank", "posted") for case in cases
    ]


class _Teller:
    def __init__(self, source, seed):
        self.source, self.seed = source, seed

    def corrected(self, story):
        """Five were reported, three were made."""
        wrong = self._report(story, 5)
        data = {"eventId": wrong["id"], "reason": "Counted twice"}
        self._tell(story, "event.reversed", data)
        self._report(story, 3)

    def returned(self, story):
        """500 g were taken, 200 g go back into stock."""
        lot = recipe.PASTE_LOTS[0]
        for name, grams in (("consumed", "500"), ("returned", "200")):
            data = use(story.job, recipe.PASTE, lot, grams)
            self._tell(story, f"material.{name}", data)

    def short(self, story):
        """Five are made of the three blanks that Odoo has; more are brought then."""
        story.part = SCARCE
        self._report(story, 5)
        story.bring[recipe.Recipe(SCARCE).blank] = Decimal(10)

    def approved(self, story):
        """Twelve of ten are more than is tolerated."""
        surplus = self._report(story, 12)
        story.approve.append(surplus["id"])

    def divided(self, story):
        """Six of ten end the order; its backorder answers to the same id."""
        self._report(story, 6)
        end = {"jobOrderId": story.job, "time": stamp(NOON)}
        self._tell(story, "jobresponse.completed", end)
        self._report(story, 4, final=True)

    def _report(self, story, pieces, **more):
        data = report(story.job, Decimal(pieces)) | more
        return self._tell(story, "production.reported", data)

    def _tell(self, story, name, data):
        """The next event of a story."""
        what = f"{story.origin} {len(story.sendings)}"
        event = trial.event(self.source, self.seed, what, name, data)
        event["subject"] = story.job
        event["partitionkey"] = f"story {story.job}"
        story.sendings.append(Sending(event, "prank", "posted"))
        return event
