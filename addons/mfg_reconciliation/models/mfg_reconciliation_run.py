# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.mfg_mes_connector.models.mrp_production import OPEN_STATES, RELEASED

from .mfg_snapshot import REQUESTED

_logger = logging.getLogger(__name__)
LAST = "mfg_reconciliation.last_run"
CHUNK = 500  # orders of one request
# rows bear the time at which their transaction began, and are seen when it ends
IN_FLIGHT = timedelta(hours=1)


class MfgReconciliation(models.Model):
    """What is compared without anyone asking: at night, and what differs again soon."""

    _inherit = "mfg.reconciliation"

    @api.model
    def _nightly(self):
        """Cron: ask the plants, and compare what messages did with Odoo's books, for
        every order that messages or people touched since the last night."""
        parameters = self.env["ir.config_parameter"]
        last = fields.Datetime.to_datetime(parameters.get_param(LAST))
        now = fields.Datetime.now()
        touched = self._touched((last or now - timedelta(days=1)) - IN_FLIGHT)
        self._request_many(dict.fromkeys([*touched, *self._silent()]), now)
        self._one_by_one(self._compare_order, touched)
        parameters.set_param(LAST, fields.Datetime.to_string(now))
        self.env["ir.cron"]._commit_progress()

    def _compare_order(self, endpoint_id, order_id):
        endpoint = self.env["mfg.endpoint"].browse(endpoint_id)
        self._compare_books(endpoint, self.env["mrp.production"].browse(order_id))

    def _one_by_one(self, compare, orders):
        """Compare, each in a transaction of its own: what cannot be compared is for the
        log, and keeps nobody from the others.

        :param orders: what ``compare`` takes, the order's id last
        """
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(orders))
        for names in orders:
            try:
                with self.env.cr.savepoint():
                    compare(*names)
            except Exception:
                self.env.invalidate_all(flush=False)
                order = self.env["mrp.production"].browse(names[-1]).exists()
                _logger.exception("Order %s cannot be compared", order.name)
            crons._commit_progress(1)

    def _touched(self, since):
        """(endpoint id, first order of the family) of what was touched since a time, of
        orders that messages of the endpoint worked on."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH touched AS (
                    SELECT res_id AS id FROM mfg_message_link
                     WHERE res_model = 'mrp.production' AND create_date >= %(since)s
                    UNION
                    SELECT coalesce(m.raw_material_production_id, m.production_id)
                      FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id
                     WHERE l.write_date >= %(since)s
                    UNION
                    SELECT production_id FROM stock_scrap WHERE write_date >= %(since)s
                    UNION
                    SELECT w.production_id FROM mrp_workcenter_productivity p
                      JOIN mrp_workorder w ON w.id = p.workorder_id
                     WHERE p.write_date >= %(since)s)
                SELECT x.endpoint_id, min(f.id)
                  FROM touched t
                  JOIN mrp_production o ON o.id = t.id
                  JOIN mrp_production f ON f.company_id = o.company_id
                   AND f.mfg_job_order_id = o.mfg_job_order_id
                  JOIN mfg_message_link k
                    ON k.res_model = 'mrp.production' AND k.res_id = o.id
                  JOIN mfg_message x ON x.id = k.message_id AND x.direction = 'in'
                 GROUP BY x.endpoint_id, o.company_id, o.mfg_job_order_id
                 ORDER BY x.endpoint_id, o.mfg_job_order_id
                """,
                since=since,
            )
        )

    # -- asking the plants ---------------------------------------------------------

    def _silent(self):
        """(endpoint id, first order of the family) of what plants are at work on: all
        that they told of it may be lost."""
        domain = [("type", "=", REQUESTED), ("direction", "=", "out")]
        found = {}
        for company in self.env["mfg.interface"].search(domain).company_id:
            for order in self._open_orders(company):
                for endpoint_id in self._at_work(order):
                    found[endpoint_id, order.id] = None
        return list(found)

    def _open_orders(self, company):
        """The first order of each family that is not over."""
        domain = [
            ("company_id", "=", company.id),
            ("mfg_job_order_id", "!=", False),
            ("state", "in", OPEN_STATES),
        ]
        orders = self.env["mrp.production"].search(domain, order="id")
        return self.env["mrp.production"].union(
            *(order._mfg_family().sorted("id")[:1] for order in orders)
        )

    def _at_work(self, order):
        """Ids of the endpoints that are told of such orders, and take requests."""
        return set.intersection(
            *(
                {
                    taker.endpoint_id
                    for taker in self.env["mfg.outbox"]._takers(
                        event_type, order.company_id, order._mfg_facts()
                    )
                }
                for event_type in (RELEASED, REQUESTED)
            )
        )

    def _request_many(self, orders, now):
        """One request per endpoint that takes them, and so many orders."""
        by_endpoint = {}
        for endpoint_id, order_id in orders:
            by_endpoint.setdefault(endpoint_id, []).append(order_id)
        for endpoint_id, ids in by_endpoint.items():
            endpoint = self.env["mfg.endpoint"].browse(endpoint_id)
            codes = self.env["mrp.production"].browse(ids).mapped("mfg_job_order_id")
            for start in range(0, len(codes), CHUNK):
                self._emit_request(endpoint, codes[start : start + CHUNK], now)

    def _request(self, now):
        """Ask for these orders.

        :return: the outgoing messages
        """
        asked = self.env["mfg.message"]
        for endpoint in self.endpoint_id:
            mine = self.filtered(lambda r, e=endpoint: r.endpoint_id == e)
            codes = list(dict.fromkeys(mine.mapped("job_order_id")))
            asked |= self._emit_request(endpoint, codes, now)
        return asked

    def _emit_request(self, endpoint, codes, now):
        data = {"jobOrderIds": codes, "asOf": self.env["mfg.joborder"]._time(now)}
        subject = codes[0] if len(codes) == 1 else "snapshots"
        return self.env["mfg.outbox"].emit(
            REQUESTED,
            subject,
            data,
            endpoint.company_id,
            endpoint=endpoint,
        )

    # -- what differs, again -------------------------------------------------------

    @api.model
    def _follow(self):
        """Cron: compare again what differs, where anything has happened since, or may
        have been in flight as it was compared."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT r.id, r.order_id FROM mfg_reconciliation r
                 WHERE r.state = 'differs' AND (EXISTS (
                    SELECT 1 FROM mrp_production o
                      JOIN mrp_production f ON f.company_id = o.company_id
                       AND f.mfg_job_order_id = o.mfg_job_order_id
                      JOIN mfg_message_link k
                        ON k.res_model = 'mrp.production' AND k.res_id = f.id
                     WHERE o.id = r.order_id
                       AND k.create_date >= least(r.compared_at, %(lately)s)
                       AND k.create_date > least(r.write_date, %(lately)s))
                    OR EXISTS (
                    SELECT 1 FROM mfg_reconciliation_line x
                      JOIN mfg_reconciliation_line_message_rel p ON p.line_id = x.id
                      JOIN mfg_message m ON m.id = p.message_id
                     WHERE x.reconciliation_id = r.id
                       AND m.write_date > least(r.write_date, %(lately)s))
                    OR EXISTS (
                    SELECT 1 FROM mfg_reconciliation_line x
                      JOIN mfg_reconciliation_line_correction_rel p ON p.line_id = x.id
                      JOIN mfg_message m ON m.id = p.message_id
                     WHERE x.reconciliation_id = r.id AND x.state = 'posting'
                       AND m.state = 'cancelled'))
                 ORDER BY r.id
                """,
                lately=fields.Datetime.now() - IN_FLIGHT,
            )
        )
        self._one_by_one(self._compare_row, rows)

    def _compare_row(self, id_, _order_id):
        self.browse(id_)._compare_again()
