# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The benchmark's factory on paper: products, machines, people and released orders.

Every finished product has three components of its own, so that orders meet where they
meet in a plant: at the components of one product, and in (c) at one hot component.
"""

from dataclasses import dataclass, field

PIECE, GRAM = "C62", "GRM"
MACHINES = [f"M{number}" for number in range(1, 22)]  # as many as in the real log
WORKERS = [f"W{number:02}" for number in range(1, 21)]
REASON = "REJECT"
DOSES = (1.0, 2.0, 0.5)  # of the three components in one piece
HOT, HOT_DOSE = "HOT", 5.0
FLOOR_STOCK = 1_000_000.0  # of every component: nothing here is about shortage
OPERATIONS = "Turn", "Pack", "Mill"


@dataclass(frozen=True)
class Product:
    """A finished product; its BoM follows from this."""

    code: str
    operations: tuple = OPERATIONS[:2]
    lots: bool = False
    by_hand: bool = False  # its last component, kept in kg, is reported by a worker
    hot: bool = False  # its first component is the one all share

    @property
    def components(self):
        own = [f"{self.code}-C{number}" for number in (1, 2, 3)]
        return [HOT, *own[1:]] if self.hot else own

    @property
    def doses(self):
        return (HOT_DOSE, *DOSES[1:]) if self.hot else DOSES

    @property
    def machines(self):
        start = 2 * sum(map(ord, self.code))
        return [
            MACHINES[(start + n) % len(MACHINES)] for n in range(len(self.operations))
        ]


@dataclass(frozen=True)
class Order:
    """A released order: what the plant knows of it."""

    product: Product
    quantity: int
    name: str = field(default="", compare=False)  # Odoo's, once it is released


def _mixed_product(number):
    kind = number % 9
    return Product(
        f"A{kind}",
        operations=("Turn", "Mill", "Pack") if kind == 4 else OPERATIONS[:2],
        lots=kind in (2, 7),
        by_hand=kind in (0, 3, 6),
    )


WARM_UP = "w"
ORDERS = {
    WARM_UP: [Order(Product("W0", by_hand=True), 40) for _number in range(4)],
    "a": [Order(_mixed_product(number), 40) for number in range(50)],
    "b": [Order(Product(f"B{number % 5}"), 100) for number in range(20)],
    "c": [Order(Product(f"C{number % 5}", hot=True), 10) for number in range(30)],
}
