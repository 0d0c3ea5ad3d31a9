.PHONY: setup build demo test contracts lint bench ct fuzz tsan

# Suites that keep time, open sockets and start processes get the machine to themselves, so that their deadlines mean
# something.
SOCKETS = ^ClientTests|PeerLinkTests|ActionFetchTests|ActionsTests|NodeTests|EndToEndTests|ProcessTests

setup: ; @scripts/setup

build: setup ; swift build

demo: setup
	swift build --product quorate
	.build/debug/quorate demo

test: setup
	rm -rf .build/independent
	swift build --build-tests
	swift test --skip-build --skip '$(SOCKETS)'
	swift test --skip-build --filter '^ClientTests|PeerLinkTests|ActionFetchTests'
	swift test --skip-build --no-parallel --filter 'ActionsTests'
	scripts/test-nodes
	swift test --skip-build --filter 'EndToEndTests|ProcessTests'
	scripts/check-independently
	scripts/check-contracts

# What transactions of the contracts cost, and what reading a snapshot takes.
contracts: setup ; @scripts/check-contracts --gas

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	scripts/check-imports
	scripts/check-sources
	scripts/check-worker

# The network that is measured consists of processes of the release build.
bench: setup
	swift build -c release --product quorate
	swift run -c release bench

# Secret-dependent branches and addresses in the installed libraries and in a whole signature; needs valgrind.
ct: setup
	scripts/check-constant-time
	scripts/check-constant-time-signing

# Every decoder of a stranger's bytes under libFuzzer; seconds for each of them.
SECONDS = 60
fuzz: setup ; @scripts/fuzz $(SECONDS)

# What runs concurrently, under ThreadSanitizer.
tsan: setup ; @scripts/check-races
