# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import math
import time
from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.tools import SQL, groupby

from ..engine import breaker, catalogue, delivery, states
from ..engine import delivery_codes as codes
from ..tools.translation import translated

OUTCOMES = {"gone": "retrying"}  # a verdict's outcome -> an attempt's, if another
ONE_MORE = SQL("coalesce(attempts, 0) + 1")
NO_ERROR = dict.fromkeys(("error_code", "error_detail", "error_fields", "next_try_at"))


class MfgPush(models.AbstractModel):
    """What became of the deliveries, written down: states, attempts, health."""

    _inherit = "mfg.push"

    def _note(self, landed):
        """Write down what came back.

        Between the plant's answer and this commit a crash means: sent again.
        """
        found = [one for run in landed for one in run if one.answer]
        found.sort(key=lambda one: one.endpoint_id)
        if found:
            self.env["mfg.drain"]._racing(partial(self._settle, found))

    def _settle(self, found):
        """In one transaction; what a person settled in the meantime stays so."""
        now = time.time()
        verdicts = {one: delivery.judge(one.answer, now) for one in found}
        messages = self.env["mfg.message"].browse([one.letter.id for one in found])
        known = messages.exists()
        here = {m.id for m in known if m.state in states.UNDELIVERED}
        self._settle_messages(verdicts, here)
        # the plant may have taken what a person cancelled meanwhile: that is shown
        kept = {one: v for one, v in verdicts.items() if one.letter.id in known._ids}
        self._note_attempts(kept, here)
        for endpoint_id, group in groupby(found, lambda one: one.endpoint_id):
            endpoint = self.env["mfg.endpoint"].browse(endpoint_id)
            self._settle_endpoint(endpoint, [(o, verdicts[o]) for o in group], now)

    # -- messages ------------------------------------------------------------------

    def _settle_messages(self, verdicts, here):
        taken = self.env["mfg.message"]
        for one, verdict in verdicts.items():
            message = taken.browse(one.letter.id)
            if message.id not in here:
                continue
            if verdict.outcome == "acknowledged":
                taken += message
            else:
                getattr(self, f"_settle_{verdict.outcome}")(message, one, verdict)
        taken._transition(
            "acknowledged",
            posted_at=fields.Datetime.now(),
            attempts=ONE_MORE,
            **NO_ERROR,
        )

    def _settle_retrying(self, message, one, verdict):
        if verdict.put_off(message.attempts):
            self._settle_later(message, one, verdict, verdict.rest, attempts=ONE_MORE)
            return
        pause = delivery.pause(message.tries + 1)
        if pause is None:  # that was the last attempt
            self._settle_parked(message, one, verdict)
            return
        pause = max(pause, verdict.rest or 0)
        self._settle_later(message, one, verdict, pause, **self._counted())

    def _settle_later(self, message, one, verdict, pause, **counted):
        message._transition(
            "retrying",
            error_code=verdict.code,
            error_detail=self._detail(one, verdict),
            next_try_at=_not_before(pause),
            **counted,
        )

    def _settle_parked(self, message, one, verdict):
        message._transition("retrying", **self._counted())
        message._park(verdict.code, self._detail(one, verdict))

    def _settle_refused(self, message, one, verdict):
        message._transition(
            "refused",
            error_code=verdict.code,
            error_detail=self._detail(one, verdict),
            next_try_at=None,
            **self._counted(),
        )

    def _settle_gone(self, message, one, verdict):
        """It waits, as all others of its endpoint do, until a person has decided."""
        message._transition(
            "retrying",
            error_code=verdict.code,
            error_detail=self._detail(one, verdict),
            next_try_at=fields.Datetime.now(),
            **self._counted(),
        )

    def _counted(self):
        return {"attempts": ONE_MORE, "tries": SQL("coalesce(tries, 0) + 1")}

    def _detail(self, one, verdict):
        """One sentence with what the plant's side said."""
        if one.answer.status is None:
            return one.answer.text
        said = " ".join(one.answer.text.split())[:500]
        if not said:
            return self.env._("HTTP %(status)s, no text.", status=one.answer.status)
        return self.env._(
            "HTTP %(status)s: %(text)s", status=one.answer.status, text=said
        )

    def _note_attempts(self, verdicts, here):
        ids = [one.letter.id for one in verdicts]
        messages = self.env["mfg.message"].browse(ids)
        by_id = {message.id: message for message in messages}
        self.env["mfg.message.attempt"]._insert(
            [
                {
                    "message_id": one.letter.id,
                    "company_id": by_id[one.letter.id].company_id.id,
                    "number": by_id[one.letter.id].attempts
                    + (one.letter.id not in here),
                    "started_at": one.started,
                    "duration_ms": int(one.seconds * 1000),
                    "outcome": self._outcome(by_id[one.letter.id], verdict),
                    "error_code": verdict.code,
                    "http_status": one.answer.status,
                    "answer": one.answer.text[:1000] or None,
                }
                for one, verdict in verdicts.items()
            ]
        )

    def _outcome(self, message, verdict):
        """What the attempt led to: the last one parks what else would retry."""
        if message.state == "parked":
            return "parked"
        return OUTCOMES.get(verdict.outcome, verdict.outcome)

    # -- the endpoint --------------------------------------------------------------

    def _settle_endpoint(self, endpoint, ended, now):
        health = self.env["mfg.push.health"]._of(endpoint)[endpoint.id]
        was = kept = health._breaker()
        for _one, verdict in ended:
            kept = breaker.after(kept, verdict.healthy, now)
        health._keep(kept)
        failing = health._is_failing()
        health._count(ended, now)
        issues = self.env["mfg.issue"]
        if any(verdict.code == codes.MISDIRECTED for _one, verdict in ended):
            issues._push_misdirected(endpoint, health)
        elif failing and not health._is_failing():
            issues._push_works(endpoint)
        if kept.state == breaker.OPEN != was.state == breaker.CLOSED:
            issues._push_broken(endpoint, health)
        elif kept.state == breaker.CLOSED != was.state:
            issues._push_mended(endpoint)
        if any(verdict.outcome == "gone" for _one, verdict in ended):
            self._end(endpoint)

    def _end(self, endpoint):
        """The plant wants no more: nothing is sent until a person says so."""
        if endpoint.push_state == "gone":
            return
        endpoint.push_state = "gone"
        self.env["mfg.issue"]._push_gone(endpoint)
        endpoint.message_post(
            body=self.env._(
                "The plant's system answered 410 (gone): delivery has ended. "
                "What is to be delivered is kept. %(what)s",
                what=translated(self.env, catalogue.entry(codes.GONE).next_action),
            )
        )


