# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import new_test_user, tagged

from .common import PlantCase

GROUP = "mfg_integration_base.group_mfg_%s"
OPERATIONS = ("read", "write", "create", "unlink")
R, RW, ALL, NONE = "r", "rw", "rwcu", ""
# What each role may do by its access rights; anything not here, it may not at all.
EXPECTED = {
    "mfg.endpoint": {"auditor": R, "operator": R, "manager": ALL, "service": R},
    "mfg.interface": {"auditor": R, "operator": R, "manager": ALL, "service": R},
    "mfg.message": {"auditor": R, "operator": R, "manager": R, "service": R},
    "mfg.message.attempt": {"auditor": R, "operator": R, "manager": R},
    "mfg.message.claim": {},  # the drain's own
    "mfg.message.link": {"auditor": R, "operator": R, "manager": R, "service": R},
    "mfg.message.decision": {"auditor": R, "operator": R, "manager": R},
    "mfg.publication": {"auditor": R, "operator": R, "manager": R},
    "mfg.publication.feed": {"auditor": R, "operator": R, "manager": R},
    "mfg.publication.mark": {},  # the publisher's own
    "mfg.publication.scan": {"auditor": R, "operator": R, "manager": R},
    "mfg.publication.trouble": {"auditor": R, "operator": R, "manager": R},
    "mfg.issue": {"auditor": R, "operator": RW, "manager": RW},
    "mfg.mapping": {"auditor": R, "operator": ALL, "manager": ALL, "service": R},
    "mfg.uom.crosswalk": {
        "auditor": R,
        "operator": ALL,
        "manager": ALL,
        "service": R,
    },
    "mfg.ownership.field": {"auditor": R, "operator": R, "manager": R},
    "mfg.ownership": {"auditor": R, "operator": R, "manager": ALL},
    "mfg.received.version": {"auditor": R, "operator": R, "manager": R},
    "mfg.received.version.anew": {"manager": "rwc"},
    "mfg.proposal": {"auditor": R, "operator": R, "manager": R},
    "mfg.proposal.line": {"auditor": R, "operator": R, "manager": R},
    "mfg.proposal.decide": {"operator": "rwc", "manager": "rwc"},
    "mfg.push.health": {"auditor": R, "operator": R, "manager": R},
    "mfg.push.rotate": {"manager": ALL},
    "mfg.push.secret": {},  # nobody's: shown when it is made
    "mfg.push.shown": {"manager": "rc"},
    "mfg.message.decide": {"operator": "rwc", "manager": "rwc"},
    "mfg.message.edit": {"manager": "rwc"},
    "mfg.message.edit.line": {"manager": ALL},
    "mfg.endpoint.setup": {"manager": "rwc"},
    "mfg.endpoint.setup.line": {"manager": ALL},
    "mfg.endpoint.key": {"manager": "rc"},
    "mfg.interface.review": {"manager": "rwc"},
    "mfg.interface.review.difference": {"manager": ALL},
    "mfg.interface.review.trial": {"manager": ALL},
}
ROLES = ("user", "auditor", "operator", "manager", "service")


