# Portolan. `make` alone lists what there is; every target is a script in tools/.
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(HOME)/.cache/portolan/target

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint fmt web bench fuzz dist docs clean-cache

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is missing, build, serve on http://127.0.0.1:8080 (PORTOLAN_DATA_DIR, PORTOLAN_LISTEN)
	@tools/run

demo: ## the server with a simulated network (DEVICES=200 SEED=1)
	@tools/demo

test: ## everything: format, lints, licences, web, unit, integration, network lab, browser (STAGES="..." picks)
	@tools/test

check: ## the quick look while writing: compiles, house rules
	@cargo check --workspace --all-targets
	@tools/check-house

lint: ## format check, clippy, house rules, licences
	@STAGES="setup format lints licences" tools/test

fmt: ## format the Rust sources
	@cargo fmt --all

web: ## build the front end into web/dist
	@tools/setup run
	@tools/web-build

bench: ## the figures of docs/benchmarks.md, with the machine's facts
	@tools/bench

fuzz: ## every fuzz target for FUZZ_SECONDS (60)
	@tools/fuzz

dist: ## dist/: tar.gz and .deb (PROFILE=release)
	@tools/dist

clean-cache: ## throw away what the build keeps under ~/.cache/portolan
	@tools/clean-cache
