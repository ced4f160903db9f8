# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from .mfg_equipment_span import of_states, of_stops

KINDS = [("state", "State"), ("stop", "Downtime")]


class MfgEquipmentEvent(models.Model):
    """What a plant said of a machine's states and downtimes, as it said it.

    Odoo's time losses of the machine are made from these facts, and made anew from
    the time on of which something is said or taken back, however late it comes.
    """

    _name = "mfg.equipment.event"
    _inherit = "mfg.equipment.record"
    _description = "Equipment Event"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Char(readonly=True, help="PackML (ISA-TR88.00.02).")
    reason = fields.Char(
        string="Plant Reason", readonly=True, help="As the plant calls it."
    )
    loss_id = fields.Many2one(
        "mrp.workcenter.productivity.loss",
        readonly=True,
        ondelete="restrict",
        help="Empty: the machine was ready to produce.",
    )
    production_id = fields.Many2one(
        "mrp.production",
        string="Interrupted Order",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _machine_index = models.Index("(equipment, endpoint_id, kind, date_start)")
    _running_index = models.Index(
        "(equipment, endpoint_id, date_start) WHERE kind = 'state' AND loss_id IS NULL"
    )
    _age_index = models.Index("(date_start)")

    def _is_like(self, other):
        """Whether the other fact only says again what this one said."""
        return (self.loss_id, self.workcenter_id, self.reason) == (
            other.loss_id,
            other.workcenter_id,
            other.reason,
        )

    def _told(self):
        """What was said, for the planner who reads Odoo's time loss."""
        return " ".join(filter(None, (self.equipment, self.state, self.reason)))

    # -- facts to time losses ------------------------------------------------------

    @api.model
    def _note(self, row):
        """Keep a fact and bring the machine's time losses up to date.

        :param row: stored columns of the fact
        :return: the fact, the losses made and those changed
        """
        fact = self._insert([row])
        fact._take_turn()
        made, changed = fact._settle(fact.endpoint_id, fact.equipment, fact.date_start)
        return fact, made, changed

    def _take_back(self):
        """Delete a fact; the losses become what they were without it."""
        self.ensure_one()
        self._take_turn()
        machine = (self.endpoint_id, self.equipment, self.date_start)
        # sudo: nobody may delete facts; taking back is the engine's part
        self.sudo().unlink()
        return self._settle(*machine)

    def _take_turn(self):
        """Let nobody else settle the work centre's losses until the commit: what others
        said meanwhile under another key is not in this transaction's snapshot."""
        self.env["mfg.drain"]._touch(self.workcenter_id)

    @api.model
    def _settle(self, endpoint, equipment, time):
        """Make the time losses of a machine anew, as far as ``time`` matters to them.

        :return: the losses made and those changed
        """
        losses = made = changed = self.env["mrp.workcenter.productivity"]
        for kind, _title in KINDS:
            machine = [
                ("mfg_equipment", "=", equipment),
                ("mfg_endpoint_id", "=", endpoint.id),
                ("mfg_kind", "=", kind),
            ]
            since = losses._mfg_downtime_since(machine, time)
            spans = self._spans(endpoint, equipment, kind, since)
            domain = [*machine, ("date_start", ">=", since)]
            new, old = losses._mfg_downtime_match(domain, spans)
            made, changed = made | new, changed | old
        return made, changed

    def _spans(self, endpoint, equipment, kind, since):
        machine = [("equipment", "=", equipment), ("endpoint_id", "=", endpoint.id)]
        facts = self.search(
            [*machine, ("kind", "=", kind), ("date_start", ">=", since)],
            order="date_start, id",
        )
        if kind == "state":
            return of_states(facts)
        return of_stops(facts, lambda time: self._running_after(machine, time))

    def _running_after(self, machine, time):
        running = [("kind", "=", "state"), ("loss_id", "=", False)]
        domain = [*machine, *running, ("date_start", ">", time)]
        return self.search(domain, order="date_start, id", limit=1).date_start