class RoleCase(PlantCase):
    """One user per role, in the endpoint's company and in another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other Plant"})
        cls.people = {role: cls.make_user(role, cls.env.company) for role in ROLES[:4]}
        cls.people["service"] = cls.endpoint.user_id
        cls.strangers = {
            role: cls.make_user(role, cls.other_company) for role in ROLES[:4]
        }
        foreign = cls.make_endpoint("Foreign", cls.other_company)
        cls.strangers["service"] = foreign.user_id

    @classmethod
    def make_user(cls, role, company):
        groups = "base.group_user"
        if role != "user":
            groups += f",{GROUP % role}"
        return new_test_user(
            cls.env,
            f"{role}-{company.id}",
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )


@tagged("post_install", "-at_install")
class TestAccessMatrix(RoleCase):
    """Every role x model x operation, against the table above."""

    def own_models(self):
        """Models of this addon that access rights apply to; the wizards included."""
        rows = self.env["ir.model.data"].search(
            [("module", "=", "mfg_integration_base"), ("model", "=", "ir.model")]
        )
        models = self.env["ir.model"].browse(rows.mapped("res_id")).exists()
        return {model.model for model in models if model.model.startswith("mfg.")}

    def allowed(self, role, model):
        env = self.env(user=self.people[role], su=False)
        return "".join(op[0] for op in OPERATIONS if env[model].has_access(op))

    def test_matrix(self):
        for model, by_role in EXPECTED.items():
            for role in ROLES:
                with self.subTest(model=model, role=role):
                    expected = by_role.get(role, NONE)
                    self.assertEqual(self.allowed(role, model), expected)

    def test_table_names_every_model(self):
        """A model that is added later must be thought of here."""
        with_rights = {
            name
            for name in self.own_models()
            if not self.env[name]._abstract
            or name in ("mfg.endpoint.key", "mfg.push.shown")
        }
        self.assertEqual(with_rights, set(EXPECTED))

    def test_groups_form_one_ladder(self):
        auditor = self.env.ref(GROUP % "auditor")
        manager = self.env.ref(GROUP % "manager")
        service = self.env.ref(GROUP % "service")
        self.assertIn(auditor, manager.all_implied_ids)
        self.assertNotIn(service, manager.all_implied_ids)
        self.assertFalse(service.all_implied_ids & (auditor | manager))


@tagged("post_install", "-at_install")
class TestPeople(RoleCase):
    def test_nobody_writes_messages_but_by_deciding(self):
        message = self.send()
        for role in ("auditor", "operator", "manager", "service"):
            mine = message.with_user(self.people[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                mine.write({"error_detail": "changed"})

    def test_auditor_decides_nothing(self):
        message = self.send().with_user(self.people["auditor"])
        for action in ("_retry", "_skip", "_cancel"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(message, action)("because")
        self.assertFalse(message.decision_ids)

    def test_operator_edits_no_payload(self):
        message = self.send().with_user(self.people["operator"])
        with self.assertRaises(AccessError):
            message._edit('{"text": "other"}', "because")

    def test_auditor_reads_the_whole_log(self):
        message = self.post()
        mine = message.with_user(self.people["auditor"])
        fields = [name for name in mine.fields_get() if name != "__last_update"]
        values = mine.read(fields)[0]
        self.assertEqual(values["event_id"], message.event_id)
        self.assertEqual(len(mine.attempt_ids), 1)

    def test_secrets_and_traces_are_for_managers(self):
        for model, field in (
            ("mfg.endpoint", "signature_secret"),
            ("mfg.message.attempt", "trace"),
        ):
            for role in ("auditor", "operator"):
                env = self.env(user=self.people[role], su=False)
                with self.subTest(field=field, role=role):
                    self.assertNotIn(field, env[model].fields_get())
                    with self.assertRaises(AccessError):
                        env[model].search([]).read([field])
            env = self.env(user=self.people["manager"], su=False)
            self.assertIn(field, env[model].fields_get())

    def test_only_managers_make_and_revoke_keys(self):
        for role in ("auditor", "operator", "service"):
            endpoint = self.endpoint.with_user(self.people[role])
            for action in ("action_rotate_key", "action_revoke_keys"):
                with self.subTest(role=role, action=action):
                    with self.assertRaises(AccessError):
                        getattr(endpoint, action)()

    def test_units_of_all_endpoints_are_the_managers(self):
        row = self.env["mfg.uom.crosswalk"].create(
            {"code": "ZZ1", "uom_id": self.env.ref("uom.product_uom_unit").id}
        )
        with self.assertRaises(AccessError):
            row.with_user(self.people["operator"]).write({"factor": 2.0})
        row.with_user(self.people["manager"]).write({"factor": 2.0})
        self.assertEqual(row.factor, 2.0)

    def test_manager_of_integrations_sets_up_without_user_rights(self):
        """He makes a service user by the endpoint only, and not any other user."""
        env = self.env(user=self.people["manager"], su=False)
        endpoint = env["mfg.endpoint"].create(
            {"name": "New", "code": "new", "source": "urn:plant:new"}
        )
        user = endpoint.sudo().user_id
        self.assertTrue(user.has_group(GROUP % "service"))
        self.assertEqual(user.company_ids, self.env.company)
        with self.assertRaises(AccessError):
            env["res.users"].create({"name": "x", "login": "x"})
        with self.assertRaises(AccessError):
            user.with_env(env).write({"name": "renamed"})

    def test_manager_gives_nobody_to_a_plant(self):
        """As whom a plant posts, and whose its keys are, is the code's to choose."""
        admin = self.env.ref("base.user_admin")
        mine = self.endpoint.with_user(self.people["manager"])
        values = {"name": "New", "code": "new", "source": "urn:plant:new"}
        for default in ({}, {"default_user_id": admin.id}):
            with self.subTest(default=default), self.assertRaises(AccessError):
                given = {} if default else {"user_id": admin.id}
                mine.with_context(**default).create({**values, **given})
        with self.assertRaises(AccessError):
            mine.write({"user_id": admin.id})
        with self.assertRaises(AccessError):
            mine.write({"user_id": False})
        rows = [[*values.values(), str(admin.id)]]
        result = mine.load([*values, "user_id/.id"], rows)
        self.assertFalse(result["ids"])
        self.assertEqual([m["type"] for m in result["messages"]], ["error"])
        defaults = mine.env["ir.default"]
        defaults.set("mfg.endpoint", "user_id", admin.id, user_id=True)
        made = mine.create(values).sudo()
        self.assertTrue(made.user_id)
        self.assertNotEqual(made.user_id, admin)

    def test_keys_of_other_doors_are_not_ours_to_take(self):
        keys = self.env["res.users.apikeys"].with_user(self.endpoint.user_id).sudo()
        expires = fields.Datetime.add(fields.Datetime.now(), days=1)
        key = keys._generate("rpc", "Another door", expires)
        mine = self.endpoint.with_user(self.people["manager"])
        mine.action_rotate_key()
        mine.action_revoke_keys()
        owner = keys._check_credentials(scope="rpc", key=key)
        self.assertEqual(owner, self.endpoint.user_id.id)

    def test_rules_follow_the_code(self):
        """A rule that is mended reaches databases that have the addon already."""
        rules = self.env["ir.model.data"].search(
            [("module", "=like", "mfg_%"), ("model", "=", "ir.rule")]
        )
        self.assertTrue(rules)
        self.assertFalse(rules.filtered("noupdate").mapped("name"))
        base = rules.filtered(lambda r: r.module == "mfg_integration_base")
        base.noupdate = True
        self.env.flush_all()
        addon = Path(__file__).parents[1]
        [script] = addon.glob("migrations/19.0.1.2.0/pre-*.py")
        load_script(str(script), script.stem).migrate(self.env.cr, "19.0.1.1.0")
        base.invalidate_recordset()
        self.assertFalse(base.filtered("noupdate"))

    def test_menus(self):
        root = self.env.ref("mfg_integration_base.mfg_menu_root")
        setup = self.env.ref("mfg_integration_base.mfg_endpoint_setup_menu")
        for role in ROLES:
            menus = self.env["ir.ui.menu"].with_user(self.people[role])
            visible = menus._visible_menu_ids()
            with self.subTest(role=role):
                people = role in ("auditor", "operator", "manager")
                self.assertEqual(root.id in visible, people)
                self.assertEqual(setup.id in visible, role == "manager")


