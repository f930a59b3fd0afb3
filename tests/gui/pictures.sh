#!/bin/sh
# Draws anew every picture that has changed, or is not there yet, and makes it small. Look at them before you commit them.
set -eu
cd "$(dirname "$0")/../.."
command -v pngquant > /dev/null || { echo "pngquant is not installed (Debian: pngquant)" >&2; exit 1; }
UPDATE_SNAPSHOTS=1 cargo test --locked --test gui pictures::every_screen
for picture in tests/gui/snapshots/*.png; do
    # The octet that says whether the picture has a palette (PNG, IHDR): those that have are small already.
    [ "$(od -An -tu1 -j25 -N1 "$picture" | tr -d ' ')" = 3 ] ||
        pngquant --nofs --strip --speed 1 --skip-if-larger --force --ext .png 256 -- "$picture"
done
rm -f tests/gui/snapshots/*.diff.png tests/gui/snapshots/*.old.png tests/gui/snapshots/*.new.png
du -sh tests/gui/snapshots
