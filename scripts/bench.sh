#!/usr/bin/env bash
# The benchmarks, with their own set-up: bench.sh [WORKLOAD…] [--rounds N] [--small]
. "$(dirname "$0")/lib.sh"
[ -d benchmarks ] || die "benchmarks/ is missing: nothing to measure in this checkout"
STEPS=$((SETUP_STEPS + 2))
setup
step "Packages of the benchmarks" "$MFG_VENV/bin/python" -m pip install --quiet \
    --disable-pip-version-check -c scripts/requirements/constraints.txt \
    -r benchmarks/requirements.txt
show "Benchmarks" "$MFG_VENV/bin/python" -m benchmarks "$@"
