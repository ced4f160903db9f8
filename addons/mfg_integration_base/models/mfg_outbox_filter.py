# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from typing import NamedTuple

from odoo import api, fields, models, tools


class Subscriber(NamedTuple):
    """An interface by which an endpoint takes a type, as far as emitting needs it."""

    id: int
    lane: str
    endpoint_id: int
    filters: tuple = ()  # (name of a fact, ids of which the event must have one)


class Facts:
    """What an event is about, looked up only when a filter asks, and once."""

    def __init__(self, outbox, options):
        self.outbox, self.options, self.known = outbox, options, {}

    def fit(self, subscriber):
        """Whether a subscriber wants the event; unless its filters say no, it does."""
        return all(self._fits(name, ids) for name, ids in subscriber.filters)

    def _fits(self, name, ids):
        if name not in self.known:
            self.known[name] = getattr(self.outbox, f"_fact_{name}")(**self.options)
        known = self.known[name]
        return known is None or bool(ids & known)


class MfgInterface(models.Model):
    """Which events of its type an endpoint wants. Empty: all of them."""

    _inherit = "mfg.interface"

    only_warehouse_ids = fields.Many2many(
        "stock.warehouse",
        string="Only Warehouses",
        tracking=True,
        help="The plant gets events of these warehouses. Empty: of the endpoint's, or "
        "of all. An event that is about no warehouse goes to everybody.",
    )
    only_category_ids = fields.Many2many(
        "product.category",
        string="Only Product Categories",
        tracking=True,
        help="The plant gets events about products of these categories and those below "
        "them. Empty: of all. An event that is about no product goes to everybody.",
    )

    def _subscriber(self):
        """This interface as emitting keeps it in memory."""
        filters = self._filters()
        return Subscriber(
            self.id,
            self.lane,
            self.endpoint_id.id,
            tuple(
                (name, frozenset(records.ids)) for name, records in filters if records
            ),
        )

    def _filters(self):
        """(fact, the records of which it must have one); connectors know more facts."""
        return [
            ("warehouse", self.endpoint_id.warehouse_id),
            ("warehouse", self.only_warehouse_ids),
            ("category", self.only_category_ids),
        ]


class MfgOutbox(models.AbstractModel):
    """Who gets an event: any number of endpoints, each with its own choice of them.

    The subscriptions are kept in memory, so that emitting asks the database nothing
    about them, and a fact is looked up only when some subscriber chooses by it.
    """

    _inherit = "mfg.outbox"

    def _takers(self, event_type, company, options):
        """The subscribers that want an event."""
        facts, endpoint = Facts(self, options), options.get("endpoint")
        return [
            subscriber
            for subscriber in self._subscribers(event_type, company.id)
            if (not endpoint or subscriber.endpoint_id == endpoint.id)
            and facts.fit(subscriber)
        ]

    @tools.ormcache("event_type", "company_id")
    def _subscribers(self, event_type, company_id):
        # sudo: the outbox is written for whoever confirms an order, by the engine
        interfaces = self.env["mfg.interface"].sudo()
        found = interfaces.search(
            [
                ("type", "=", event_type),
                ("direction", "=", "out"),
                ("stage", "=", "live"),
                ("company_id", "=", company_id),
                ("endpoint_id.active", "=", True),
            ]
        )
        return tuple(interface._subscriber() for interface in found)

    # -- facts: ids, or None where the event says nothing about it ---------------------

    @api.model
    def _fact_warehouse(self, warehouse=None, **_options):
        return set(warehouse.ids) if warehouse else None

    @api.model
    def _fact_category(self, product=None, **_options):
        """The categories of a product, and all above them."""
        if not product:
            return None
        # sudo: whoever emits need not see the catalogue; ids are compared
        paths = product.sudo().categ_id.mapped("parent_path")
        return {int(id_) for path in paths for id_ in path.split("/") if id_}
