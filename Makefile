# `make demo` to look, `make test` to check. Every target is safe to repeat.
SHELL := /bin/bash
ifndef CARGO_TARGET_DIR
export CARGO_TARGET_DIR := $(shell scripts/target-dir.sh)
endif

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test faults revocations schemathesis bench replay check lint fmt

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## Install what is missing (packages: as root)
	@scripts/setup.sh
	@scripts/toolchain.sh || true

demo: ## Build, and run a server with example data and a relying party
	@scripts/setup.sh demo
	@scripts/toolchain.sh build
	cargo build --locked
	@exec "$$CARGO_TARGET_DIR/debug/argus" demo $(ARGS)

serve: ## Build, and run the server (ARGS="--config FILE")
	@scripts/setup.sh demo
	@scripts/toolchain.sh build
	cargo build --locked
	@exec "$$CARGO_TARGET_DIR/debug/argus" serve $(ARGS)

test: ## Install what is missing, then formatting, lints and every test
	@scripts/setup.sh
	@scripts/toolchain.sh
	@scripts/test.sh

faults: ## Kill the server, its sinks and its connections, 50 times each
	@scripts/setup.sh
	ARGUS_FAULTS=50 cargo test --locked --features eventstore --test it -- invariants::faults invariants::feeds --nocapture

revocations: ## Revoke on one instance and ask the other, 20,000 times
	@scripts/setup.sh
	ARGUS_REVOCATIONS=20000 cargo test --locked --features eventstore --test it invariants::instances -- --nocapture

schemathesis: ## Try the API against its own description, harder than the tests do
	@scripts/setup.sh
	SCHEMATHESIS_EXAMPLES=100 cargo test --locked --features eventstore --test it clients::schemathesis -- --nocapture

bench: ## Measure throughput and latency beside their floors, in some four minutes (ARGS="WORD" for a part)
	@scripts/setup.sh demo
	@scripts/toolchain.sh build
	cargo bench --locked --bench load -- $(ARGS)

replay: ## Make the audit trail of a million events anew while 200 requests a second are served
	@scripts/setup.sh demo
	@scripts/toolchain.sh build
	cargo bench --locked --bench load -- --replay

check: ## Does it compile?
	cargo check --workspace --all-targets --features eventstore --locked

lint: ## Formatting and lints, as errors
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --features eventstore --locked -- -D warnings

fmt: ## Format
	cargo fmt --all
