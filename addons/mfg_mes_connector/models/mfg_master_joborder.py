# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.engine.texts import marker

from .mfg_joborder import decimal_text
from .mrp_production import CHANGED, OPEN_STATES, RELEASED

_lt = marker(__name__)

# ISA-95 dispatch status of an order's state in Odoo
STATUS = {
    "confirmed": "Ready",
    "progress": "Running",
    "to_close": "Completed",
    "done": "Closed",
    "cancel": "Cancelled",
}


# what an interface may choose orders by
CHOSEN_BY = {
    "warehouse": ("picking_type_id.warehouse_id", "in"),
    "category": ("product_id.categ_id", "child_of"),
    "workcenter": ("workorder_ids.workcenter_id", "in"),
}


class MfgMasterJoborder(models.AbstractModel):
    """Released orders as they stand, so that a plant that lost all its data gets them
    back and can hold its own account against Odoo's.

    Published like master data but only when a plant asks: whoever posts on an order
    adds its mark in one statement, and no job is woken. A backorder is the same job
    order: its first order stands for the whole family.
    """

    _name = "mfg.master.joborder"
    _inherit = "mfg.master"
    _description = "Published Job Orders"
    _mfg_kind = "joborder"
    _mfg_title = _lt("Job orders")
    _mfg_model = "mrp.production"
    _mfg_is_master = False
    _mfg_watched = {
        "mrp.production": {
            "state",
            "mfg_job_order_id",
            "mfg_version",
            "mfg_plant_open",
            "product_qty",
            "product_uom_id",
            "date_start",
            "date_finished",
            "priority",
            "origin",
        },
        "stock.move": {"state", "product_uom_qty", "quantity", "date", "workorder_id"},
        "stock.move.line": {"quantity"},
        "mrp.workorder": {"state", "workcenter_id", "duration_expected", "name"},
    }
    _mfg_via = {"mrp.workorder": "production_id"}

    def _types(self):
        return [RELEASED]

    def _concerned(self, records):
        moves = records.sudo()  # sudo: see mfg.master._concerned
        if records._name == "stock.move.line":
            moves = moves.move_id
        if moves._name == "stock.move":
            return (moves.raw_material_production_id | moves.production_id).ids
        return super()._concerned(records)

    def _domain(self, company):
        return [("mfg_job_order_id", "!=", False), ("company_id", "=", company.id)]

    # -- versions ----------------------------------------------------------------------

    def _grouped(self, company, marks):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, (SELECT min(f.id) FROM mrp_production f
                              WHERE f.mfg_job_order_id = o.mfg_job_order_id
                                AND f.company_id = o.company_id)
                FROM mrp_production o WHERE o.id = ANY(%s) AND o.company_id = %s
                  AND o.mfg_job_order_id IS NOT NULL
                """,
                list(marks),
                company.id,
            )
        )
        first, grouped = dict(rows), {}
        for id_, (forced, moment) in marks.items():
            root = first.get(id_, id_)
            before = grouped.get(root, (False, moment))
            grouped[root] = (before[0] or forced, max(before[1], moment))
        return grouped

    def _states(self, company, ids):
        """By SQL: what a plant is shown of an order, in no plant's words."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, r.mfg_job_order_id, md5(string_agg(concat_ws('|',
                    o.id, o.state, o.mfg_version, o.mfg_plant_open, o.product_qty,
                    o.product_uom_id, o.date_start, o.date_finished, o.priority,
                    o.origin, moves.said, workorders.said), ';' ORDER BY o.id))
                FROM mrp_production r
                JOIN mrp_production o ON o.mfg_job_order_id = r.mfg_job_order_id
                                     AND o.company_id = r.company_id
                LEFT JOIN LATERAL (
                    SELECT string_agg(concat_ws(' ', m.id, m.state, m.product_id,
                        m.product_uom_qty, m.quantity, m.workorder_id), ','
                        ORDER BY m.id) AS said
                    FROM stock_move m
                    WHERE m.raw_material_production_id = o.id OR m.production_id = o.id
                ) moves ON TRUE
                LEFT JOIN LATERAL (
                    SELECT string_agg(concat_ws(' ', w.id, w.state, w.workcenter_id,
                        w.duration_expected, w.name), ',' ORDER BY w.id) AS said
                    FROM mrp_workorder w WHERE w.production_id = o.id
                ) workorders ON TRUE
                WHERE r.id = ANY(%s) AND r.company_id = %s
                GROUP BY r.id, r.mfg_job_order_id
                """,
                ids,
                company.id,
            )
        )
        return {id_: (name, mark) for id_, name, mark in rows}

    # -- reading -----------------------------------------------------------------------

    def _statuses(self):
        """Dispatch status -> Odoo's states that are it."""
        found = defaultdict(list)
        for state, status in STATUS.items():
            found[status].append(state)
        return dict(found)

    def _sql_identity(self):
        return SQL("p.name")

    def _sql_where(self, endpoint, states=None, since=None, name=None):
        conditions = [self._sql_own(endpoint)]
        if states:
            state = self._sql_state_for(endpoint)
            conditions.append(SQL("%s IN %s", state, tuple(states)))
        if since:
            conditions.append(SQL("p.changed_at >= %s", since))
        if name:
            conditions.append(SQL("p.name = %s", name))
        return SQL(" AND ").join(conditions)

    def _sql_own(self, endpoint):
        """Orders that this endpoint is released, and those that it was once: it is to
        hear what becomes of them. Of deleted ones the log knows who was told."""
        # sudo: see mfg.master._records; the endpoint is the filter
        orders = self.env["mrp.production"].sudo()
        query = orders._search(self._released_domain(endpoint))
        return SQL(
            """CASE WHEN p.deleted THEN %s
                    ELSE p.res_id IN %s OR p.name IN %s END""",
            self._sql_was_told(endpoint),
            query.subselect(),
            self._sql_told(endpoint),
        )

    def _sql_told(self, endpoint, left=None):
        """Names of orders that the endpoint was told of; left: taken from it again."""
        return SQL(
            """(SELECT v.job_order FROM mfg_joborder_answer a
                JOIN mfg_joborder_version v ON v.id = a.version_id
                WHERE a.endpoint_id = %s AND %s)""",
            endpoint.id,
            self._sql_left() if left else SQL("TRUE"),
        )

    def _sql_left(self):
        """Whether answer `a` to version `v` is the plant's last and took it from it."""
        return SQL(
            """a.left AND NOT EXISTS (
                SELECT 1 FROM mfg_joborder_answer b
                JOIN mfg_joborder_version w ON w.id = b.version_id
                WHERE w.company_id = v.company_id AND w.job_order = v.job_order
                  AND w.number > v.number AND b.endpoint_id = a.endpoint_id)"""
        )

    def _sql_was_told(self, endpoint):
        if not self._filters_of(endpoint):
            return SQL("TRUE")
        return SQL(
            """EXISTS (SELECT 1 FROM mfg_message m
                WHERE m.key = p.name AND m.endpoint_id = %s AND m.direction = 'out'
                  AND m.type IN %s)""",
            endpoint.id,
            (RELEASED, CHANGED),
        )

    def _is_released(self, endpoint, name):
        """Whether there is such an order, published already or not."""
        # sudo: see mfg.master._records; the endpoint is the filter
        orders = self.env["mrp.production"].sudo()
        named = [("mfg_job_order_id", "=", name)]
        return bool(
            orders.search_count(self._released_domain(endpoint) + named, limit=1)
        )

    def _filters_of(self, endpoint):
        interface = self._interfaces(self._mfg_kind).filtered(
            lambda i: i.endpoint_id == endpoint
        )
        return [
            (fact, records) for fact, records in interface[:1]._filters() if records
        ]

    def _released_domain(self, endpoint):
        """As `mfg.outbox` chooses by the filters of the interface."""
        domain = self._domain(endpoint.company_id)
        for fact, records in self._filters_of(endpoint):
            path, operator = CHOSEN_BY[fact]
            domain.append((path, operator, records.ids))
        return domain

    def _sql_state_for(self, endpoint):
        """To who lost it to another plant an order is cancelled."""
        return SQL(
            "CASE WHEN p.name IN %s THEN 'cancel' ELSE %s END",
            self._sql_told(endpoint, left=True),
            self._sql_state(),
        )

    def _sql_state(self):
        """State of the order that stands for its family: see :meth:`_member`."""
        return SQL(
            """(SELECT o.state FROM mrp_production o
                WHERE o.mfg_job_order_id = p.name AND o.company_id = p.company_id
                ORDER BY o.state IN %s DESC, o.state <> 'cancel' DESC,
                         CASE WHEN o.state IN %s THEN o.id ELSE -o.id END
                LIMIT 1)""",
            OPEN_STATES,
            OPEN_STATES,
        )

    def _member(self, family):
        """The order that is worked on, else the last that was not cancelled."""
        return (
            family.filtered(lambda o: o.state != "cancel")._mfg_member() or family[-1:]
        )

    def _data(self, endpoint, records):
        families = {order: order._mfg_family().sorted("id") for order in records}
        orders = records.union(*families.values())
        facts = _Facts(self.env, endpoint, orders)
        plans = self.env["mfg.joborder"]._data(records, endpoint)
        left = self._left(endpoint, records)
        return {
            order.id: {
                **plans[order],
                "dispatchStatus": self._status(order, family, left),
                **facts.of(order, family),
            }
            for order, family in families.items()
        }

    def _left(self, endpoint, records):
        """Names of those that were taken from the endpoint."""
        names = records.mapped("mfg_job_order_id")
        rows = self.env.execute_query(
            SQL(
                "SELECT t.job_order FROM %s t WHERE t.job_order = ANY(%s)",
                self._sql_told(endpoint, left=True),
                names,
            )
        )
        return {name for (name,) in rows}

    def _status(self, order, family, left):
        gone = order.mfg_job_order_id in left
        state = "cancel" if gone else self._member(family).state
        return STATUS.get(state, "Ready")

    def _item(self, row, document):
        if row["deleted"]:
            known = {"jobOrderId": row["name"], "deleted": True}
        else:
            known = document
        return {**known, "revision": row["version"]}