class MfgPushHealth(models.Model):
    _inherit = "mfg.push.health"

    def _is_failing(self):
        """Whether the last request that ended, or one of its second, had failed."""
        failed, delivered = self.last_failure_at, self.last_success_at
        return bool(failed) and (not delivered or failed >= delivered)

    def _count(self, ended, now):
        """Note how requests of this endpoint ended."""
        good = [one for one, verdict in ended if verdict.outcome == "acknowledged"]
        bad = [pair for pair in ended if pair[1].outcome != "acknowledged"]
        moment, values = fields.Datetime.now(), {}
        if good:
            values["delivered"] = self.delivered + len(good)
            values["last_success_at"] = moment
        if bad:
            one, verdict = bad[-1]
            values["failed"] = self.failed + len(bad)
            values["last_failure_at"] = moment
            values["last_error"] = self.env["mfg.push"]._detail(one, verdict)[:200]
        rest = max((verdict.rest or 0 for _one, verdict in ended), default=0)
        if rest:
            values["rests_until"] = _not_before(rest)
        self.write(values)


def _not_before(seconds):
    """The moment when at least so many seconds are over.

    The database keeps whole seconds and `now` has lost its fraction: rounded up, so
    that nobody who asked for time is asked again before it.
    """
    return fields.Datetime.now() + timedelta(seconds=math.ceil(seconds) + 1)
