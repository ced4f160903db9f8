# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from ..engine import envelope


class ContractOfAddon:
    """What an addon brings to the contract fits together; for a test case of its own.

    `folder` is the addon's.
    """

    folder = None

    def test_every_handler_has_a_schema_and_the_other_way_round(self):
        files = {path.stem for path in (self.folder / "schemas").glob("mfg.*.json")}
        registry = self.env["mfg.handler"]._registry()
        ours = {
            event_type
            for event_type, name in registry.items()
            if self.env[name]._original_module == self.folder.name
        }
        self.assertEqual(files, ours)

    def test_examples_are_valid_and_nothing_else_is_allowed(self):
        contract = self.env["mfg.contract"]
        for path in (self.folder / "schemas").glob("mfg.*.json"):
            for example in json.loads(path.read_text())["examples"]:
                self.assertFalse(contract._errors(path.stem, example), path.name)
                strange = contract._errors(path.stem, {**example, "strange": 1})
                self.assertEqual(len(strange), 1, path.name)

    def test_demo_payloads_are_events(self):
        for path in (self.folder / "demo" / "payloads").glob("*.json"):
            event = envelope.from_dict(json.loads(path.read_text()))
            self.assertEqual(event.type, path.stem)
            errors = self.env["mfg.contract"]._errors(event.type, event.data)
            self.assertFalse(errors, path.name)
