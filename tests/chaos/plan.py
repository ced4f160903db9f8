# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which scenarios, how often and how large."""

from . import scenarios as single
from . import scenarios_more as more

ROUNDS = 5  # of killing: 200 single processes and 10 whole servers

# scenario, sizes; what is not said is the scenario's own default
FULL = [
    *[(single.workers, {"kills": 40, "groups": 2, "orders": 10})] * ROUNDS,
    (single.frozen, {}),
    (single.overdue, {}),
    (single.backends, {"rounds": 40}),
    (single.postgresql, {"stops": 4}),
    (single.jobs, {"rounds": 40}),
    (more.nodes, {"starts": 3}),
    (more.killer, {}),
    (more.sequence, {"orders": 6}),
    (more.storm, {"orders": 12}),
]
SHORT = [  # test_order_flow.py has the order of messages
    (single.workers, {"kills": 6, "groups": 1, "orders": 3}),
    (single.frozen, {"freezes": 2, "seconds": 3, "orders": 2}),
    (single.backends, {"rounds": 8, "orders": 2}),
    (single.postgresql, {"stops": 1, "orders": 2}),
    (single.jobs, {"rounds": 8, "orders": 2}),
    (more.nodes, {"starts": 1, "orders": 2}),
    (more.killer, {"tries": 2, "neighbours": 40}),
    (more.storm, {"orders": 6, "reports": 3}),
]


def scenarios(plan, wanted=()):
    """The scenarios of a plan, or those of them that are wanted by name."""
    return [
        (scenario, sizes)
        for scenario, sizes in plan
        if not wanted or scenario.__name__ in wanted
    ]
