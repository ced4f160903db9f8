# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine.failure import Failure
from ..tools.translation import translated
from .owned_changes import Changes

STATES = [
    ("open", "To Decide"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("overtaken", "Replaced by a newer one"),
    ("withdrawn", "Withdrawn by the plant"),
]


class MfgProposal(models.Model):
    """A plant would like master data to be otherwise; a person decides.

    Accepting does what the plant's message would have done if the plant were the owner,
    but with the rights of who accepts.
    """

    _name = "mfg.proposal"
    _inherit = "mfg.opens.record"
    _description = "Plant Proposal"
    _order = "id desc"
    _rec_name = "title"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        selection=lambda self: self.env["mfg.handler.owned"]._selection_kind(),
        string="Master Data",
        required=True,
        readonly=True,
    )
    code = fields.Char(string="Plant Code", required=True, readonly=True)
    identity = fields.Char(required=True, readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    action = fields.Selection(
        [("new", "New"), ("change", "Change"), ("end", "End")],
        string="Wish",
        required=True,
        readonly=True,
    )
    data = fields.Json(readonly=True)
    message_id = fields.Many2one("mfg.message", readonly=True, ondelete="set null")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    record_name = fields.Char(string="Odoo Record", readonly=True)
    title = fields.Char(compute="_compute_title")
    line_ids = fields.One2many("mfg.proposal.line", "proposal_id", readonly=True)
    changes = fields.Char(string="In Words", compute="_compute_changes")
    state = fields.Selection(STATES, default="open", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    reason = fields.Text(string="Why", readonly=True)

    _open_unique = models.UniqueIndex(
        "(endpoint_id, kind, identity) WHERE state = 'open'",
        "There is an open proposal for this record.",
    )

    @api.depends("kind", "action", "code", "record_name")
    @api.depends_context("lang")
    def _compute_title(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            words = {
                "kind": kinds.get(row.kind, row.kind),
                "name": row.record_name or row.code,
            }
            told = {
                "new": self.env._("%(kind)s: new %(name)s", **words),
                "change": self.env._("%(kind)s: change of %(name)s", **words),
                "end": self.env._("%(kind)s: end of %(name)s", **words),
            }
            row.title = told.get(row.action)

    @api.depends("line_ids.name", "line_ids.proposed")
    def _compute_changes(self):
        for row in self:
            row.changes = ", ".join(
                f"{line.name}: {line.proposed or '-'}" for line in row.line_ids
            )

    # -- proposing ---------------------------------------------------------------------

    @api.model
    def _propose(self, handler, message, data):
        """Put what a message says before a person; nothing else changes."""
        endpoint = message.endpoint_id
        # sudo: the service user proposes and does not decide; it sees no proposal
        master = handler.sudo()._in_company(endpoint.company_id)
        rows = self.sudo()
        record = master._record(endpoint, data)
        lines = master._recoding(endpoint, data, record)
        lines += master._differences(endpoint, data, record)
        if record and not lines and not data.get("deleted"):
            return  # Odoo says so already
        proposal = rows.create(
            {
                **rows._values_of(handler, message, data, record),
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        message._link(proposal, "created", {})

    def _values_of(self, handler, message, data, record):
        action = "change" if record else "new"
        endpoint = message.endpoint_id
        return {
            "endpoint_id": endpoint.id,
            "kind": handler._mfg_kind,
            "code": handler._code(data),
            "identity": handler._identity(endpoint, data),
            "version": int(data["version"]),
            "action": "end" if data.get("deleted") else action,
            "data": _exact(data),
            "message_id": message.id,
            "res_model": handler._mfg_model,
            "res_id": record.id,
            "record_name": record.display_name if record else False,
        }

    def _overtake(self, endpoint, handler, data):
        """What the plant said before of the same record is no wish of it any more."""
        earlier = self.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", handler._mfg_kind),
                ("identity", "=", handler._identity(endpoint, data)),
                ("state", "=", "open"),
            ]
        )
        earlier._settle("overtaken")

    def _withdraw(self):
        """The plant takes its message back."""
        if self.state == "accepted":
            detail = self.env._(
                "%(person)s accepted it on %(day)s: change it in Odoo.",
                person=self.decided_by_id.name,
                day=fields.Date.to_string(self.decided_at),
            )
            raise Failure("not-reversible", detail)
        if self.state == "open":
            self._settle("withdrawn")

    # -- deciding ----------------------------------------------------------------------

    def action_accept(self):
        self._accept()
        return True

    def action_refuse(self):
        return self._ask("refuse")

    def _ask(self, action):
        action_id = "mfg_integration_base.mfg_proposal_decide_action"
        action_values = self.env["ir.actions.act_window"]._for_xml_id(action_id)
        context = {"default_action": action, "active_ids": self.ids}
        return {**action_values, "context": context}

    def _accept(self, reason=None):
        """Do what the plant proposes, as the person who accepts."""
        self._check_decides()
        self._settle("accepted", reason)
        for proposal in self.sorted("id"):
            proposal._carry_out()

    def _refuse(self, reason):
        self._check_decides()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a reason is required."))
        self._settle("refused", reason)

    def _check_decides(self):
        if not self.env.user.has_group("mfg_integration_base.group_mfg_operator"):
            raise AccessError(self.env._("You may read proposals, not decide them."))
        self.check_access("read")

    def _settle(self, state, reason=None):
        """Open proposals come to their end, each once: of two that decide, one does.

        :raise UserError: one is not open any more
        """
        if not self:
            return
        self.env.flush_all()
        person = state in ("accepted", "refused")
        settled = self.env.execute_query(
            SQL(
                "UPDATE mfg_proposal SET state = %s, reason = %s, decided_by_id = %s,"
                " decided_at = %s WHERE id IN %s AND state = 'open' RETURNING id",
                state,
                (reason or "").strip() or None,
                self.env.uid if person else None,
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset()
        if len(settled) < len(self):
            raise UserError(
                self.env._("A proposal was settled in the meantime. Reload the page.")
            )
        # sudo: what it was before is kept, by nobody's right
        self.sudo().line_ids._keep_current()

    def _carry_out(self):
        endpoint, message = self.endpoint_id, self.sudo().message_id
        handler = self.env["mfg.handler.owned"]._of_kind(self.kind)
        handler = handler._in_company(endpoint.company_id)
        changes = Changes(endpoint, message.with_env(self.env))
        try:
            record = self._apply(handler, changes, self.data)
        except Failure as failure:
            raise UserError(
                self.env._(
                    "%(title)s: %(problem)s\n%(next_action)s",
                    title=self.title,
                    problem=failure.detail,
                    next_action=translated(self.env, failure.entry.next_action),
                )
            ) from failure
        # sudo: what became of it is for the record, not anybody's to write
        self.sudo().write({"res_id": record.id, "record_name": record.display_name})
        versions = self.env["mfg.received.version"].sudo()
        versions._remember(endpoint, self.kind, self.identity, record)
        # also who waits for a code that Odoo knows now without a mapping
        codes = {self.code, self.identity}
        self.env["mfg.message"]._heal(self.kind, sorted(codes), endpoint)

    def _apply(self, handler, changes, data):
        record = handler._record(self.endpoint_id, data)
        if not data.get("deleted"):
            return handler._take_over(changes, data, record, handler._members(data))
        if record:
            handler._end(changes, data, record)
        return record


def _exact(value):
    """Decimals as the text that says exactly the same; Json knows floats only."""
    if isinstance(value, dict):
        return {name: _exact(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_exact(member) for member in value]
    return value if isinstance(value, str | bool | int | None) else str(value)
