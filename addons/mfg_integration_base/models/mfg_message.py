# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import catalogue, states, strict_json
from ..engine.failure import Failure, FieldError
from .after_commit import after_commit
from .mfg_interface import LANES
from .mfg_issue import LEFT_TO_PEOPLE

SHARDS = 8  # how many drains of one lane may run side by side

# state -> the states it may be reached from; the only table of transitions
TRANSITIONS = {
    "queued": (*states.UNSETTLED, "refused"),
    "waiting": states.OPEN,
    "retrying": (*states.OPEN, "sent"),
    "parked": (*states.OPEN, "sent"),
    "posted": states.OPEN,
    "cancelled": states.CANCELLABLE,
    "sent": states.UNDELIVERED,
    "acknowledged": states.UNDELIVERED,
    "refused": states.UNDELIVERED,
}
_TRIES = """coalesce(%s, 0) + coalesce(
    (SELECT tried.tries FROM tried WHERE tried.message_id = mfg_message.id), 0)"""
TRIED = {
    name: SQL(_TRIES, SQL.identifier("mfg_message", name))
    for name in ("attempts", "tries")
}
ISSUE_STATES = ("posted", "cancelled", "parked", "queued")  # an issue follows these


@lru_cache(maxsize=16)
def _parsed(text):
    return strict_json.loads(text.encode(), strict_json.STORED)


