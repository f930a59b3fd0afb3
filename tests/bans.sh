#!/bin/sh
# What the dependency tree must not hold, each with its reason.
set -eu
cd "$(dirname "$0")/.."

tree=$(cargo tree --locked --edges normal,build --target all --prefix none --format '{p} [{f}]')
failed=0
fail() {
    echo "BANNED: $1" >&2
    failed=1
}
has() { printf '%s\n' "$tree" | grep -qE "$1"; }

# Without this line the search itself could find nothing and pass.
has '^rustls v0\.23' || fail "the search does not see rustls: it does not work"
has '^eframe v' || fail "the search does not see eframe: it does not work"

# One provider for rustls: two in one program disagree at run time.
if has '^aws-lc-rs v' && has '^ring v'; then fail "both ring and aws-lc-rs"; fi
has '^native-tls v' && fail "native-tls: the one TLS stack is rustls"
has '^(eframe|egui) v.*\[.*persistence' && fail "egui's persistence writes text to disk"
has '^(eframe|egui) v.*\[.*inspection' && fail "egui's inspection shows the text to others"
has '^lettre v.*\[.*tracing' && fail "lettre's tracing prints AUTH and body"
has '^lettre v.*\[.*hostname' && fail "lettre's hostname puts the computer's name into the message"
has '^ldap3 v.*\[.*tls' && fail "ldap3's own TLS: the connection is ours"
[ "$failed" -eq 0 ] || exit 1
echo "none of the banned crates and features is in the tree"
