# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

LONGEST = 512  # minutes between two tries
TEXT = 1000  # characters of an error that are kept


class MfgPublicationTrouble(models.Model):
    """A record that could not be published, or that one plant could not be told of.

    It holds up nobody else. It is tried again later and later, at once when somebody
    changes it or asks for it, and stands here until it went well.
    """

    _name = "mfg.publication.trouble"
    _inherit = "mfg.opens.record"
    _description = "Record That Could Not Be Published"
    _order = "failed_at desc, id desc"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=lambda self: self.env["mfg.master"]._selection_kind(),
        required=True,
        readonly=True,
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    interface_id = fields.Many2one(
        "mfg.interface",
        string="Plant Not Told",
        readonly=True,
        ondelete="cascade",
        help="Empty: no version could be made of it, so that no plant is told.",
    )
    forced = fields.Boolean(readonly=True)
    error = fields.Text(readonly=True)
    tries = fields.Integer(readonly=True, aggregator=None)
    failed_at = fields.Datetime(string="Last Tried", readonly=True)
    retry_at = fields.Datetime(string="Next Try", readonly=True)

    _record_unique = models.UniqueIndex(
        "(company_id, kind, res_id, COALESCE(interface_id, 0))"
    )
    _retry_index = models.Index("(retry_at)")

    @api.depends("kind", "res_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.kind}:{row.res_id}"

    @api.model
    def _keep(self, company, kind, failed, interface=None):
        """Write down what failed; its hour comes later and later, and is kept
        when it fails before.

        :param failed: (record id, forced, error) each
        """
        if not failed:
            return
        model = self.env["mfg.master"]._of_kind(kind)._mfg_model
        self.env.execute_query(
            SQL(
                """
                INSERT INTO mfg_publication_trouble AS t
                    (company_id, kind, res_model, interface_id, res_id, forced, error,
                     tries, failed_at, retry_at)
                SELECT %s, %s, %s, %s, f.*, 1, moment, moment + interval '1 minute'
                FROM unnest(%s::int[], %s::bool[], %s::text[]) f,
                     date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC') moment
                ON CONFLICT (company_id, kind, res_id, COALESCE(interface_id, 0))
                DO UPDATE SET error = EXCLUDED.error, 
                    tries = t.tries + (t.retry_at <= EXCLUDED.failed_at)::int,
                    forced = t.forced OR EXCLUDED.forced,
                    failed_at = EXCLUDED.failed_at,
                    retry_at = CASE WHEN t.retry_at > EXCLUDED.failed_at
                        THEN t.retry_at
                        ELSE EXCLUDED.failed_at + interval '1 minute'
                             * least(%s, power(2, least(t.tries, 20))) END
                RETURNING id
                """,
                company.id,
                kind,
                model,
                interface.id if interface else None,
                [id_ for id_, _forced, _error in failed],
                [forced for _id, forced, _error in failed],
                [error[:TEXT] for _id, _forced, error in failed],
                LONGEST,
            )
        )
        self.invalidate_model()

    @api.model
    def _over(self, company, kind, ids, interface=None):
        """These went well."""
        self.env.execute_query(
            SQL(
                "DELETE FROM mfg_publication_trouble WHERE company_id = %s"
                " AND kind = %s AND COALESCE(interface_id, 0) = %s"
                " AND res_id = ANY(%s) RETURNING id",
                company.id,
                kind,
                interface.id if interface else 0,
                list(ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _due(self, limit):
        """What is to be tried again now, the longest waiting first."""
        domain = [("retry_at", "<=", fields.Datetime.now())]
        return self.search(domain, order="retry_at, id", limit=limit)

    def action_try_again(self):
        """Button: not at its hour, but now."""
        self.check_access("read")
        self.env["mfg.interface"].check_access("write")
        # sudo: nobody writes these; whoever may configure interfaces may ask
        self.sudo().write({"retry_at": fields.Datetime.now()})
        self.env["mfg.publisher"]._wake_after_commit()
