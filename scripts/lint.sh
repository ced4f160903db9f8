#!/usr/bin/env bash
# The linters of .pre-commit-config.yaml, from PyPI and npm: pre-commit itself would fetch its
# hooks from GitHub. With "--fix", formats instead of checking.
. "$(dirname "$0")/lib.sh"

PRETTIER=(prettier@3.9.7 @prettier/plugin-xml@3.4.2)
NODE_DIR=$MFG_RUN_DIR/node
failed=0

check() { # check <name> command…: runs on, so that one run shows everything
    echo "· $1"
    "${@:2}" || { echo "  $1: failed"; failed=1; }
}

prettier_ready() {
    local stamp=$NODE_DIR/stamp
    [ "$(cat "$stamp" 2>/dev/null)" = "${PRETTIER[*]}" ] && return
    command -v npm >/dev/null || { echo "· prettier: skipped, npm is not installed"; return 1; }
    mkdir -p "$NODE_DIR"
    npm_install "$NODE_DIR" "${PRETTIER[@]}" ||
        { echo "· prettier: skipped, npm cannot fetch it (no network?)"; return 1; }
    echo "${PRETTIER[*]}" >"$stamp"
}

files() { # files <name>…: in the checkout, without what the tooling made there
    local names=() name
    for name in "$@"; do names+=(-o -name "$name"); done
    find . \( -path './.[!c.]*' -o -name node_modules -o -path '*/static/lib' \) -prune \
        -o -type f \( "${names[@]:1}" \) -print0 | sort -z
}

addon_dirs() { find addons -mindepth 2 -maxdepth 2 -name __manifest__.py -printf '%h\n' 2>/dev/null | sort; }

scripts/get_odoo.sh
scripts/venv.sh
export PATH="$MFG_VENV/bin:$PATH"

mapfile -d '' python < <(files '*.py')
mapfile -d '' markup < <(files '*.xml' '*.js' '*.css' '*.scss' '*.yml' '*.yaml' '*.json')
mapfile -d '' shell < <(files '*.sh' run)
mapfile -t addons < <(addon_dirs)

write=--check
if [ "${1:-}" = --fix ]; then
    write=--write
    ruff check --fix --quiet "${python[@]}" || true
    ruff format --quiet "${python[@]}"
    [ ${#addons[@]} -eq 0 ] || oca-checks-odoo-module --fix --no-verbose "${addons[@]/%//__manifest__.py}" || true
else
    check "ruff" ruff check --quiet "${python[@]}"
    check "ruff format" ruff format --check --quiet "${python[@]}"
    if [ ${#addons[@]} -gt 0 ]; then
        # OCA's bot makes README.rst from readme/; one room per concern, such as *_screen.py
        check "pylint-odoo" pylint --rcfile=.pylintrc \
            --disable=missing-readme,consider-merging-classes-inherited "${addons[@]}"
        check "oca-checks-odoo-module" oca-checks-odoo-module "${addons[@]/%//__manifest__.py}"
    fi
    mapfile -d '' translations < <(files '*.po' '*.pot')
    [ ${#translations[@]} -eq 0 ] || check "oca-checks-po" oca-checks-po "${translations[@]}"
    check "shellcheck" shellcheck -x "${shell[@]}"
fi
if [ ${#markup[@]} -gt 0 ] && prettier_ready; then
    check "prettier" "$NODE_DIR/node_modules/.bin/prettier" --log-level warn "$write" \
        --plugin "$NODE_DIR/node_modules/@prettier/plugin-xml/src/plugin.js" "${markup[@]}"
fi
exit "$failed"
