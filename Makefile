# Truce: a short front for Meson.  `make help` lists the targets.
BUILD ?= build
TRUCE = $(BUILD)/truce

.PHONY: all deps demo check check-asan fuzz bench help clean install

all: $(BUILD)/build.ninja  ## build the library and build/truce
	ninja -C $(BUILD)

# Tests, cases and rooms are found by their names when Meson configures.
FOUND = $(wildcard tests/test_*.c) $(wildcard src/*/meson.build) $(wildcard fuzz/*.c)
$(BUILD)/build.ninja: meson.build $(FOUND)
	if [ -f $@ ]; then meson setup --reconfigure $(BUILD) >/dev/null; else meson setup $(BUILD) >/dev/null; fi
	touch $@

deps:  ## install the Debian packages that are missing (deps.debian)
	./run deps

demo: $(BUILD)/build.ninja  ## the main job on the shipped record and world: out/brief.html and out/brief.md
	ninja -C $(BUILD) truce
	tests/demo.sh $(TRUCE)

check: all  ## every test
	tests/check.sh $(BUILD)

check-asan:  ## every test under the address and undefined-behaviour sanitizers
	[ -f $(BUILD)-asan/build.ninja ] || meson setup $(BUILD)-asan -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
	ninja -C $(BUILD)-asan
	tests/check.sh $(BUILD)-asan

fuzz:  ## fuzz every reader; SECONDS=600 a target
	fuzz/run.sh $(or $(SECONDS),600)

bench: all  ## measure; prints what it takes, room by room
	bench/run.sh $(BUILD)

install: all  ## install below the prefix (meson configure build --prefix=...)
	meson install -C $(BUILD)

clean:  ## remove what was built
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-fuzz out

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile
