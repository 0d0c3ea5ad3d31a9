.PHONY: setup build demo test lint bench ct

setup: ; @scripts/setup

build: setup ; swift build

demo: setup
	swift build --product quorate
	.build/debug/quorate demo

test: setup
	rm -rf .build/independent
	swift build --build-tests
	swift test --skip-build
	scripts/check-independently

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	scripts/check-imports
	scripts/check-sources

bench: setup ; swift run -c release bench

# Secret-dependent branches and addresses in the installed libraries; needs valgrind.
ct: ; @scripts/check-constant-time
