# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import contract
from . import events
from . import joborders
from . import master
from . import operations
from . import outbox
