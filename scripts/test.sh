#!/usr/bin/env bash
# test.sh [all | unit | addons | e2e | core]: set-up and tests. All suites run even when one fails;
# the last line is pytest's summary over all of them.
. "$(dirname "$0")/lib.sh"

suite=${1:-all}
pytest=("$MFG_VENV/bin/pytest" --quiet -p no:cacheprovider)
results=$MFG_RUN_DIR/results
failed=()

tools_ready() { # the guide's examples are run with curl, the tours in a browser of these names
    local name
    command -v curl >/dev/null || apt_install curl
    for name in google-chrome chromium chromium-browser google-chrome-stable; do
        command -v "$name" >/dev/null && return
    done
    apt_install chromium
}

run() { # run <text> <name> command…: goes on after a failure
    [ "$suite" = all ] || [ "$suite" = "$2" ] || return 0
    show "$1" "${@:3}" || failed+=("$1")
    # pytest's last line, for the summary at the end
    grep -E '^=* ?[0-9]+ (passed|failed|skipped|deselected|error).* in [0-9.]+s' "$STEP_LOG" | tail -n 1 >"$results/$2.txt" || rm "$results/$2.txt"
}

case $suite in
    unit) STEPS=$((SETUP_STEPS + 1)) ;;
    e2e | addons | core) STEPS=$((SETUP_STEPS + 2)) ;;
    all) STEPS=$((SETUP_STEPS + 5)) ;;
    *) die "unknown suite $suite: all, unit, addons, e2e or core" ;;
esac
rm -rf "$results" && mkdir -p "$results"
setup
[ "$suite" = unit ] || step "Chromium and curl" tools_ready
# two processes with a database each: the tests of one file stay together, in their order
addon_tests=("$MFG_VENV/bin/python" scripts/addon_tests.py --quiet -p no:cacheprovider
    --numprocesses 2 --dist loadfile --no-loadscope-reorder)

run "Lint" lint scripts/lint.sh
run "Unit tests" unit "${pytest[@]}" tests/unit
run "Addon tests" addons "${addon_tests[@]}" addons/*/tests
run "End-to-end tests" e2e "${pytest[@]}" tests/e2e
[ "$suite" != core ] || run "Odoo's own stock, mrp and valuation tests" core scripts/core_tests.sh

echo
"$MFG_VENV/bin/python" scripts/summary.py "$results" "${failed[@]}"