class _Facts:
    """What was made, used and scrapped on orders, in two queries for all of them."""

    def __init__(self, env, endpoint, orders):
        self.posted = defaultdict(dict)
        for order_id, role, product_id, quantity in self._rows(env, orders):
            self.posted[order_id, role][product_id] = quantity
        ids = {id_ for amounts in self.posted.values() for id_ in amounts}
        # sudo: see mfg.master._records
        self.products = env["product.product"].sudo().browse(ids)
        self.products |= orders.product_id
        resolver = env["mfg.resolver"].sudo()
        self.codes = resolver.codes(endpoint, "material", self.products)
        self.units = resolver.unit_codes(endpoint, self.products.uom_id)

    def _rows(self, env, orders):
        env.flush_all()
        return env.execute_query(
            SQL(
                """
                SELECT coalesce(m.raw_material_production_id, m.production_id),
                    CASE WHEN m.scrap_id IS NOT NULL THEN 'scrapped'
                         WHEN m.production_id IS NOT NULL THEN 'produced'
                         ELSE 'consumed' END AS role,
                    l.product_id, sum(l.quantity_product_uom)
                FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id
                WHERE m.state = 'done' AND (m.raw_material_production_id = ANY(%s)
                                            OR m.production_id = ANY(%s))
                GROUP BY 1, 2, 3
                """,
                orders.ids,
                orders.ids,
            )
        )

    def of(self, order, family):
        return {
            "produced": self._listed(family, "produced"),
            "scrapped": self._listed(family, "scrapped"),
            "consumed": self._listed(family, "consumed"),
        }

    def _listed(self, family, role):
        totals = defaultdict(float)
        for member in family:
            for product_id, quantity in self.posted[member.id, role].items():
                totals[product_id] += float(quantity)
        amounts = [
            {
                "materialDefinitionId": self.codes[product.id],
                "quantity": {
                    "value": decimal_text(quantity),
                    "unitCode": self.units[product.uom_id.id],
                },
            }
            for product, quantity in (
                (self.products.browse(id_), totals[id_]) for id_ in totals
            )
            if not product.uom_id.is_zero(quantity)
        ]
        return sorted(amounts, key=lambda amount: amount["materialDefinitionId"])


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "mfg.master.source"]


class MrpWorkorder(models.Model):
    _name = "mrp.workorder"
    _inherit = ["mrp.workorder", "mfg.master.source"]


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "mfg.master.source"]


class StockMoveLine(models.Model):
    _name = "stock.move.line"
    _inherit = ["stock.move.line", "mfg.master.source"]
