#!/usr/bin/env bash
# Odoo's own stock, mrp, stock_account and mrp_account tests, on a database with our addons.
. "$(dirname "$0")/lib.sh"

core=$("$MFG_VENV/bin/python" -c 'import odoo.addons.stock as m, pathlib; print(pathlib.Path(m.__file__).parents[1])')
mapfile -t known < <(sed 's/ *#.*//; /^$/d' scripts/core_known_failures.txt)
exec "$MFG_VENV/bin/python" scripts/addon_tests.py --db "${MFG_TEST_DB}_core" --fresh --quiet \
    -p no:cacheprovider -c pyproject.toml --rootdir="$core" "${known[@]/#/--deselect=}" \
    "$core/stock/tests" "$core/mrp/tests" \
    "$core/stock_account/tests" "$core/mrp_account/tests"
