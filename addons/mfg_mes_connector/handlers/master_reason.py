# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)

LOSS, TAG = "mrp.workcenter.productivity.loss", "stock.scrap.reason.tag"
# use -> kind of the mapping, model of the reason in Odoo
USES = {"downtime": ("loss", LOSS), "scrap": ("reason", TAG)}
# the usual reason tree: what runs, by its numbers; everything else stands
RUNNING = range(10000, 30000)


class MfgHandlerOwnedReason(models.AbstractModel):
    """A plant's reason code: why machines stand, or why pieces are scrapped.

    In Odoo a reason is for all companies. So a reason that others use, too, is never
    renamed by one plant: its code leads to another one then.
    """

    _name = "mfg.handler.owned.reason"
    _inherit = "mfg.handler.owned"
    _description = "Reason Code"
    _mfg_type = "mfg.master.reason.v1"
    _mfg_title = _lt("Master data: reason code")
    _mfg_kind = "reason"
    _mfg_kind_title = _lt("Reason codes")
    _mfg_model = "mfg.mapping"
    _mfg_owners = ("odoo", "plant", "propose")
    _mfg_recodes = False  # it is a code

    def _identity(self, endpoint, data):
        return f"{data['use']}:{data['id']}"

    def _find(self, endpoint, data):
        mappings = self.env["mfg.mapping"].with_context(active_test=False)
        return mappings.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", USES[data["use"]][0]),
                ("code", "=", data["id"]),
            ]
        )

    def _take_over(self, changes, data, record, members):
        self._check_members(data, members)
        reason = self._reason(changes, data, record, members)
        values = {"record": f"{reason._name},{reason.id}", "active": True}
        if record:
            changes.change(record, values)
        else:
            kind = {"kind": USES[data["use"]][0], "code": data["id"]}
            named = {"endpoint_id": changes.endpoint.id, **kind}
            record = changes.make(self.env["mfg.mapping"], named | values)
        if "block" in members:
            self._keep_block(changes, members["block"], data["id"], reason)
        return record

    def _end(self, changes, data, record):
        """The code ends, and its block; the reason stays with what was logged."""
        changes.change(record, {"active": False})
        for block in self._block(changes.endpoint, data["id"]):
            changes.change(block, {"active": False})

    def _check_members(self, data, members):
        foreign = members.keys() & {"category", "block"}
        if data["use"] != "downtime" and foreign:
            detail = self.env._("Only downtime reasons have a category and a block.")
            errors = [FieldError(f"/data/fields/{name}", detail) for name in foreign]
            raise Failure("not-permitted", detail, errors)
        block = members.get("block")
        if block and block["first"] > block["last"]:
            detail = self.env._("A block begins before it ends.")
            errors = [FieldError("/data/fields/block/last", detail)]
            raise Failure("quantity-invalid", detail, errors)

    # -- the reason in Odoo ----------------------------------------------------------

    def _reason(self, changes, data, mapping, members):
        """The record that has the name and category the plant says."""
        present = mapping.record.exists() if mapping.record else None
        values = self._wanted(data, present, members)
        if present and self._is_own(changes.endpoint, present, mapping):
            changes.change(present, values)
            return present
        model = self.env[USES[data["use"]][1]]
        found = model.search([(n, "=", v) for n, v in values.items()], limit=1)
        return found or changes.make(model, values | self._besides(data, values))

    def _wanted(self, data, present, members):
        name = members.get("name") or (present.name if present else data["id"])
        if data["use"] != "downtime":
            return {"name": name}
        kept = present.loss_type if present else self._category(data["id"])
        category = members.get("category") or kept
        types = self.env["mrp.workcenter.productivity.loss.type"]
        loss_type = types.search([("loss_type", "=", category)], limit=1)
        return {"name": name, "loss_id": loss_type.id}

    def _besides(self, data, values):
        if data["use"] != "downtime":
            return {}
        types = self.env["mrp.workcenter.productivity.loss.type"]
        stands = types.browse(values["loss_id"]).loss_type != "productive"
        return {"manual": stands}  # whether people may choose it

    def _category(self, code):
        """What the number says, where the plant says nothing else."""
        runs = code.isascii() and code.isdigit() and int(code) in RUNNING
        return "productive" if runs else "availability"

    def _is_own(self, endpoint, reason, mapping):
        """Whether this plant's messages made the reason, and no other code means it.

        What people or Odoo made is chosen by hand, too, at any company.
        """
        if reason.create_uid != endpoint.user_id:
            return False
        # sudo: to know that another plant counts on it, not what it is
        others = self.env["mfg.mapping"].sudo().with_context(active_test=False)
        mapped = others.search_count(
            [("kind", "=", mapping.kind), ("res_id", "=", reason.id)], limit=2
        )
        return mapped == 1

    # -- blocks of numbers -------------------------------------------------------------

    def _block(self, endpoint, code):
        blocks = self.env["mfg.reason.block"].with_context(active_test=False)
        return blocks.search([("endpoint_id", "=", endpoint.id), ("code", "=", code)])

    def _keep_block(self, changes, block, code, loss):
        values = {"first": block["first"], "last": block["last"], "active": True}
        values["loss_id"] = loss.id
        row = self._block(changes.endpoint, code)
        if row:
            changes.change(row, values)
        else:
            named = {"endpoint_id": changes.endpoint.id, "code": code}
            changes.make(self.env["mfg.reason.block"], named | values)

    # -- taking back -------------------------------------------------------------------

    def _take_back(self, record, undo):
        if record._name == TAG and undo.get("made") and self._is_used(record):
            detail = self.env._("%s is used by now.", record.display_name)
            raise Failure("not-reversible", detail)
        return super()._take_back(record, undo)

    def _is_used(self, tag):
        scraps = self.env["stock.scrap"].sudo()  # sudo: whether, not which
        return scraps.search_count([("scrap_reason_tag_ids", "in", tag.ids)], limit=1)

    # -- in words ----------------------------------------------------------------------

    def _shown(self, endpoint, record, member):
        reason = record.record.exists() if record.record and record.active else None
        if member == "block":
            return self._block_words(self._block(endpoint, record.code))
        if not reason:
            return ""
        return reason.name if member == "name" else self._in_words(reason.loss_type)

    def _said(self, endpoint, member, value):
        if member == "block":
            return f"{value['first']} - {value['last']}"
        return self._in_words(value) if member == "category" else value

    def _in_words(self, category):
        types = self.env["mrp.workcenter.productivity.loss.type"]
        words = types._fields["loss_type"]._description_selection(self.env)
        return dict(words).get(category, "")

    def _block_words(self, block):
        return f"{block.first} - {block.last}" if block else ""