@tagged("post_install", "-at_install")
class TestCompanies(RoleCase):
    """The second company's people see and touch nothing of the first's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env["product.product"].create({"name": "Bar"})
        cls.mapping = cls.env["mfg.mapping"].create(
            {
                "endpoint_id": cls.endpoint.id,
                "kind": "material",
                "code": "X-1",
                "record": f"product.product,{product.id}",
            }
        )
        cls.unit = cls.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": cls.endpoint.id,
                "code": "BOX",
                "uom_id": cls.env.ref("uom.product_uom_dozen").id,
            }
        )

    def records(self):
        message = self.post()
        parked = self.send(expirytime="2020-01-01T00:00:00Z")
        self.drain()
        self.assertParked(parked, "expired")
        parked._cancel("not needed")
        yield from (
            message,
            parked,
            parked.decision_ids,
            parked.issue_id,
            message.attempt_ids,
            message.link_ids,
            self.endpoint,
            self.endpoint.interface_ids,
            self.mapping,
            self.unit,
            self.env["mfg.push.health"]._made(self.endpoint),
        )

    def test_strangers_see_and_touch_nothing(self):
        for records in self.records():
            self.assertTrue(records, "nothing to test with")
            for role in ("auditor", "operator", "manager", "service"):
                with self.subTest(model=records._name, role=role):
                    self.assert_unseen(records, self.strangers[role])

    def assert_unseen(self, records, user):
        theirs = records.with_user(user)
        if theirs.browse().has_access("read"):
            self.assertFalse(theirs.search([("id", "in", records.ids)]))
        with self.assertRaises(AccessError):
            theirs.read(["id", "display_name"])
        with self.assertRaises(AccessError):
            theirs.write({})
        with self.assertRaises(AccessError):
            theirs.unlink()

    def test_strangers_decide_nothing(self):
        message = self.send()
        for role in ("operator", "manager"):
            theirs = message.with_user(self.strangers[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                theirs._cancel("because")
        self.assertEqual(message.state, "queued")

    def test_strangers_read_nothing_through_a_wizard(self):
        message = self.send()
        env = self.env(user=self.strangers["manager"], su=False)
        of_message = {"message_id": message.id}
        of_interface = {"interface_id": message.interface_id.id}
        for model, values, names in (
            (
                "mfg.message.edit",
                of_message,
                ("type_title", "sentence", "payload_text", "problems"),
            ),
            ("mfg.interface.review.trial", of_message, ("received_at", "subject")),
            (
                "mfg.interface.review",
                of_interface,
                ("stage", "direction", "earlier_id"),
            ),
            (
                "mfg.push.rotate",
                {"endpoint_id": self.endpoint.id},
                ("secret_made_at", "overlap_hours"),
            ),
        ):
            for name in names:
                with self.subTest(field=name), self.assertRaises(AccessError):
                    env[model].new(values)[name]  # noqa: B018

    def test_strangers_may_not_map_for_an_endpoint(self):
        env = self.env(user=self.strangers["operator"], su=False)
        with self.assertRaises(AccessError):
            env["mfg.mapping"].create(
                {
                    "endpoint_id": self.endpoint.id,
                    "kind": "material",
                    "code": "Y",
                    "record": f"product.product,{self.mapping.record.id}",
                }
            )

    def test_service_user_sees_its_own_endpoint_only(self):
        """Also next to another endpoint of its own company."""
        neighbour = self.make_endpoint("Neighbour", self.env.company)
        mine, theirs = self.post(), self.send(endpoint=neighbour)
        self.drain()
        env = self.env(user=neighbour.user_id, su=False)
        seen = env["mfg.message"].search([])
        self.assertIn(theirs, seen)
        self.assertEqual(seen.endpoint_id, neighbour)
        self.assertEqual(env["mfg.endpoint"].search([]), neighbour)
        self.assertEqual(env["mfg.interface"].search([]), neighbour.interface_ids)
        self.assertEqual(env["mfg.message.link"].search([]), theirs.link_ids)
        self.assertFalse(env["mfg.mapping"].search([]))
        self.assertNotIn(self.unit.id, env["mfg.uom.crosswalk"].search([]).ids)
        with self.assertRaises(AccessError):
            mine.with_env(env).read(["payload"])

    def test_service_user_changes_nothing_outside_its_job(self):
        env = self.env(user=self.endpoint.user_id, su=False)
        for model in ("res.users", "res.company", "ir.config_parameter"):
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    self.assertFalse(env[model].has_access(operation))
        self.assertFalse(env.user._is_admin())
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", (env.uid,))
        self.assertFalse(self.env.cr.fetchone()[0])
