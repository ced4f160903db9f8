# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.fields import Command

from .common import PlantCase

LOT = "mfg.master.lot.v1"
ALIAS = "mfg.master.alias.v1"
MATERIAL = "mfg.master.material.v1"
LOCATION = "mfg.master.location.v1"
UNIT = "mfg.master.unit.v1"
REVERSED = "mfg.event.reversed.v1"


class MasterCase(PlantCase):
    """A plant that has master data of its own to tell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paste = cls.make_product("PASTE", tracking="lot")
        cls.bar = cls.make_product("BAR")

    @classmethod
    def make_product(cls, code, **values):
        return cls.env["product.product"].create(
            {
                "name": code.capitalize(),
                "default_code": code,
                "is_storable": True,
                **values,
            }
        )

    @classmethod
    def own(cls, kind, owner, *members, endpoint=None):
        """A manager says who owns a kind."""
        endpoint = endpoint or cls.endpoint
        fields = cls.env["mfg.ownership.field"].search(
            [("kind", "=", kind), ("code", "in", members)]
        )
        values = {"owner": owner, "field_ids": [Command.set(fields.ids)]}
        row = endpoint.ownership_ids.filtered(lambda row: row.kind == kind)
        if row:
            row.write(values)
        else:
            row.create({"endpoint_id": endpoint.id, "kind": kind, **values})

    def say(self, event_type, id_, version, endpoint=None, deleted=None, **members):
        """The plant says what a record is like; the message after the drain."""
        data = {"id": id_, "version": version, **self.naming(members)}
        if members:
            data["fields"] = members
        if deleted:
            data["deleted"] = True
        subject = f"{event_type.split('.')[2]}:{id_}"
        message = self.post(event_type, data, endpoint=endpoint, subject=subject)
        self.env.invalidate_all()
        return message

    def naming(self, members):
        """What stands beside the fields."""
        return {name: members.pop(name) for name in ("kind", "use") if name in members}

    def take_back(self, message):
        data = {"eventId": message.event_id, "reason": "It was a mistake"}
        reversal = self.post(REVERSED, data, subject=f"not {message.event_id}")
        self.env.invalidate_all()
        return reversal

    def assertPosted(self, *messages):
        for message in messages:
            self.assertEqual(
                message.state, "posted", (message.error_code, message.error_detail)
            )

    def assertNotOwner(self, message, *pointers):
        self.assertParked(message, "not-owner")
        found = sorted(error.pointer for error in message._failure().errors)
        self.assertEqual(found, sorted(pointers))

    def assertOvertaken(self, message):
        found = message.state, message.error_code
        self.assertEqual(found, ("cancelled", "version-overtaken"))
        self.assertIn("which holds", message.sentence)

    def proposals(self, **conditions):
        domain = [("endpoint_id", "=", self.endpoint.id)]
        domain += [(name, "=", value) for name, value in conditions.items()]
        return self.env["mfg.proposal"].search(domain)
