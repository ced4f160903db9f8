# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a sending job hears from PostgreSQL while it waits, so that it need not ask."""

CHANNEL = "mfg_push"


class Ear:
    """A cursor's connection as it listens; it hears between transactions only.

    Whoever has committed a message says so afterwards: forget first, look then, and
    nothing falls in between.
    """

    def __init__(self, cr):
        self._connection = cr._cnx

    def fileno(self):
        return self._connection.fileno()

    def heard(self):
        """Whether something was said since it was last forgotten."""
        self._connection.poll()
        return bool(self._connection.notifies)

    def forget(self):
        self._connection.poll()
        self._connection.notifies.clear()
