# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import random
from collections import Counter

from odoo.tests import tagged

from .common import ReconcileCase, amount

SEEDS = 12
GOODS, SCRAP, GLUE, BOARD, LABOUR = "goods", "scrap", "glue", "board", "labour"
WHAT = {
    ("produced", "TABLE"): GOODS,
    ("scrapped", "TABLE"): SCRAP,
    ("consumed", "GLUE"): GLUE,
    ("consumed", "BOARD"): BOARD,
    ("labour", False): LABOUR,
}


@tagged("post_install", "-at_install")
class TestRandom(ReconcileCase):
    """Random events, some lost, some sent twice: the differences are exactly these, and
    once they are healed Odoo is what the plant counted."""

    def test_what_was_seeded_is_found_and_healed(self):
        for seed in range(SEEDS):
            for listed in (True, False):
                with self.subTest(seed=seed, listed=listed):
                    savepoint = self.env.cr.savepoint()
                    try:
                        self.play(random.Random(seed), listed)
                    finally:
                        savepoint.close(rollback=True)
                        self.env.invalidate_all(flush=False)

    def play(self, dice, listed):
        self.order, self.sent = self.make_order(60), []
        plant, lost, twice, proofs = Counter(), Counter(), Counter(), set()
        for number in range(dice.randint(3, 8)):
            kind = dice.choice((GOODS, GOODS, SCRAP, GLUE, LABOUR))
            size = dice.randint(1, 4)
            fate = dice.choice(("comes", "comes", "comes", "lost", "twice"))
            done = {kind: size, **({BOARD: size} if kind == GOODS else {})}
            plant.update(done)
            message = self.send_one(kind, size, number, fate == "lost")
            if fate == "lost":
                lost.update(done)
                continue
            self.assertPosted(message)
            if fate == "twice" and kind != LABOUR:  # that is refused by itself
                proofs.add(self.again().id)
                twice.update(done)
        told = self.told(plant)
        self.counts(plant[GOODS], hour=20, listed=listed, **told)
        self.check(lost, twice, proofs, listed)
        self.heal_all()
        self.counts(plant[GOODS], hour=21, listed=listed, **told)
        self.assertMatched()
        self.assertEqual(self.made(), plant[GOODS])
        used = {GLUE: self.consumed(self.glue), BOARD: self.consumed(self.board)}
        self.assertEqual(used, {GLUE: plant[GLUE], BOARD: plant[BOARD]})

    def send_one(self, kind, size, number, lost):
        """No two are alike: each has its minute."""
        hour = 8 + number
        if kind == GOODS:
            return self.makes(size, hour, lost)
        if kind == SCRAP:
            return self.scraps(size, hour, lost)
        if kind == GLUE:
            return self.uses(self.glue, size, hour=hour, lost=lost)
        return self.works(size, hour=hour, lost=lost)

    def told(self, plant):
        return {
            "scrapped": amount(plant[SCRAP]),
            "consumed": [
                self.used(self.glue, plant[GLUE]),
                self.used(self.board, plant[BOARD], "C62"),
            ],
            "labour": [
                {
                    "operationsSegmentId": "Cut",
                    "duration": amount(plant[LABOUR], "MIN"),
                }
            ],
        }

    def check(self, lost, twice, proofs, listed):
        lines = self.found.line_ids.filtered(lambda x: x.what != "messages")
        seen = {
            WHAT[x.what, x.product_id.default_code]: round(x.difference, 2)
            for x in lines
        }
        kinds = {*lost, *twice}
        expected = {k: lost[k] - twice[k] for k in kinds if lost[k] != twice[k]}
        self.assertEqual(seen, expected)
        for line in lines:
            kind = WHAT[line.what, line.product_id.default_code]
            if listed and not twice[kind]:
                self.assertEqual(line.cause, "missing")
            if listed and not lost[kind]:
                self.assertEqual(line.cause, "doubled")
                self.assertLessEqual(set(line.message_ids.ids), proofs)

    def heal_all(self):
        """Until nothing is left that a correction can put right, which is soon."""
        for _round in range(3):
            lines = self.found.line_ids.filtered(lambda x: x._is_correctable())
            if not lines:
                return
            self.heal(lines)
            self.found.action_compare()
