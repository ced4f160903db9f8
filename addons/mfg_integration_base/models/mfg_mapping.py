# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MfgMapping(models.Model):
    """Plant code -> Odoo record, for one endpoint.

    Planners keep these in Odoo's own screens; making one settles every message
    that was parked for want of it.
    """

    _name = "mfg.mapping"
    _description = "Plant Mapping"
    _inherit = ["mfg.healing", "mail.thread"]
    _order = "endpoint_id, kind, code"
    _rec_name = "code"

    endpoint_id = fields.Many2one(
        "mfg.endpoint", required=True, ondelete="cascade", index=True, tracking=True
    )
    company_id = fields.Many2one(
        related="endpoint_id.company_id", store=True, index=True
    )
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(
        [
            ("material", "Material"),
            ("location", "Location"),
            ("lot", "Lot or serial"),
            ("person", "Person"),
            ("reason", "Reason"),
        ],
        required=True,
        tracking=True,
    )
    code = fields.Char(
        string="Plant Code", required=True, tracking=True, help="As the plant sends it."
    )
    record = fields.Reference(
        selection="_selection_record",
        string="Odoo Record",
        required=True,
    )
    res_id = fields.Integer(compute="_compute_res_id", store=True, aggregator=None)

    _code_unique = models.UniqueIndex(
        "(endpoint_id, kind, code)", "This plant code is mapped for this endpoint."
    )

    @api.model
    def _kind_models(self):
        """Kind -> the model its records are of; connectors add their own."""
        return {
            "material": "product.product",
            "location": "stock.location",
            "lot": "stock.lot",
            "person": "res.partner",
            "reason": "stock.scrap.reason.tag",
        }

    @api.model
    def _selection_record(self):
        names = sorted(set(self._kind_models().values()))
        return [(name, self.env[name]._description) for name in names]

    @api.depends("record")
    def _compute_res_id(self):
        for mapping in self:
            mapping.res_id = mapping.record.id if mapping.record else 0

    @api.depends("kind", "code")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for mapping in self:
            mapping.display_name = f"{kinds.get(mapping.kind, '')} {mapping.code or ''}"

    @api.constrains("kind", "record", "endpoint_id")
    def _check_record(self):
        for mapping in self:
            mapping._check_record_model()
            mapping._check_record_company()

    def _check_record_model(self):
        wanted = self._kind_models()[self.kind]
        if self.record._name != wanted:
            raise ValidationError(
                self.env._(
                    "A %(kind)s code leads to a %(wanted)s, not to a %(given)s.",
                    kind=self.kind,
                    wanted=self.env[wanted]._description,
                    given=self.record._description,
                )
            )

    def _check_record_company(self):
        if "company_id" not in self.record._fields:
            return
        company = self.record.sudo().company_id
        if company and company != self.company_id:
            raise ValidationError(
                self.env._(
                    "%(record)s belongs to another company than the endpoint.",
                    record=self.record.display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "code": (vals.get("code") or "").strip()} for vals in vals_list]
        )

    def write(self, vals):
        """What a code stood for is kept: Odoo does not track references."""
        before = {mapping: mapping.record for mapping in self}
        result = super().write(vals)
        for mapping, record in before.items():
            if mapping.record != record:
                mapping._log_record(record)
        return result

    def _log_record(self, before):
        self._message_log(
            body=self.env._(
                "It stands for %(now)s; before, for %(before)s.",
                now=self.record.display_name,
                before=before.exists().display_name,
            )
        )

    def _heals(self):
        return self.active and self.kind