class MfgMessage(models.Model):
    """One event in or out: the log, the inbox and the outbox in one lean table.

    The row is the truth. Jobs only wake the drain, so that losing every job loses
    no message. Rows carry no chatter; what people do is kept in decisions.
    """

    _name = "mfg.message"
    _inherit = "mfg.lean"
    _description = "Plant Message"
    _order = "id desc"
    _rec_name = "event_id"

    direction = fields.Selection(
        [("in", "From plant"), ("out", "To plant")], required=True, readonly=True
    )
    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="restrict"
    )
    interface_id = fields.Many2one("mfg.interface", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    lane = fields.Selection(LANES, readonly=True)
    shard = fields.Integer(readonly=True)
    key = fields.Char(
        string="Ordering Key",
        readonly=True,
        help="Messages of one key take effect in order: usually the job order.",
    )
    event_id = fields.Char(string="Event ID", readonly=True)
    source = fields.Char(readonly=True)
    type = fields.Char(string="Message Type", readonly=True)
    subject = fields.Char(readonly=True)
    event_time = fields.Datetime(readonly=True, help="When it happened at the plant.")
    sequence = fields.Float(digits=(20, 0), readonly=True)
    correlation_id = fields.Char(readonly=True)
    causation_id = fields.Char(readonly=True)
    traceparent = fields.Char(readonly=True)
    expiry_time = fields.Datetime(readonly=True)
    payload = fields.Text(
        readonly=True, help="The event as it came; never overwritten."
    )
    payload_edited = fields.Text(readonly=True)
    fingerprint = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("waiting", "Waiting"),
            ("retrying", "Retrying"),
            ("parked", "Parked"),
            ("posted", "Posted"),
            ("cancelled", "Cancelled"),
            ("rejected", "Rejected"),
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
    )
    out_of_turn = fields.Boolean(
        readonly=True,
        help="A person let it, or what follows it, go on out of order.",
    )
    approved = fields.Json(
        readonly=True, help="The limits a person lifted for this message alone."
    )
    error_code = fields.Char(readonly=True)
    error_detail = fields.Text(readonly=True)
    error_fields = fields.Text(readonly=True)
    wanted = fields.Char(
        readonly=True, help="The mapping that would settle it, as kind:code."
    )
    attempts = fields.Integer(readonly=True, aggregator=None)
    tries = fields.Integer(
        readonly=True, aggregator=None, help="Attempts since it was last queued."
    )
    next_try_at = fields.Datetime(readonly=True)
    received_at = fields.Datetime(
        readonly=True, default=lambda self: fields.Datetime.now()
    )
    posted_at = fields.Datetime(readonly=True)
    issue_id = fields.Many2one("mfg.issue", readonly=True, ondelete="set null")
    reverses_id = fields.Many2one(
        "mfg.message",
        string="Takes Back",
        readonly=True,
        ondelete="set null",
        help="The earlier message whose effect this one has taken back.",
    )
    reversed_by_id = fields.Many2one(
        "mfg.message",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The later message that has taken back the effect of this one.",
    )
    attempt_ids = fields.One2many("mfg.message.attempt", "message_id")
    link_ids = fields.One2many("mfg.message.link", "message_id")
    decision_ids = fields.One2many("mfg.message.decision", "message_id")

    # a rejected event may be sent again, corrected, under the same id
    _identity = models.UniqueIndex(
        "(event_id, source, endpoint_id, direction) WHERE state <> 'rejected'",
        "This endpoint has an event with this source and id already.",
    )
    _due_index = models.Index(
        "(lane, shard, id) WHERE direction = 'in' AND (state = 'queued'"
        " OR (state IN ('retrying', 'waiting') AND next_try_at IS NOT NULL))"
    )
    _open_index = models.Index(
        "(endpoint_id, key, id) WHERE direction = 'in'"
        " AND state IN ('queued', 'waiting', 'retrying', 'parked')"
    )
    _outbox_index = models.Index(
        "(endpoint_id, id) WHERE state IN ('queued', 'retrying', 'sent')"
        " AND direction = 'out'"
    )
    # by beginning, as people search; by number, as the drain asks for the last one
    _key_index = models.Index("(key varchar_pattern_ops, endpoint_id, sequence)")
    _unsettled_index = models.Index(
        "(state, id) WHERE state NOT IN ('posted', 'acknowledged')"
    )
    _received_index = models.Index("(received_at)")
    _parked_index = models.Index("(wanted, endpoint_id) WHERE state = 'parked'")
    _log_index = models.Index("(company_id, id)")
    _issue_index = models.Index("(issue_id) WHERE issue_id IS NOT NULL")
    _reverses_unique = models.UniqueIndex(
        "(reverses_id) WHERE reverses_id IS NOT NULL",
        "An event is reversed only once.",
    )

    # -- reading ---------------------------------------------------------------

    def _event(self):
        """The event as a dict, numbers exact; an edit wins over the original.

        One parse serves all who ask for it in a row: nobody changes the dict.
        """
        self.ensure_one()
        return _parsed(self.payload_edited or self.payload or "{}")

    def _event_data(self):
        """The business part (``data``) of the event."""
        return self._event().get("data") or {}

    @api.model
    def _sent(self, endpoint, source, event_id):
        """The message of an event that an endpoint sent; of refused ones there is none.

        sudo: whoever asks names an event of the endpoint it acts for
        """
        return self.sudo().search(
            [
                ("event_id", "=", event_id),
                ("source", "=", source),
                ("endpoint_id", "=", endpoint.id),
                ("direction", "=", "in"),
                ("state", "!=", "rejected"),
            ]
        )

    @api.model
    def _identity_code(self, source, event_id):
        """An event's identity as the code of what a message wants (see ``_heal``)."""
        return f"{event_id} {source}"

    def _failure(self):
        """Why the message is not posted, as the engine and the contract know it."""
        self.ensure_one()
        errors = strict_json.loads((self.error_fields or "[]").encode())
        return Failure(
            self.error_code,
            self.error_detail or catalogue.entry_or_internal(self.error_code).title,
            [FieldError(**error) for error in errors],
        )

    def _insist(self, failure):
        """Raise a failure, unless a person approved of it for this very message.

        :raise Failure: the one given
        """
        self.ensure_one()
        if not set(failure.rules) <= set(self.approved or ()):
            raise failure

    def _link(self, records, role="created", undo=None):
        """Tie Odoo records to the message that made or changed them.

        :param undo: what a reversal needs to know, per record, as a JSON value
        """
        self.env["mfg.message.link"]._add(
            [(self, record, role, undo) for record in records]
        )

    # -- the one transition ------------------------------------------------------

    def _transition(self, state, **values):
        """Move messages to a state: nothing else writes it.

        One statement checks and moves, so that of two that race (the drain and a
        person) one wins and the other is told. It also ends the claim, if there is
        one, and counts its tries.

        :raise UserError: a message is no longer where this transition may start
        """
        if not self:
            return
        columns = {"state": state, "write_date": fields.Datetime.now(), **values}
        columns["write_uid"] = self.env.uid
        self.env.flush_all()
        moved = self.env.execute_query(
            SQL(
                """
                WITH tried AS (
                    DELETE FROM mfg_message_claim WHERE message_id IN %s
                    RETURNING message_id, tries)
                UPDATE mfg_message SET %s WHERE id IN %s AND state IN %s
                RETURNING issue_id
                """,
                tuple(self.ids),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in {**TRIED, **columns}.items()
                ),
                tuple(self.ids),
                TRANSITIONS[state],
            )
        )
        self.invalidate_recordset()
        if len(moved) < len(self):
            raise UserError(
                self.env._("A message was settled in the meantime. Reload the page.")
            )
        if state in LEFT_TO_PEOPLE or (
            state in ISSUE_STATES and any(issue for (issue,) in moved)
        ):
            self.env["mfg.issue"]._refresh(self)

    def write(self, vals):
        if "state" in vals:
            raise AccessError(self.env._("A message's state follows its own rules."))
        return super().write(vals)

    def _park(self, code, detail, errors=(), wanted=None):
        """Leave a message to a person, with what they need to know."""
        values = {
            "error_code": code,
            "error_detail": detail,
            "error_fields": json.dumps([error.as_dict() for error in errors]),
            "wanted": f"{wanted[0]}:{wanted[1]}" if wanted else None,
            "next_try_at": None,
        }
        self._transition("parked", **values)

    def _requeue(self, **values):
        """Give messages another turn and wake their drains."""
        cleared = dict.fromkeys(
            (
                "error_code",
                "error_detail",
                "error_fields",
                "wanted",
                "next_try_at",
            )
        )
        self._transition("queued", tries=0, **{**cleared, **values})
        self._wake()

    def _wake(self):
        """Wake the drains of these messages, and of what follows them in their keys.

        A drain that still sees them as they were may hold a follower back, unseen here.
        So both look again after their own commit, and the later one sees the other:
        this one releases followers once more, the drain decides once more.
        """
        inbound = self.filtered(lambda m: m.direction == "in")
        keys = {(m.endpoint_id.id, m.key): None for m in inbound if m.key}
        drain = self.env["mfg.drain"]
        drain._wake_for(inbound | drain._release_followers(keys))
        after_commit(drain, "_release_again", keys)

    @api.model
    def _heal(self, kind, codes, endpoint=None, **values):
        """Queue again what was parked for a code that is now known.

        :param values: columns to set besides, see :meth:`_requeue`
        """
        domain = [
            ("state", "=", "parked"),
            ("wanted", "in", [f"{kind}:{code}" for code in codes if code]),
        ]
        if endpoint:
            domain.append(("endpoint_id", "in", endpoint.ids))
        # sudo: whoever knows the code need not see the messages it settles
        healed = self.sudo().search(domain, order="id")
        healed._requeue(**values)
        return healed
