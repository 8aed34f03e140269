# The front door. `make demo` and `make test` work from a clean clone on a bare Debian 12 with git, make, bash and apt.

SHELL := /bin/bash
JOBS ?= $(shell nproc)
FUZZ_S ?= 60
DESTDIR ?=
PREFIX ?= /usr
CMAKE_FLAGS ?=

.PHONY: help deps build release demo demo-stop test check format asan tsan fuzz bench install clean

help:
	@echo "make demo [KEEP=1]   build, start a broker and five nodes, and do the main job before your eyes"
	@echo "make demo SSL=1      the same with certificates instead of a pre-shared key, over mutual TLS"
	@echo "make demo-stop       end what KEEP=1 left running"
	@echo "make test            build with warnings as errors, run unit and system tests"
	@echo "make build           only build (build/dev)"
	@echo "make release         the same, optimised (build/release)"
	@echo "make check           format, arrows between folders, clang-tidy on what changed"
	@echo "make format          format the C++ sources"
	@echo "make asan | tsan     unit tests under sanitizers"
	@echo "make fuzz [FUZZ_S=60]  feed each reader of descriptions with damaged ones"
	@echo "make bench           measure against baselines, all in one run (not on a busy machine)"
	@echo "make install         install a release build below PREFIX ($(PREFIX))"
	@echo "make clean           remove build/"

deps:
	@scripts/install-deps

build: deps
	@cmake --preset dev $(CMAKE_FLAGS) > /dev/null
	@ninja -C build/dev -j$(JOBS)

release: deps
	@cmake --preset release -DCMAKE_INSTALL_PREFIX=$(PREFIX) $(CMAKE_FLAGS) > /dev/null
	@ninja -C build/release -j$(JOBS) --quiet

demo: deps
	@cmake --preset release -DCMAKE_INSTALL_PREFIX=$(PREFIX) $(CMAKE_FLAGS) > /dev/null
	@ninja -C build/release -j$(JOBS) --quiet hocketd hocket hocket-json hocket-exec hocket-linger hocket-fstat
	@KEEP=$(KEEP) SSL=$(SSL) scripts/demo start build/release

demo-stop:
	@scripts/demo stop

test: build
	@ctest --test-dir build/dev -j$(JOBS) --output-on-failure --no-tests=error

check: deps
	@scripts/check-format
	@scripts/check-arrows
	@cmake --preset dev $(CMAKE_FLAGS) > /dev/null && scripts/check-tidy build/dev

format: deps
	@scripts/check-format --fix

asan: deps
	@cmake --preset asan > /dev/null
	@ninja -C build/asan -j$(JOBS)
	@ctest --test-dir build/asan -L unit -j$(JOBS) --output-on-failure --no-tests=error

tsan: deps
	@cmake --preset tsan > /dev/null
	@ninja -C build/tsan -j$(JOBS)
	@ctest --test-dir build/tsan -L unit -j$(JOBS) --output-on-failure --no-tests=error

fuzz: deps
	@cmake --preset fuzz > /dev/null
	@ninja -C build/fuzz -j$(JOBS) fuzzers
	@tests/fuzz/run build/fuzz $(FUZZ_S)

bench: deps
	@cmake --preset release -DHOCKET_BENCH=ON > /dev/null
	@ninja -C build/release -j$(JOBS) --quiet
	@bench/run build/release

install: release
	@DESTDIR=$(DESTDIR) cmake --install build/release

clean:
	rm -rf build
