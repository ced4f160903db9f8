# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.mfg_integration_base.engine.failure import Failure

from .mfg_reconciler_order import RANK

GROUP = "mfg_integration_base.group_mfg_%s"
CAUSES = [
    ("missing", "Missing"),
    ("doubled", "Doubled"),
    ("changed", "Changed"),
    ("late", "Late"),
    ("by_hand", "By hand in Odoo"),
    ("parked", "Parked message"),
    ("waiting", "Not posted yet"),
    ("cancelled", "Cancelled or refused"),
    ("tolerance", "Out of tolerance"),
]


class MfgReconciliation(models.Model):
    """One order compared: what the plant counted, or what messages did, with Odoo.

    While an order differs there is one row of it, which each comparison renews; what
    matched, was corrected or accepted stays as it was that day.
    """

    _name = "mfg.reconciliation"
    _inherit = ["mail.thread"]
    _description = "Plant Reconciliation"
    _order = "compared_at desc, id desc"
    _rec_name = "job_order_id"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    order_id = fields.Many2one(
        "mrp.production",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    product_id = fields.Many2one("product.product", readonly=True)
    job_order_id = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("snapshot", "Plant's count against Odoo"),
            ("books", "Messages against Odoo's books"),
        ],
        string="Comparison",
        required=True,
        readonly=True,
    )
    snapshot_id = fields.Many2one("mfg.snapshot", readonly=True, ondelete="set null")
    as_of = fields.Datetime(
        readonly=True, help="Both sides are compared as they were at this moment."
    )
    compared_at = fields.Datetime(readonly=True)
    day = fields.Date(readonly=True, help="Of the moment that is compared.")
    state = fields.Selection(
        [
            ("matched", "Matches"),
            ("differs", "Differs"),
            ("corrected", "Corrected"),
            ("accepted", "Accepted"),
        ],
        required=True,
        readonly=True,
    )
    cause = fields.Selection(
        CAUSES, string="Main Cause", readonly=True, help="Of its open differences."
    )
    figure_count = fields.Integer(
        string="Figures", readonly=True, help="How many quantities were compared."
    )
    difference_count = fields.Integer(string="Differences", readonly=True)
    line_ids = fields.One2many("mfg.reconciliation.line", "reconciliation_id")

    _open_unique = models.UniqueIndex(
        "(order_id, endpoint_id, kind) WHERE state = 'differs'",
        "The differences of an order are one reconciliation.",
    )
    _day_index = models.Index("(company_id, day)")

    # -- comparing -----------------------------------------------------------------

    @api.model
    def _compare_snapshot(self, snapshot):
        """Compare a plant's snapshot with Odoo.

        :return: the reconciliation
        """
        reconciler = self._reconciler(snapshot.company_id)
        case = self._case_of(
            reconciler, snapshot.endpoint_id, snapshot.order_id, snapshot
        )
        values = {"kind": "snapshot", "snapshot_id": snapshot.id, "as_of": case.as_of}
        return self._keep(reconciler, case, values)

    @api.model
    def _compare_books(self, endpoint, order):
        """Compare what an endpoint's messages did with what Odoo holds."""
        reconciler = self._reconciler(endpoint.company_id)
        case = self._case_of(reconciler, endpoint, order)
        now = fields.Datetime.now()
        return self._keep(reconciler, case, {"kind": "books", "as_of": now})

    def _reconciler(self, company):
        """sudo: the comparison reads messages, stock and labour for people who may not
        read all of these; who may see its result is the reconciliation's rule."""
        return (
            self.env["mfg.reconciler"]
            .sudo()
            .with_context(allowed_company_ids=company.ids, lang=None)
        )

    def _case_of(self, reconciler, endpoint, order, snapshot=None):
        """An order and its backorders, with the engine's eyes."""
        family = order.with_env(reconciler.env)._mfg_family().sorted("id")
        own = endpoint.with_env(reconciler.env)
        return reconciler._case(
            own, family, snapshot and snapshot.with_env(reconciler.env)
        )

    def _keep(self, reconciler, case, values):
        reconciler.env.flush_all()
        findings, count = reconciler._differences(case)
        order = case.family[:1]
        found = self._to_renew(case, order, values)
        values |= {
            "compared_at": fields.Datetime.now(),
            "day": values["as_of"].date(),
            "figure_count": count,
        }
        if found:
            found.write(values)
            found.line_ids._renew(found, findings)
        else:
            found = self._begin(case, order, values)
            found.line_ids._renew(found, findings, found._accepted_before())
        found._settle()
        return found

    def _to_renew(self, case, order, values):
        """The row that a comparison renews: the open one, else that of the same
        snapshot, or day; or none."""
        same = Domain("order_id", "=", order.id)
        same &= Domain("endpoint_id", "=", case.endpoint.id)
        same &= Domain("kind", "=", values["kind"])
        if values.get("snapshot_id"):
            its = Domain("snapshot_id", "=", values["snapshot_id"])
        else:
            day = values["as_of"].date()
            its = Domain("day", "=", day) & Domain("state", "=", "matched")
        found = self.search(same & Domain("state", "=", "differs"), limit=1)
        return found or self.search(same & its, limit=1)

    def _accepted_before(self):
        """Mark -> difference that was accepted when the order was compared last."""
        last = self.search(
            [
                ("order_id", "=", self.order_id.id),
                ("endpoint_id", "=", self.endpoint_id.id),
                ("kind", "=", self.kind),
                ("id", "<", self.id),
            ],
            limit=1,
        )
        accepted = last.line_ids.filtered(lambda x: x.state == "accepted")
        return {line._mark(): line for line in accepted}

    def _begin(self, case, order, values):
        quiet = self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        made = quiet.create(
            {
                "endpoint_id": case.endpoint.id,
                "company_id": case.endpoint.company_id.id,
                "warehouse_id": order.picking_type_id.warehouse_id.id,
                "order_id": order.id,
                "product_id": order.product_id.id,
                "job_order_id": case.code,
                "state": "matched",
                **values,
            }
        )
        return self.browse(made.id)

    def _settle(self):
        """The state follows from the lines."""
        for row in self:
            states = row.line_ids.mapped("state")
            still_open = row.line_ids.filtered(lambda x: x.state in ("open", "posting"))
            state = "matched"
            if still_open:
                state = "differs"
            elif "corrected" in states:
                state = "corrected"
            elif "accepted" in states:
                state = "accepted"
            if state == "differs" and row._gives_way():
                continue
            causes = sorted(still_open.mapped("cause"), key=RANK.index)
            row.write(
                {
                    "state": state,
                    "cause": causes[0] if causes else False,
                    "difference_count": len(still_open),
                }
            )

    def _gives_way(self):
        """Where an order was compared anew and differs, that comparison tells what is
        open: decisions of an earlier one that are taken back open nothing there."""
        mine = self.line_ids.filtered(lambda x: x.state == "open")
        domain = [
            ("order_id", "=", self.order_id.id),
            ("endpoint_id", "=", self.endpoint_id.id),
            ("kind", "=", self.kind),
            ("state", "=", "differs"),
            ("id", "!=", self.id),
        ]
        if not mine or not self.search_count(domain, limit=1):
            return False
        mine.unlink()
        self.invalidate_recordset(["line_ids"])
        self._settle()
        return True

    # -- what people do ------------------------------------------------------------

    def action_compare(self):
        """Compare again, with what has come since."""
        self._check_role("operator")
        for row in self.sudo():  # sudo: the engine writes what it compares
            with row._refusals_told():
                row._compare_again()
        return True

    @contextmanager
    def _refusals_told(self):
        """What a count is refused for, such as a code that was changed since, is told.

        :raise UserError: it cannot be compared
        """
        try:
            yield
        except Failure as failure:
            raise UserError(
                self.env._(
                    "%(order)s cannot be compared: %(detail)s",
                    order=self.job_order_id,
                    detail=failure.detail,
                )
            ) from failure

    def _compare_again(self):
        self.ensure_one()
        if self.kind == "books":
            return self._compare_books(self.endpoint_id, self.order_id)
        snapshot = self.env["mfg.snapshot"]._current(self.endpoint_id, self.order_id)
        if not snapshot:
            return self
        return self._compare_snapshot(snapshot)

    def action_request(self):
        """Ask the plants for what they have counted by now."""
        self._check_role("operator")
        asked = self.sudo()._request(fields.Datetime.now())  # sudo: the outbox's
        if not asked:
            raise UserError(
                self.env._(
                    "The plant takes no requests: add “Snapshot requested” to the "
                    "interfaces of its endpoint."
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The plant is asked. Its answer is compared as soon as it comes."
                ),
            },
        }

    def action_decide(self):
        """Correct or accept its open differences; when none is, take back."""
        self.ensure_one()
        is_open = self.line_ids.filtered(lambda x: x.state == "open")
        return (is_open or self.line_ids).action_decide()

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action(context={})

    def action_open_messages(self):
        self.ensure_one()
        # sudo: mappings, of which only the codes are used
        reconciler = self.env["mfg.reconciler"].sudo()
        family = self.sudo().order_id._mfg_family()
        codes = reconciler._codes(self.endpoint_id, family, self.job_order_id)
        keys = [*codes, *(f"snapshot:{code}" for code in codes)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plant Messages"),
            "res_model": "mfg.message",
            "view_mode": "list,kanban,form",
            "domain": [("endpoint_id", "=", self.endpoint_id.id), ("key", "in", keys)],
        }

    def _check_role(self, role):
        if not self.env.user.has_group(GROUP % role):
            raise AccessError(
                self.env._("You may read reconciliations but not change them.")
            )
        self.check_access("read")
