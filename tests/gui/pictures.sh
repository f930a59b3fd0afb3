#!/bin/sh
# Draws anew every picture that has changed, or is not there yet, and makes it small. Look at them before you commit them.
set -eu
cd "$(dirname "$0")/../.."
for tool in pngquant compare; do
    command -v $tool > /dev/null || { echo "$tool is not installed (Debian: pngquant imagemagick)" >&2; exit 1; }
done
UPDATE_SNAPSHOTS=1 cargo test --locked --test gui pictures::every_screen
small=$(mktemp)
trap 'rm -f "$small"' EXIT
for picture in tests/gui/snapshots/*.png; do
    # The octet that says whether the picture has a palette (PNG, IHDR): those that have are small already.
    [ "$(od -An -tu1 -j25 -N1 "$picture" | tr -d ' ')" = 3 ] && continue
    pngquant --nofs --strip --speed 1 --force --output "$small" 256 -- "$picture"
    # Ten of 255 levels is what the comparison forgives a palette. A picture that loses more stays as it is.
    off=$(compare -metric PAE "$picture" "$small" null: 2>&1 | sed 's/.*(\(.*\)).*/\1/') || :
    if awk "BEGIN { exit !(${off:-1} <= 0.0393) }"; then cat "$small" > "$picture"; fi
done
rm -f tests/gui/snapshots/*.diff.png tests/gui/snapshots/*.old.png tests/gui/snapshots/*.new.png
du -sh tests/gui/snapshots
