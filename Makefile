# Two commands on a fresh machine (Python 3.11, make, Node 20): `make run` and `make test`. Everything they install stays in
# .tools and .venv; nothing is asked of the home directory and git is not needed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: bench browser help setup run site test chaos dagster clean verkennen

UV_VERSION := 0.13.9
# The first Python 3.11 that really starts: a pyenv shim does not when the home directory is another one.
PYTHON ?= $(shell for p in python3.11 python3 /usr/bin/python3.11 /usr/local/bin/python3.11; do \
	if "$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then "$$p" -c 'import sys; print(sys.executable)'; break; fi; done)
BIN := .venv/bin
UV := .tools/bin/uv
READY := .venv/.klaar
BROWSER_TESTS := tests/browser
# A file a worker, in the order that tests/conftest.py gives: what a file lays ready is made once.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
EXAMPLE ?= voorbeeld
DAGSTER_PORT ?= 3000
CHAOS_ZADEN ?= 3

# Compiled once at installation, every start takes half the time; PYTHONDONTWRITEBYTECODE would forbid it later on.
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export UV_NO_PROGRESS := 1
# A firewall that looks inside has a certificate of its own, which the system knows and uv by itself does not.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif
export DO_NOT_TRACK := 1
export SEND_ANONYMOUS_USAGE_STATS := no

help: ## deze lijst
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## zet de omgeving klaar in .venv

run: $(READY) ## maak de voorbeeldorganisatie en draai de nacht
	@$(BIN)/werkmonitor verkennen bouwen || true
	@$(BIN)/werkmonitor demo $(EXAMPLE) --run

site: $(READY) ## toon de site van de voorbeeldorganisatie (of van WERKMONITOR_CONFIG) en zeg het adres
	@if [ -z "$${WERKMONITOR_CONFIG:-}" ]; then \
		test -e $(EXAMPLE)/releases/current || $(BIN)/werkmonitor demo $(EXAMPLE) --run; \
		export WERKMONITOR_CONFIG="$(abspath $(EXAMPLE))/werkmonitor.toml"; \
	fi; \
	exec $(BIN)/werkmonitor site

verkennen: $(READY) ## bouw de pagina's waarop men zelf zoekt (alleen als er iets aan veranderde)
	$(BIN)/werkmonitor verkennen bouwen

# The tests in a real browser ask for Debian's Chromium and two packages of npm. Where those are not to be had (75) or not
# wanted, the others run and the last line says what was not looked at. The tests themselves do not see that variable: the
# settings refuse a WERKMONITOR_ key that they don't know. An empty PYTHONDONTWRITEBYTECODE: each module is compiled once.
test: $(READY) ## stijl, lagen en alle tests, ook die in een echte browser
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	@skipped=""; \
	if [ "$${WERKMONITOR_ZONDER_BROWSER:-}" = 1 ]; then \
		skipped="WERKMONITOR_ZONDER_BROWSER=1"; \
	else \
		$(BROWSER_TESTS)/klaarzetten.sh || { code=$$?; [ $$code -eq 75 ] || exit $$code; skipped="er is geen browser, zie hierboven"; }; \
	fi; \
	env -u WERKMONITOR_ZONDER_BROWSER PYTHONDONTWRITEBYTECODE= $(PYTEST) -rs $${skipped:+--ignore=$(BROWSER_TESTS)}; \
	if [ -n "$$skipped" ]; then \
		echo "De site is niet in een echte browser bekeken ($$skipped). \`make browser\` doet dat alsnog."; \
	fi

browser: $(READY) ## alleen de tests in een echte browser
	@$(BROWSER_TESTS)/klaarzetten.sh
	$(PYTEST) -rs $(BROWSER_TESTS)

chaos: $(READY) ## nachten die overal worden afgebroken, met veel zaden (CHAOS_ZADEN)
	CHAOS_ZADEN=$(CHAOS_ZADEN) $(BIN)/pytest -p no:xdist -o timeout=0 tests/chaos

bench: $(READY) ## meet een nacht, fase voor fase (N personen)
	$(BIN)/python tests/benchmarks/nacht.py --personen $(or $(N),100000)

dagster: $(READY) ## open Dagster op de voorbeeldorganisatie (of op WERKMONITOR_CONFIG)
	@mkdir -p .dagster && cp orchestration/dagster.yaml .dagster/dagster.yaml
	@export DAGSTER_HOME="$(CURDIR)/.dagster"; \
	if [ -z "$${WERKMONITOR_CONFIG:-}" ]; then \
		$(BIN)/werkmonitor demo $(EXAMPLE); \
		unset WERKMONITOR_SLEUTEL; \
		export WERKMONITOR_CONFIG="$(abspath $(EXAMPLE))/werkmonitor.toml" WERKMONITOR_SLEUTEL_BESTAND="$(abspath $(EXAMPLE))/sleutel"; \
	fi; \
	exec $(BIN)/dagster dev -m werkmonitor.definitions --host 127.0.0.1 --port $(DAGSTER_PORT)

clean: ## verwijder de omgeving en het voorbeeld, niet uw eigen gegevens
	rm -rf .venv .tools .dagster reports/verkennen/.bouw $(BROWSER_TESTS)/node_modules $(BROWSER_TESTS)/.bouw $(EXAMPLE)

$(READY): pyproject.toml uv.lock $(UV)
	$(UV) sync --frozen --python "$(PYTHON)"
	@touch $@

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 is niet gevonden. Installeer het, of geef het op: make PYTHON=/pad/naar/python3.11" >&2; exit 2; }
	@"$(PYTHON)" -m venv --clear .tools || { echo "Installeer python3-venv: apt-get install python3-venv" >&2; exit 2; }
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
