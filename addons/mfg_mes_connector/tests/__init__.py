# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import test_joborder_released
from . import test_joining
from . import test_joborder_cancelled
from . import test_jobresponse
from . import test_material_consumed
from . import test_production_reported
from . import test_production_final
from . import test_production_scrapped
from . import test_lots
from . import test_contract
from . import test_security
