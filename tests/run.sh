#!/bin/sh
# Everything that must hold: format, lints, build without the window, tests, docs, licences and bans.
# Installs the test servers where it can (Debian, as root). A missing tool is a loud skip here and a failure where CI is set.
set -eu
cd "$(dirname "$0")/.."

PACKAGES="slapd ldap-utils exim4-daemon-heavy gpgsm gpg-agent dirmngr openssl libnss3-tools libbcmail-java libbcpkix-java
  default-jdk-headless python3 python3-pip python3-venv python3-gi gir1.2-atspi-2.0 at-spi2-core dbus dbus-x11 gnome-keyring xvfb openbox xdotool xclip imagemagick x11-utils
  x11-xserver-utils
  mesa-vulkan-drivers libgl1-mesa-dri libgl1 libegl1 libglx-mesa0 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2
  libxkbcommon0 libxkbcommon-x11-0 make perl gcc git
  hunspell hunspell-da hunspell-en-us pngquant softhsm2 opensc thunderbird poppler-utils qpdf
  nsd unbound bind9-utils iproute2 libdb5.3 libicu72 libnsl2"

step() { printf '\n== %s\n' "$*"; }

install() {
    missing=""
    for package in $PACKAGES; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "Not root: install these to run every test:$missing" >&2
        return 0
    fi
    step "install:$missing"
    # Servers are started by the tests, on ports of their own: the packages must not start theirs.
    guard=/usr/sbin/policy-rc.d
    if [ ! -e "$guard" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$guard"
        chmod 755 "$guard"
        trap 'rm -f "$guard"' EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing > /dev/null
    if [ -x "$guard" ]; then rm -f "$guard"; trap - EXIT; fi
}

if command -v apt-get > /dev/null 2>&1 && command -v dpkg-query > /dev/null 2>&1; then install; fi

# NIST's path validation suite, public domain, as PyPI's cryptography-vectors carries it.
pkits() {
    [ -d target/pkits/crls ] && return 0
    package="cryptography-vectors==50.0.2 --hash=sha256:51641f03a3eb4edbe9fb68e3a3574d25f86aa502d06391fffa886330d02778a0"
    wheels=$(mktemp -d)
    if ! printf '%s\n' "$package" > "$wheels/pinned" ||
        ! python3 -m pip download --quiet --no-deps --require-hashes -r "$wheels/pinned" -d "$wheels"; then
        rm -rf "$wheels"
        echo "SKIPPED: NIST PKITS could not be obtained from PyPI" >&2
        [ -z "${CI:-}" ]
        return
    fi
    mkdir -p target
    python3 - "$wheels" target/pkits <<'PYTHON'
import pathlib, sys, zipfile
wheel = next(pathlib.Path(sys.argv[1]).glob("*.whl"))
made = pathlib.Path(sys.argv[2] + ".part")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        folder, _, file = name.partition("/PKITS_data/")[2].partition("/")
        if folder in ("certs", "crls") and file:
            (made / folder).mkdir(parents=True, exist_ok=True)
            (made / folder / file).write_bytes(archive.read(name))
made.rename(sys.argv[2])
PYTHON
    rm -rf "$wheels"
}

step "test data"
pkits

# posttls-finger, a judge of transport: unpacked, because Postfix cannot be installed beside Exim.
finger() {
    [ -x target/postfix/usr/sbin/posttls-finger ] && return 0
    package=$(mktemp -d)
    if ! (cd "$package" && apt-get download -qq postfix > /dev/null 2>&1 && dpkg-deb -x postfix_*.deb unpacked); then
        rm -rf "$package"
        echo "SKIPPED: posttls-finger could not be obtained" >&2
        [ -z "${CI:-}" ]
        return
    fi
    mkdir -p target
    rm -rf target/postfix
    mv "$package/unpacked" target/postfix
    rm -rf "$package"
}
if command -v apt-get > /dev/null 2>&1; then finger; fi

# A reader of the tests' own for keys that no judge of Debian reads (tests/python): its primitives come from PyPI.
judges=target/python
if ! "$judges/bin/python" -c 'import cryptography, kyber_py.ml_kem' 2> /dev/null; then
    step "install from PyPI: cryptography, kyber-py"
    if ! { python3 -m venv "$judges" && "$judges/bin/pip" install --quiet cryptography==50.0.2 kyber-py==1.2.0; }; then
        [ -z "${CI:-}" ] || exit 1
        echo "SKIPPED: no Python with cryptography and kyber-py" >&2
    fi
fi

step "format"
cargo fmt --check

step "lints"
cargo clippy --locked --all-targets -- -D warnings

step "library and command line without the window"
cargo clippy --locked --no-default-features -- -D warnings

step "the window as packages have it, without the demo"
cargo clippy --locked --no-default-features --features gui -- -D warnings

step "tests"
cargo test --locked

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --quiet

step "what must not be in the tree"
sh tests/bans.sh

step "licences, bans, sources"
if [ -n "${CI:-}" ] && ! cargo deny --version > /dev/null 2>&1; then
    cargo install --locked --quiet cargo-deny --version 0.20.2
fi
if [ -n "${CI:-}" ] || cargo deny --version > /dev/null 2>&1; then
    cargo deny --config .config/deny.toml --log-level error check licenses bans sources
else
    echo "SKIPPED: cargo-deny is not installed (cargo install cargo-deny)" >&2
fi

if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
    step "nothing was changed by all this"
    git diff --exit-code
fi
step "all passed"
