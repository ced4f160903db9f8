# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Ways to get a plant's events posted in Odoo, each on a copy of the same database.

A contender has a ``name`` and ``at_work(databases, database, world)``, a context that
yields a function: given events in their order of arrival, it returns when all of them
have taken effect.
"""
