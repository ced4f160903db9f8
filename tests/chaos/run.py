# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One run of a scenario: its load, its faults, its proof, and what is told of it."""

import random
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from invariants import Invariants
from world import wait_for

from plantsim import client
from plantsim.outcome import Outcomes

from .faults import Faults
from .load import Load, Sender, cut
from .pulse import RESUME, Pulse

QUIET = 300  # seconds for the whole backlog; that work goes on is the pulse's business


@dataclass
class Result:
    """What one run came to."""

    name: str
    seed: int
    faults: Counter = field(default_factory=Counter)
    hits: int = 0  # faults in the middle of a posting
    events: int = 0
    repeated: int = 0
    stall: float = 0.0
    quiet: float = 0.0
    checks: int = 0
    violations: list = field(default_factory=list)
    notes: Counter = field(default_factory=Counter)
    seconds: float = 0.0


class Run:
    """A scenario gets this: what to load, whom to harm, what to prove."""

    def __init__(self, bed, name, seed):
        self.bed, self.seed = bed, seed
        self.dice = random.Random(f"{name} {seed}")
        self.faults = Faults(bed, self.dice)
        self.result = Result(name, seed)
        self.endpoint = bed.endpoint(name.title())
        self.plant = self.endpoint.plant
        self.pulse = Pulse(bed, self.endpoint)
        self.senders, self.load = [], None

    def play(self, scenario, sizes):
        self.pulse.start()
        try:
            scenario(self, **sizes)
            self.finish()
        except Exception as error:  # a scenario that cannot go on has found something
            traceback.print_exc()
            self.violated("broke off", error)
        finally:
            self.pulse.stop()

    def orders(self, number):
        """Release orders to the plant."""
        name = self.result.name.title()
        self.load = Load(self.bed, self.endpoint, number, self.seed, name)
        return self.load

    def sender(self, events, batches, plant=None):
        """Begin to send, a batch for each turn."""
        self.result.events += len(events)
        sender = Sender(plant or self.plant, cut(events, batches), self.seed)
        self.senders.append(sender)
        sender.start()
        return sender

    def note(self, fault, hit=False):
        self.result.faults[fault] += 1
        self.result.hits += bool(hit)

    # -- looking ---

    @property
    def notes(self):
        return self.result.notes

    def posted(self):
        """How many of this run's messages are posted."""
        return self.bed.value(
            "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s"
            " AND direction = 'in' AND state = 'posted'",
            self.endpoint.id,
        )

    def wait_posted(self, ids, seconds):
        """How many of these messages are posted when all are, or the time is up."""
        query = "SELECT count(*) FROM mfg_message WHERE id IN %s AND state = 'posted'"
        deadline = time.monotonic() + seconds
        while (done := self.bed.value(query, tuple(ids) or (0,))) < len(ids):
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        return done

    def wait_state(self, event, state, seconds):
        """Until an event that may not have arrived yet has come to a state."""
        query = "SELECT 1 FROM mfg_message WHERE endpoint_id = %s AND event_id = %s"
        values = self.endpoint.id, event["id"], state
        wait_for(
            lambda: self.bed.rows(f"{query} AND state = %s", *values),
            seconds,
            f"{event['id']} is {state}",
        )

    # -- the proof ---

    def settle(self):
        """Let all of it be sent and posted."""
        started = time.monotonic()
        for sender in self.senders:
            sender.go_on()
            sender.join(QUIET)
            if sender.is_alive() or sender.trouble:
                self.violated("all is answered", sender.trouble or "still sending")
        try:
            self.bed.wait_quiet(QUIET)
        except AssertionError as error:
            self.violated("quiet", error)
        self.result.quiet += time.monotonic() - started

    def finish(self):
        """Come to rest, then check what must hold."""
        self.settle()
        self.pulse.stop()
        self.result.repeated = sum(sender.repeated for sender in self.senders)
        self.notes["claimed again"] = self._claimed_again()
        self._prove()

    @property
    def answered(self):
        return {id_ for sender in self.senders for id_ in sender.answered}

    def check(self, name, wrong):
        """Count a check; anything true that it found is a violation."""
        self.result.checks += 1
        if wrong:
            self.violated(name, wrong)

    def violated(self, name, what):
        self.result.violations.append(f"{name}: {what}")

    def _prove(self):
        result = self.result
        result.stall = self.pulse.longest
        late = result.stall > RESUME and f"{result.stall:.0f} s without any effect"
        self.check(f"work goes on within {RESUME} s", late)
        invariants = Invariants(self.bed, self.endpoint, self.answered)
        result.checks += len(invariants.checks)
        for name, rows in invariants.violations().items():
            self.violated(name, rows[:5])
        self.check("each event is answered", result.events - len(self.answered))
        if self.load:
            self.check("totals as the plant said", self.load.differences())
            self.nothing_parked()
        self._prove_told()

    def _prove_told(self):
        """The plant hears of each of its events what the log says."""
        told = Outcomes(self.plant, Notes())
        told.collect()
        said = {id_: outcome.state for id_, outcome in told.told.items()}
        log = dict(
            self.bed.rows(
                "SELECT event_id, state FROM mfg_message WHERE endpoint_id = %s"
                " AND direction = 'in' AND state IN ('posted', 'parked')",
                self.endpoint.id,
            )
        )
        self.check("the plant is told", set(said.items()) ^ set(log.items()))

    def _claimed_again(self):
        """Claims without an outcome: what was in hand when something died."""
        return self.bed.value(
            "SELECT coalesce(sum(m.attempts - (SELECT count(*) FROM mfg_message_attempt"
            " a WHERE a.message_id = m.id)), 0)::int FROM mfg_message m"
            " WHERE m.endpoint_id = %s AND m.direction = 'in'",
            self.endpoint.id,
        )

    def nothing_parked(self):
        """Every event of this run can be posted; say which were not."""
        parked = self.bed.rows(
            "SELECT type, error_code, error_detail, key, sequence FROM mfg_message"
            " WHERE endpoint_id = %s AND state = 'parked'",
            self.endpoint.id,
        )
        self.check("nothing is parked", parked)


class Notes:
    """The plant's notebook, in memory."""

    def __init__(self):
        self.orders, self.hrefs = {}, {}

    def save(self):
        """Nothing outlives the run."""


def impatient(_attempt, _response=None):
    """Tests have less time than plants: look again soon."""
    return 0.2


def run(scenario, bed, seed, **sizes):
    """Play a scenario to its end; its result, also when it breaks off."""
    patient, client.pause = client.pause, impatient
    started = time.monotonic()
    try:
        if not bed.stack.group:
            bed.stack.start()
        bed.stack.wait_ready()
        found = Run(bed, scenario.__name__, seed)
        found.play(scenario, sizes)
    finally:
        client.pause = patient
    found.result.seconds = time.monotonic() - started
    return found.result
