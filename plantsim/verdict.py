# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The end of the demo: Odoo against the log, order by order, and what is parked."""

from collections import Counter, defaultdict

from . import pranks
from .account import HEAD, Account, sum_row
from .report import table


class Verdict:
    """Compares the run of a Demo with Odoo and tells what came out."""

    def __init__(self, demo, jobs, events):
        self.demo, self.outcomes = demo, demo.outcomes
        self.say, books = demo.console.say, demo.planner.books
        origins = [*events, *(story.origin for story in demo.stories)]
        self.found, self.states = books.totals(origins), books.states(origins)
        self.parked = defaultdict(list)  # code -> outcomes
        self.held, self.faults = 0, 0
        self.orders = [self._order(job, events[job.order.case]) for job in jobs]
        self.reconciled = books.reconciled(job.job_order_id for job in jobs)
        self.names = {job.order.case: job.job_order_id for job in jobs}
        self.stories = [self._story(story) for story in demo.stories]

    def _order(self, job, events):
        closing = job.segment(job.order.closing)
        account = self._account(job.order.case, job.order.part, events, closing)
        different = bool(account.differences)
        account.outcomes = self.outcomes.all_of(events, thorough=different)
        self._note_open(account.outcomes.values())
        return account

    def _story(self, story):
        account = self._account(story.origin, story.part, story.events)
        account.outcomes = self.outcomes.all_of(story.events, thorough=True)
        return account

    def _account(self, origin, part, events, closing=None):
        found, state = self.found[origin], self.states.get(origin, "")
        return Account(origin, part, events, found, state, closing)

    def tell(self):
        """Print it all; the exit code."""
        self._ask_pranks()
        self._tell_table([a.row() for a in self.orders] + [sum_row(self.orders)])
        if self.stories:
            self._tell_table([account.row() for account in self.stories])
        self.say("(log / Odoo where they differ)")
        for account in (*self.orders, *self.stories):
            self.faults += bool(account.differences and account.unexplained)
        self._tell_parked()
        self._tell_reconciled()
        self._tell_summary()
        self._tell_odd()
        return 1 if self.faults else 0

    def _tell_table(self, rows):
        self.say()
        for line in table(HEAD, rows):
            self.say(line)

    def _note_open(self, outcomes):
        for outcome in outcomes:
            if outcome.code:
                self.parked[outcome.code].append(outcome)
            elif outcome.state != "posted":
                self.held += 1

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

    def _tell_reconciled(self):
        """What Odoo itself found in the plant's counts must be what is found here."""
        causes = Counter()
        for account in self.orders:
            state, cause = self.reconciled.get(self.names[account.origin], ("none", ""))
            causes[cause or state] += 1
            if (state == "differs") != account.miscounted:
                self.demo.tally.odd.append(
                    f"{account.origin}: {account.verdict} here, {state} in Odoo"
                )
                self.faults += 1
        found = ", ".join(f"{number} {cause}" for cause, number in causes.most_common())
        self.say()
        self.say(f"Odoo's own reconciliation of the plant's counts: {found}")

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
        if sum(account.found.review for account in self.orders):
            self.say(
                "MRB: pieces set aside for material review are rework with the reason "
                "MRB in Odoo, because quality events come later."
            )
        if HEALABLE in self.parked:
            self.say(
                f"To see messages heal: make the mapping for {pranks.UNMAPPED} in "
                f"Odoo, Plant Integration > Mappings (equipment {pranks.UNMAPPED} is "
                f"the work centre {pranks.UNMAPPED_NAME}); they post by themselves."
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
