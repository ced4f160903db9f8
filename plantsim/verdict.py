# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The end of the demo: Odoo against the log, order by order, and what is parked."""

from collections import Counter, defaultdict
from decimal import Decimal

from . import mischief, recipe
from .reconcile import totals
from .report import number, pair, table

HEAD = "order", "state", "produced", "scrapped", "minutes", "consumed", "verdict"
SAME = "same"


class Verdict:
    """Compares the run of a Demo with Odoo and tells what came out."""

    def __init__(self, demo, jobs, events):
        self.demo, self.jobs, self.events = demo, jobs, events
        self.say, self.outcomes = demo.console.say, demo.outcomes
        cases = list(events)
        self.found = demo.planner.totals(cases)
        self.states = demo.planner.states(cases)
        self.parked = defaultdict(list)  # code -> outcomes
        self.held, self.faults = 0, 0

    def tell(self):
        """Print it all; the exit code."""
        rows = [self._row(job) for job in self.jobs]
        self._ask_pranks()
        self.say()
        for line in table(HEAD, [*rows, self._sum_row()]):
            self.say(line)
        self.say("(log / Odoo where they differ)")
        self._tell_parked()
        self._tell_summary()
        self._tell_odd()
        return 1 if self.faults else 0

    def _wanted(self, job, events):
        closing = job.segment(job.order.closing)
        return totals(events, closing, recipe.Recipe(job.order.part).blank)

    def _row(self, job):
        case = job.order.case
        wanted, found = self._wanted(job, self.events[case]), self.found[case]
        differences = wanted.differences(found)
        states = self.outcomes.all_of(self.events[case], thorough=bool(differences))
        self._note_open(states.values())
        verdict = self._explain(job, states) if differences else SAME
        consumed = sum(wanted.consumed.values()), sum(found.consumed.values())
        return (
            case,
            self.states.get(case, ""),
            pair(wanted.produced, found.produced),
            pair(wanted.scrapped, found.scrapped),
            pair(wanted.minutes, found.minutes),
            pair(*consumed),
            verdict,
        )

    def _explain(self, job, states):
        """The codes that hold events back, when these are all that is missing."""
        case = job.order.case
        posted = [e for e in self.events[case] if states[e["id"]].state == "posted"]
        left = self._wanted(job, posted).differences(self.found[case])
        codes = Counter(o.code for o in states.values() if o.code)
        if left or not codes:
            self.faults += 1
            return f"UNEXPLAINED: {', '.join(left) or 'nothing is parked'}"
        return "explained: " + ", ".join(f"{n} × {code}" for code, n in codes.items())

    def _note_open(self, outcomes):
        for outcome in outcomes:
            if outcome.code:
                self.parked[outcome.code].append(outcome)
            elif outcome.state != "posted":
                self.held += 1

    def _sum_row(self):
        wanted = [self._wanted(job, self.events[job.order.case]) for job in self.jobs]
        found = list(self.found.values())
        pairs = [
            pair(_sum(wanted, name), _sum(found, name))
            for name in ("produced", "scrapped", "minutes")
        ]
        consumed = [sum(_all_consumed(totals)) for totals in (wanted, found)]
        same = sum(1 for job in self.jobs if self._same(job))
        return "all", "", *pairs, pair(*consumed), f"{same} of {len(self.jobs)} same"

    def _same(self, job):
        case = job.order.case
        wanted = self._wanted(job, self.events[case])
        return not wanted.differences(self.found[case])

    def _ask_pranks(self):
        """What the mischief came to; refused at the door is as good as parked."""
        for sending in self.demo.pranks:
            event_id = sending.event["id"]
            if event_id not in self.demo.notebook.hrefs:
                continue
            outcome = self.outcomes.look(event_id)
            self._note_open([outcome])
            came = outcome.code or outcome.state
            healed = outcome.state == "posted" and sending.expect in HEALS
            if came != sending.expect and not healed:
                self._odd_prank(sending, outcome, came)

    def _odd_prank(self, sending, outcome, came):
        text = f"mischief {sending.event['type']}: {came}, not {sending.expect}"
        self.demo.tally.odd.append(f"{text} {outcome.detail}".rstrip())
        if outcome.state == "posted":
            self.faults += 1

    def _tell_parked(self):
        if not self.parked:
            return
        self.say()
        self.say("Parked, each until a person does what is said:")
        for code, found in sorted(self.parked.items()):
            self.say(f"  {code} ({len(found)}): {found[0].title}")
            self.say(f"      {found[0].next_action}")
        self.say(f"  {self.held} more wait behind these")

    def _tell_summary(self):
        tally = self.demo.tally
        seconds = max(tally.sending + tally.settling, 0.001)
        sent = sum(tally.answers.values())
        rows = [(word, tally.answers[word]) for word in ANSWERS]
        rows += [
            ("bodies that were no events, refused", tally.raw),
            ("requests sent again", self.demo.plant.counts["repeated requests"]),
            ("a second, from the first sent to the last posted", _rate(sent, seconds)),
        ]
        self.say()
        for line in table(("events", ""), rows):
            self.say(line)
        self._tell_hints()

    def _tell_hints(self):
        log, unmapped = self.demo.log, mischief.UNMAPPED
        review = sum((row.review for row in log.rows), Decimal())
        if review:
            self.say(
                f"{number(review)} pieces set aside for material review were not sent: "
                "quality events come later."
            )
        if HEALABLE in self.parked:
            self.say(
                f"To see messages heal: make the mapping for {unmapped} in Odoo, "
                f"Plant Integration > Mappings (equipment {unmapped} is the work "
                f"centre {mischief.UNMAPPED_NAME}); they post by themselves."
            )

    def _tell_odd(self):
        for text in self.demo.tally.odd:
            self.say(f"unexpected: {text}")
        run, faults = self.demo.run, self.faults
        self.say()
        verdict = f"{faults} UNEXPLAINED" if faults else "none unexplained"
        self.say(f"Differences: {verdict}")
        self.say(f"Odoo: {run['url']} login {run['login']}, {run['password']}")


ANSWERS = "accepted", "duplicate", "conflict", "rejected"
HEALABLE = "unknown-equipment"
HEALS = HEALABLE, "waiting"  # once somebody has made the mapping


def _rate(count, seconds):
    return f"{count / seconds:.0f}"


def _sum(all_totals, name):
    return sum((getattr(totals, name) for totals in all_totals), Decimal())


def _all_consumed(all_totals):
    return [amount for totals in all_totals for amount in totals.consumed.values()]
