# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import joborder
from . import order
from . import lots
from . import jobresponse
from . import material_consumed
from . import production_reported
from . import production_scrapped
