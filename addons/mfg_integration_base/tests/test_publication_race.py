# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time
from unittest.mock import patch

from odoo.tests import tagged

from .publication_common import MATERIAL
from .race_common import Meeting, RaceCase


class Killed(BaseException):
    """The process ends; no error of a record, which would stand aside."""


@tagged("post_install", "-at_install")
class TestPublicationRace(RaceCase):
    """Real transactions: positions never skip, whoever commits when."""

    types = ()

    def setUp(self):
        super().setUp()
        publisher = type(self.env["mfg.publisher"])
        self.startPatcher(
            patch.object(publisher, "_wake", lambda *_args, **_kwargs: None)
        )
        with self.transaction() as env:
            env["mfg.interface"].create(
                {
                    "endpoint_id": self.ids[0],
                    "type": MATERIAL,
                    "direction": "out",
                }
            )
            self.products = [
                env["product.product"].create({"name": f"Race {n}"}).id
                for n in range(2)
            ]
        self.publish()

    def remove(self, env):
        env["product.product"].browse(self.products).product_tmpl_id.unlink()
        env.flush_all()
        env.cr.precommit.clear()
        for table in ("mark", "scan", "trouble"):
            env.cr.execute(f"DELETE FROM mfg_publication_{table}")
        env.cr.execute("DELETE FROM mfg_publication")
        return super().remove(env)

    def publish(self):
        with self.transaction() as env:
            env.cr.commit()  # pylint: disable=invalid-commit
            return env["mfg.publisher"]._work(time.monotonic() + 60)

    def rename(self, env, place, name):
        env["product.product"].browse(self.products[place]).name = name

    def row(self, place):
        with self.transaction() as env:
            row = env["mfg.publication"].search(
                [("kind", "=", "material"), ("res_id", "=", self.products[place])]
            )
            return row.position, row.version

    def told(self, place):
        with self.transaction() as env:
            subject = f"material:{self.products[place]}"
            return env["mfg.message"].search_count(
                [("endpoint_id", "=", self.ids[0]), ("subject", "=", subject)]
            )

    def test_a_long_transaction_comes_behind_who_has_read_on(self):
        """Marked first, committed last: its position is behind what was read."""
        with self.transaction() as slow:
            self.rename(slow, 0, "slow")
            slow.flush_all()
            slow.cr.precommit.run()  # its mark is written, and nobody sees it
            with self.transaction() as quick:
                self.rename(quick, 1, "quick")
            self.publish()
            read, _version = self.row(1)
            self.assertLess(self.row(0)[0], read)
        self.publish()
        position, version = self.row(0)
        self.assertGreater(position, read)
        self.assertEqual((version, self.told(0), self.told(1)), (2, 2, 2))

    def test_two_publishers_take_turns(self):
        with self.transaction() as env:
            self.rename(env, 0, "one")
            self.rename(env, 1, "two")
        meeting = Meeting()
        publisher = type(self.env["mfg.publisher"])
        settle = publisher._settle
        with patch.object(publisher, "_settle", meeting.before(settle)):
            outcomes = self.at_once(self.publish, self.publish)
        self.assertEqual(outcomes, [True, True])
        self.assertEqual([self.row(n)[1] for n in range(2)], [2, 2])
        self.assertEqual([self.told(n) for n in range(2)], [2, 2])
        positions = {self.row(n)[0] for n in range(2)}
        self.assertEqual(len(positions), 2)

    def test_what_comes_while_a_publisher_is_about_to_end_is_published(self):
        """Whoever finds the turn taken leaves its mark to who has it."""
        publisher = type(self.env["mfg.publisher"])
        step = publisher._step_tell
        late = []

        def last_look(this):
            worked = step(this)
            if not worked and not late:
                late.append(True)
                with self.transaction() as env:
                    self.rename(env, 1, "late")
                self.assertTrue(self.publish())  # who was woken for it: taken
                self.assertEqual(self.row(1)[1], 1)
            return worked

        with self.transaction() as env:
            self.rename(env, 0, "first")
        with patch.object(publisher, "_step_tell", last_look):
            self.publish()
        self.assertEqual((self.row(1)[1], self.told(1)), (2, 2))

    def test_a_publisher_that_dies_loses_and_doubles_nothing(self):
        with self.transaction() as env:
            self.rename(env, 0, "first")
        publisher = type(self.env["mfg.publisher"])
        told = publisher._tell

        def dies(this, interface, kind, rows):
            told(this, interface, kind, rows)
            raise Killed

        with patch.object(publisher, "_tell", dies):
            with self.assertRaises(Killed):
                self.publish()
        self.assertEqual(self.told(0), 1)
        self.publish()
        self.publish()
        self.assertEqual((self.row(0)[1], self.told(0)), (2, 2))

    def test_the_sweeper_makes_good_for_a_lost_job(self):
        """Also for a plant that is told when asked, beside one told at once."""
        with self.transaction() as env:
            nightly = env["mfg.interface"].create(
                {
                    "endpoint_id": self.ids[0],
                    "type": "mfg.master.unit.v1",
                    "direction": "out",
                    "publish": "nightly",
                }
            )
        self.publish()
        self.assertEqual(self.swept(), [])
        with self.transaction() as env:
            env["mfg.publication.feed"]._ask(nightly.with_env(env))
        self.assertEqual(self.swept(), ["sweep"])
        self.publish()
        self.assertEqual(self.swept(), [])
        with self.transaction() as env:
            env["mfg.interface"].search([("type", "=", MATERIAL)]).publish = "nightly"
            env["mfg.publication.scan"]._begin([("unit", env.company.id)])
        self.assertEqual(self.swept(), ["sweep"])
        self.publish()
        self.assertEqual(self.swept(), [])

    def swept(self):
        """The jobs that the sweeper starts."""
        publisher, woken = type(self.env["mfg.publisher"]), []

        def wake(_this, cause="wake"):
            woken.append(cause)

        with patch.object(publisher, "_wake", wake), self.transaction() as env:
            env["mfg.publisher"]._wake_if_due()
        return woken

    def test_a_reader_passes_on_the_wake_up_whose_turn_it_took(self):
        """A job that came meanwhile went away: another one is woken for its work."""
        publisher, woken = type(self.env["mfg.publisher"]), []
        step = publisher._step_versions

        def meanwhile(this, kinds=None):
            if not woken:
                with self.transaction() as env:
                    self.rename(env, 0, "meanwhile")
                self.assertTrue(self.publish())  # the job: the turn is taken
                self.assertEqual(self.row(0)[1], 1)
                woken.append("job left")
            return step(this, kinds)

        def wake(_this, cause="wake"):
            woken.append(cause)

        with (
            patch.object(publisher, "_step_versions", meanwhile),
            patch.object(publisher, "_wake", wake),
            self.transaction() as env,
        ):
            env["mfg.publisher"]._catch_up(["unit"], time.monotonic() + 60)
        after = woken[woken.index("job left") + 1 :]
        self.assertEqual(after, ["wake"], woken)
        self.publish()
        self.assertEqual((self.row(0)[1], self.told(0)), (2, 2))
