#!/usr/bin/env bash
# Makes $MFG_VENV: Odoo's Python dependencies, Odoo itself on the path, queue_job, the test tools.
. "$(dirname "$0")/lib.sh"

REQUIREMENTS=$ROOT/scripts/requirements

find_python() {
    local candidate
    for candidate in ${MFG_PYTHON:-python3.11 python3.12 python3}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12)])' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    die "Python 3.11 or 3.12 not found; install one, or set MFG_PYTHON to its path"
}

create() {
    "$python" -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
    rm -rf "$MFG_VENV"
    "$python" -m venv "$MFG_VENV" || die "cannot make a virtual environment with $python"
}

install() {
    "$MFG_VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
        -c "$REQUIREMENTS/constraints.txt" "$@" || die "pip could not install $*: no network?"
}

# Odoo goes on the path behind the environment's own packages, and gets a metadata folder of its
# own: pip must see "odoo 19.0" for queue_job, but not Odoo's wish for a compiled psycopg2.
link_odoo() {
    local site
    site=$("$MFG_VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo "$odoo_lib" >"$site/mfg_odoo.pth"
    mkdir -p "$site/odoo-19.0.dist-info"
    printf 'Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n' >"$site/odoo-19.0.dist-info/METADATA"
    echo mfg-scripts >"$site/odoo-19.0.dist-info/INSTALLER"
    : >"$site/odoo-19.0.dist-info/RECORD"
    cat >"$MFG_VENV/bin/odoo" <<-END
		#!$MFG_VENV/bin/python
		import odoo.cli

		if __name__ == "__main__":
		    odoo.cli.main()
	END
    chmod +x "$MFG_VENV/bin/odoo"
}

odoo_lib=${ODOO_HOME:-$MFG_ODOO_DIR/root/usr/lib/python3/dist-packages}
python=$(find_python)
stamp=$MFG_VENV/mfg-stamp
wanted=$(echo "$python $odoo_lib $MFG_VENV" | hash_of - "$0" requirements.txt "$REQUIREMENTS"/*.txt)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0
need_free_gb 1
# A virtual environment cannot be renamed: without the stamp it counts as unfinished.
rm -f "$stamp"
[ "$("$MFG_VENV/bin/python" -c 'import sys; print(sys.base_prefix)' 2>/dev/null)" = \
    "$("$python" -c 'import sys; print(sys.base_prefix)')" ] || create
install -r "$REQUIREMENTS/odoo.txt" -r "$REQUIREMENTS/test.txt"
link_odoo
install -r requirements.txt
"$MFG_VENV/bin/odoo" --version || die "Odoo does not start in $MFG_VENV"
echo "$wanted" >"$stamp"
