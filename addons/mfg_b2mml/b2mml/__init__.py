# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""B2MML read and written: plain Python and lxml, no ORM.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA
International.
"""
