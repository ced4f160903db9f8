# shellcheck shell=bash
# What the shell scripts share: settings, steps with their time, one-line errors.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
export PYTHONUNBUFFERED=1 # progress shows as it happens, also through a pipe

STEP=0
STEPS=0 # set by each script
export SETUP_STEPS=4
STEP_LOG=

die() {
    echo "error: $*" >&2
    exit 1
}

begin() { # begin <text>: numbers a step and names its log
    STEP=$((STEP + 1))
    STEP_LOG=$MFG_LOG_DIR/$(tr -cs 'a-zA-Z0-9' '-' <<<"$1" | sed 's/-$//').log
    mkdir -p "$MFG_LOG_DIR"
    printf '[%d/%d] %s' "$STEP" "$STEPS" "$1"
}

# step "text" command…: runs it with its output in a log; shows the end of the log if it fails.
step() {
    local start=$SECONDS
    begin "$1"
    printf ' … '
    if "${@:2}" >"$STEP_LOG" 2>&1 </dev/null; then
        echo "$((SECONDS - start)) s"
        return
    fi
    echo "failed"
    if ! tail -n 1 "$STEP_LOG" | grep '^error:' >&2; then
        tail -n 25 "$STEP_LOG" >&2
    fi
    echo "log: $STEP_LOG" >&2
    exit 1
}

# show "text" command…: a step whose output is the point: shown as it comes, and logged.
show() {
    begin "$1"
    echo
    "${@:2}" 2>&1 </dev/null | tee "$STEP_LOG"
}

# The four steps before anything else; a fraction of a second when there is nothing to do.
setup() {
    step "Odoo 19.0" scripts/get_odoo.sh
    step "Python environment" scripts/venv.sh
    step "PostgreSQL" "$MFG_VENV/bin/python" scripts/postgres.py start
    step "Database template" "$MFG_VENV/bin/python" scripts/database.py template
}

# The scripts write to a fresh place and rename at the end: no half state after a failure.
need_free_gb() {
    local free
    free=$(df -Pk "$ROOT" | awk 'NR == 2 { print int($4 / 1024 / 1024) }')
    [ "$free" -ge "$1" ] || die "no disk space: $free GB free at $ROOT, $1 GB needed"
}

hash_of() { cat "$@" 2>/dev/null | sha256sum | cut -c1-16; }

is_root() { [ "$(id -u)" = 0 ]; }

# apt_install package…: only when root; says what to do when not.
apt_install() {
    is_root || die "missing Debian package(s): $*; install them as root: apt-get install $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" ||
        { apt-get update && apt-get install -y --no-install-recommends "$@"; } ||
        die "apt-get could not install $* (no network?)"
}

# npm_install folder package@version…: ends also where the network swallows what is sent.
npm_install() {
    timeout 300 npm install --silent --no-save --no-audit --no-fund --prefix "$1" "${@:2}"
}
