#!/usr/bin/env bash
# Every check: formatting, lints as errors (of the program without its optional feature, then of everything), every test.
# Closes with one line that adds all test binaries up.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

cargo fmt --all --check
cargo clippy --locked -- -D warnings
cargo clippy --workspace --all-targets --features eventstore --locked -- -D warnings
status=0
cargo test --workspace --features eventstore --locked --no-fail-fast 2>&1 | tee "$log" || status=$?

awk '/^test result:/ { passed += $4; failed += $6; ignored += $8 }
  END { printf "\n%d passed, %d failed, %d skipped\n", passed, failed, ignored; exit passed == 0 }' "$log"
exit $status
