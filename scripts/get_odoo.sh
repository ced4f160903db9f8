#!/usr/bin/env bash
# Puts an Odoo 19.0 at $MFG_ODOO_DIR/odoo-home, unless ODOO_HOME names one.
#
# Odoo is not on PyPI. Debian's unstable suite has it as a package; it is unpacked, not installed,
# since its dependencies are those of another Python. The mirror, the keys and the proxy are the
# machine's own.
. "$(dirname "$0")/lib.sh"

# Odoo's package links to the others for its web assets.
PACKAGES=(odoo-19 libjs-jquery libjs-underscore libjs-jquery-form
    fonts-roboto-unhinted fonts-montserrat)
# Debian leaves the first out of the mail addon (browser tours fail without it), and its
# font-awesome has become version 7, which no longer holds the files that Odoo links to.
NPM_PACKAGES=(@mediapipe/selfie_segmentation font-awesome@4.7.0)

apt_in() { # apt_in <folder> <apt-get arguments>…: with lists and cache of that folder
    mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial"
    apt-get -qq -o Dir::State="$1/state" -o Dir::Cache="$1/cache" -o APT::Sandbox::User=root "${@:2}"
}

mirror() { # mirror command…: the Debian mirror in the index that this apt-get knows
    # shellcheck disable=SC2016 # apt-get fills these in
    "$@" indextargets --format '$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { print $4; exit }'
}

find_mirror() {
    local found
    found=$(mirror apt-get)
    if [ -z "$found" ]; then # the machine's lists were never fetched
        apt_in "$work/own" update || die "apt-get update failed: no network?"
        found=$(mirror apt_in "$work/own")
    fi
    [ -n "$found" ] || die "no Debian mirror in this machine's apt sources; set ODOO_HOME to an Odoo 19.0"
    echo "$found"
}

fetch_debs() {
    local found sid
    found=$(find_mirror)
    sid=(-o Dir::Etc::sourcelist="$work/sid.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::preferencesparts=/dev/null)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $found sid main" >"$work/sid.list"
    apt_in "$work/apt" "${sid[@]}" update || die "cannot read Debian's sid suite from this machine's mirror: no network?"
    (cd "$work/debs" && apt_in "$work/apt" "${sid[@]}" download "${PACKAGES[@]}") ||
        die "cannot download ${PACKAGES[*]} from Debian's sid suite: no network? Else set ODOO_HOME to an Odoo 19.0"
}

fetch_npm_packages() {
    command -v npm >/dev/null || apt_install npm
    (cd "$work/debs" && npm pack --silent "${NPM_PACKAGES[@]}") || die "npm cannot fetch ${NPM_PACKAGES[*]}: no network?"
}

npm_unpack() { # npm_unpack <archive> <file or folder inside> <folder to put it in>
    mkdir -p "$3" "$work/npm"
    tar -xzf "$1" -C "$work/npm"
    cp -r "$work/npm/package/$2" "$3/"
    rm -rf "$work/npm"
}

unpack() {
    local deb link lib=$work/root/usr/lib/python3/dist-packages fonts=$work/root/usr/share/fonts-font-awesome
    for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/root"; done
    [ -f "$lib/odoo/release.py" ] || die "Debian's odoo-19 package has no odoo/release.py"
    # Debian ships a second, incomplete copy of the addons, which Odoo would search as well.
    rm -rf "$lib/addons" "$lib/doc" "$lib/setup"
    # Absolute links point into the /usr/share of a machine that has the packages installed.
    find "$work/root" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
        ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$work/root$(readlink "$link")")" "$link"
    done
    npm_unpack "$work"/debs/mediapipe-*.tgz selfie_segmentation.js "$lib/odoo/addons/mail/static/lib/selfie_segmentation"
    npm_unpack "$work"/debs/font-awesome-*.tgz fonts "$fonts"
}

if [ -n "$ODOO_HOME" ]; then
    [ -f "$ODOO_HOME/odoo/release.py" ] || die "ODOO_HOME=$ODOO_HOME has no odoo/release.py"
    grep -q '^version_info = (19, 0,' "$ODOO_HOME/odoo/release.py" || die "ODOO_HOME=$ODOO_HOME is no Odoo 19.0"
    exit 0
fi
stamp=$MFG_ODOO_DIR/stamp
wanted=$(hash_of "$0")
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0
need_free_gb 3
for tool in dpkg apt-get; do
    command -v $tool >/dev/null ||
        die "this is no Debian: set ODOO_HOME to an Odoo 19.0 (a source checkout, or the folder of its odoo package)"
done

work=$MFG_ODOO_DIR.new
rm -rf "$work"
mkdir -p "$work/debs"
trap 'rm -rf "$work"' EXIT
cached=$MFG_CACHE/odoo-$(echo "${PACKAGES[@]}" "${NPM_PACKAGES[@]}" | hash_of -)
if [ -d "$cached" ]; then
    cp "$cached"/* "$work/debs/"
else
    fetch_debs
    fetch_npm_packages
    mkdir -p "$MFG_CACHE"
    rm -rf "$cached.$$"
    cp -r "$work/debs" "$cached.$$"
    mv -T "$cached.$$" "$cached" || rm -rf "$cached.$$" # another run was faster
fi
unpack
dpkg-deb -f "$work"/debs/odoo-19_*.deb Version >"$work/version"
rm -rf "$work/apt" "$work/own" "$work/debs" "$work/sid.list"
echo "$wanted" >"$work/stamp"
rm -rf "$MFG_ODOO_DIR"
mv -T "$work" "$MFG_ODOO_DIR"
