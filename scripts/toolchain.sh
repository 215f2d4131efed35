#!/usr/bin/env bash
# Checks that the Rust toolchain can build this workspace, and says what to do if not. Installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
needed=$(sed -n 's/^rust-version = "\([0-9.]*\)"$/\1/p' Cargo.toml)

fail() { printf 'toolchain: %s\n' "$@" >&2; exit 1; }

command -v cargo >/dev/null 2>&1 ||
  fail "cargo is not on the PATH. Install Rust $needed or newer, see https://www.rust-lang.org/tools/install"
have=$(rustc --version | cut -d' ' -f2)
[ "$(printf '%s\n' "$needed" "${have%%-*}" | sort -V | head -n1)" = "$needed" ] ||
  fail "Rust $needed or newer is needed, this is $have. With rustup:  rustup update stable"
[ "${1:-}" = build ] && exit
for component in clippy fmt; do
  cargo $component --version >/dev/null 2>&1 ||
    fail "cargo $component is missing. With rustup:  rustup component add clippy rustfmt"
done
