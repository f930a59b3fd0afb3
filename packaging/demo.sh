#!/bin/sh
# Builds Segl and starts its demo: invented recipients in every state, and servers of its own on this computer.
# Installs what is missing where it can (Debian and its relatives, as root); elsewhere it says what is missing.
set -eu
cd "$(dirname "$0")/.."

BUILD="gcc make perl"
WINDOW="libgl1 libegl1 libgl1-mesa-dri libglx-mesa0 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0
  libxkbcommon-x11-0"

wanted="$BUILD"
[ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || wanted="$wanted $WINDOW"

if command -v dpkg-query > /dev/null 2>&1; then
    missing=""
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    if [ -n "$missing" ] && [ "$(id -u)" -eq 0 ]; then
        echo "Installing:$missing"
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
    elif [ -n "$missing" ]; then
        echo "Missing packages, install them if the build or the window fails:$missing" >&2
    fi
fi
if ! command -v cargo > /dev/null 2>&1; then
    echo "Rust is missing (1.95 or newer): install it from https://rustup.rs and run this again." >&2
    exit 2
fi

# The development profile, which the tests use too: nothing is built twice.
exec cargo run --locked --bin segl-desktop -- --demo "$@"
