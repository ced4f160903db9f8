# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter
from datetime import timedelta

from odoo import Command, api, fields, models

from ..engine.schema_diff import differences

REHEARSED = "rehearsed"
LATEST = 50  # messages looked at
DAYS = 30  # how far back those of the version before are looked for


class MfgInterfaceReview(models.TransientModel):
    """What a manager should know before a version goes live, and the approval.

    What differs in the schema, how the messages of the trial would have ended, and how
    many of the messages of the version before follow the new schema as they are.
    """

    _name = "mfg.interface.review"
    _description = "Review a Version"

    interface_id = fields.Many2one("mfg.interface", required=True, readonly=True)
    # Anybody may name any interface here: its fields are read by the person's rights.
    stage = fields.Selection(related="interface_id.stage", related_sudo=False)
    direction = fields.Selection(related="interface_id.direction", related_sudo=False)
    earlier_id = fields.Many2one(related="interface_id.earlier_id", related_sudo=False)
    difference_ids = fields.One2many(
        "mfg.interface.review.difference", "review_id", readonly=True
    )
    trial_ids = fields.One2many(
        "mfg.interface.review.trial", "review_id", readonly=True
    )
    trial_words = fields.Char(compute="_compute_trial_words")
    trial_failed = fields.Integer(compute="_compute_trial_words")
    earlier_words = fields.Text(readonly=True)
    reason = fields.Text(help="Kept with the interface, with your name and the time.")

    @api.model_create_multi
    def create(self, vals_list):
        reviews = super().create(vals_list)
        for review in reviews:
            review.difference_ids = review._differences()
            review.trial_ids = review._trials(review._kept)
            review.earlier_words = review._words_on_earlier()
        return reviews

    @api.depends("trial_ids.verdict")
    def _compute_trial_words(self):
        for review in self:
            count = len(review.trial_ids)
            failed = len(review.trial_ids.filtered(lambda t: t.verdict != "good"))
            review.trial_failed = failed
            review.trial_words = review._words_on_trial(count, failed)

    def _words_on_trial(self, count, failed):
        if self.direction == "out":
            return self.env._("Nothing is sent in this version until it is approved.")
        if not count:
            return self.env._(
                "The plant has sent nothing in this version yet. Have it send some "
                "messages first: they are rehearsed and change nothing."
            )
        if not failed:
            return self.env._(
                "The last %(count)s messages of this version would all have been "
                "posted.",
                count=count,
            )
        return self.env._(
            "Of the last %(count)s messages of this version, %(failed)s would not have "
            "been posted.",
            count=count,
            failed=failed,
        )

    def action_rehearse(self):
        """Rehearse the messages of the trial once more: things may be mapped by now."""
        self.ensure_one()
        lines = self._trials(self._anew)
        self.trial_ids.unlink()
        self.trial_ids = lines
        return self._open()

    def action_approve(self):
        self.ensure_one()
        self.interface_id._approve(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review %(name)s", name=self.interface_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # -- what differs ------------------------------------------------------------------

    def _differences(self):
        if not self.earlier_id:
            return []
        store = self.env["mfg.contract"]._store()
        before, after = (
            store.document(interface.type)
            for interface in (self.earlier_id, self.interface_id)
        )
        return [
            Command.create(
                {
                    "path": one.path,
                    "change": one.change,
                    "before": one.before,
                    "after": one.after,
                }
            )
            for one in differences(before, after)
        ]

    # -- the trial ---------------------------------------------------------------------

    def _trials(self, judged):
        """A line per message of the trial; ``judged`` says how it would have ended."""
        messages = self.env["mfg.message"].search(
            [
                ("interface_id", "=", self.interface_id.id),
                ("state", "=", "cancelled"),
                ("error_code", "!=", False),  # a person cancelled the others
            ],
            order="id desc",
            limit=LATEST,
        )
        return [
            Command.create(
                {"message_id": message.id, "verdict": verdict, "detail": detail}
            )
            for message in messages
            for verdict, detail in [judged(message)]
        ]

    def _kept(self, message):
        verdict = "good" if message.error_code == REHEARSED else "bad"
        return verdict, message.error_detail

    def _anew(self, message):
        # as the plant's service user, and undone: nothing is posted
        inbox = self.env["mfg.inbox"].sudo()
        result = inbox._explained(message.endpoint_id.sudo(), message.id)
        self.env.invalidate_all(flush=False)
        if "error" in result:
            return "bad", result["error"]["detail"]
        names = ", ".join(record["name"] for record in result["records"]) or "-"
        return "good", self.env._("Would touch %(names)s", names=names)

    # -- the version before ------------------------------------------------------------

    def _words_on_earlier(self):
        """Whether its latest messages follow the new schema, and what is in the way."""
        since = fields.Datetime.now() - timedelta(days=DAYS)
        messages = self.env["mfg.message"].search(
            [
                ("interface_id", "=", self.earlier_id.id),
                ("received_at", ">=", since),
                ("state", "!=", "rejected"),
            ],
            order="id desc",
            limit=LATEST,
        )
        if not self.earlier_id or not messages:
            return False
        check, found = self.env["mfg.contract"]._errors, Counter()
        good = 0
        for message in messages:
            errors = check(self.interface_id.type, message._event_data())
            found.update({f"{error.pointer}: {error.detail}" for error in errors})
            good += not errors
        heading = self.env._(
            "Of the last %(count)s messages of the version before, %(good)s follow the "
            "schema of this one as they are.",
            count=len(messages),
            good=good,
        )
        most = [f"{words} ({count})" for words, count in found.most_common(10)]
        return "\n".join([heading, *most])


class MfgInterfaceReviewTrial(models.TransientModel):
    """One message of the trial, and how it would have ended."""

    _name = "mfg.interface.review.trial"
    _description = "Rehearsed Message"
    _rec_name = "detail"

    review_id = fields.Many2one(
        "mfg.interface.review", required=True, ondelete="cascade"
    )
    message_id = fields.Many2one("mfg.message", required=True, ondelete="cascade")
    received_at = fields.Datetime(related="message_id.received_at", related_sudo=False)
    subject = fields.Char(
        related="message_id.subject", related_sudo=False, string="Order or Machine"
    )
    verdict = fields.Selection(
        [("good", "Would be posted"), ("bad", "Would not be posted")],
        string="Outcome",
        readonly=True,
    )
    detail = fields.Text(string="What Would Happen", readonly=True)

    def action_open_message(self):
        return self.message_id.get_formview_action()
