# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError, pointer
from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)


class MfgHandlerPublishedRouting(models.AbstractModel):
    """A plant would have the operations of a bill of materials be otherwise.

    Operations are known by their names; what is not listed any more is archived.
    """

    _name = "mfg.handler.published.routing"
    _inherit = ["mfg.handler.published.routing", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "routing"
    _mfg_kind_title = _lt("Routings")
    _mfg_model = "mrp.bom"
    _mfg_recodes = False  # the reference is the bill's
    _mfg_naming = ("reference", "bomId")

    def _find(self, endpoint, data):
        """The bill of materials of the reference; the routing is a part of it."""
        boms = self.env["mfg.handler.owned"]._of_kind("bom").with_env(self.env)
        return boms._record(endpoint, self._bill(data))

    def _bill(self, data):
        members = data.get("fields", {})
        bill = {"id": members.get("bomId") or data["id"], "fields": {}}
        if reference := members.get("reference"):
            bill["fields"]["reference"] = reference
        return bill

    def _check(self, message):
        """What a plant's routing cannot say of Odoo's is refused, not left out."""
        members = message._event_data().get("fields", {})
        for number, operation in enumerate(members.get("operations", ())):
            for name in ("dependsOn", "onlyFor"):
                if operation.get(name):
                    place = pointer("data", "fields", "operations", number, name)
                    detail = self.env._("What an operation depends on, Odoo says.")
                    raise Failure("not-owner", detail, [FieldError(place, detail)])

    def _resolve(self, message):
        """A routing without a bill of materials is of nothing."""
        endpoint, data = message.endpoint_id, message._event_data()
        # sudo: the bill itself is not shown; a person decides what becomes of it
        if not self.sudo()._record(endpoint, data):
            raise self._no_bill(self._bill(data))
        return super()._resolve(message)

    def _no_bill(self, bill):
        code = bill["fields"].get("reference") or bill["id"]
        detail = self.env._("Odoo knows no bill of materials “%s”.", code)
        errors = [FieldError("/data/fields/reference", detail)]
        return Failure("unknown-bom", detail, errors, wanted=("bom", code))

    def _take_over(self, changes, data, record, members):
        if not record:
            raise self._no_bill(self._bill(data))
        if "operations" in members:
            operations = members["operations"]
            commands = self._commands(changes.endpoint, operations, record)
            changes.replace(record, {"operation_ids": commands})
        return record

    def _end(self, changes, data, record):
        """The operations end; the bill of materials stays."""
        gone = [
            Command.update(operation.id, {"active": False})
            for operation in record.operation_ids
        ]
        changes.replace(record, {"operation_ids": gone})

    def _commands(self, endpoint, operations, bom):
        left, commands = list(bom.operation_ids.filtered("active")), []
        ordered = sorted(operations, key=lambda operation: operation["sequence"])
        for number, operation in enumerate(ordered):
            values = self._operation(endpoint, number, operation)
            match = next((o for o in left if o.name == values["name"]), None)
            if match:
                left.remove(match)
                commands.append(Command.update(match.id, values))
            else:
                commands.append(Command.create(values))
        gone = [Command.update(old.id, {"active": False}) for old in left]
        return commands + gone

    def _operation(self, endpoint, number, operation):
        place = pointer("data", "fields", "operations", number, "equipmentId")
        centre = self.env["mfg.resolver"].resolve(
            endpoint, "equipment", operation["equipmentId"], place
        )
        return {
            "name": operation["name"],
            "workcenter_id": centre.id,
            "sequence": operation["sequence"],
            "time_mode": "manual",
            "time_cycle_manual": self._minutes(operation["duration"]),
        }

    def _minutes(self, duration):
        equipment = self.env["mfg.handler.owned"]._of_kind("equipment")
        return equipment.with_env(self.env)._minutes(duration, "operations")

    # -- in words ------------------------------------------------------------------

    def _shown(self, endpoint, record, member):
        operations = record.operation_ids.filtered("active")
        return "\n".join(
            self._told(o.name, o.workcenter_id.display_name, o.time_cycle_manual)
            for o in operations.sorted(lambda o: (o.sequence, o.id))
        )

    def _said(self, endpoint, member, value):
        return "\n".join(
            self._told(
                operation["name"],
                self._centre_words(endpoint, operation["equipmentId"]),
                self._minutes(operation["duration"]),
            )
            for operation in sorted(value, key=lambda o: o["sequence"])
        )

    def _centre_words(self, endpoint, code):
        found = self.env["mfg.resolver"]._found(endpoint, "equipment", code)
        return found.display_name if found else code

    def _told(self, name, centre, minutes):
        return self.env._(
            "%(name)s at %(centre)s, %(minutes)s minutes",
            name=name,
            centre=centre,
            minutes=self._words(round(minutes, 2)),
        )
