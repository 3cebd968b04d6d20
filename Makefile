# Rules: every target works on a bare clone. Paths are relative, so that the clone may lie in a
# folder with spaces in its name.

BIN = .venv/bin
ARGS =
MINUTES = 10
PURE = voice_ally/core/*,voice_ally/interpret/*,voice_ally/language/*,voice_ally/checker/*,voice_ally/engine/*

.DEFAULT_GOAL = help
.PHONY: help run test check lint unit wheel check-wheel format bench model transcripts drill fuzz hostile soak clean

help:
	@echo 'make run     set everything up (once) and start; ARGS="--typed" passes options on'
	@echo 'make test    set everything up (once), then check and check-wheel'
	@echo 'make check   format, lint, types, layers, tests and their coverage'
	@echo 'make format  put the code into shape'
	@echo 'make bench   measure hearing and speaking'
	@echo 'make model   train the small speech model anew (hours; see tools/tiny_model/README.md)'
	@echo 'make transcripts  renew what every bundled dialog says (then read the difference)'
	@echo 'make drill   break everything around a session, 20 times each (an hour); hostile, soak: see there'
	@echo 'make fuzz    damage what others may have written, MINUTES=10 long'
	@echo 'make wheel   build the package into dist/'
	@echo 'make clean   remove everything made here, .venv included'

# Ctrl-C ends the program, not in an error of make.
run:
	@trap : INT; tools/setup.sh run && $(BIN)/python -S tools/start.py run $(ARGS); \
	status=$$?; [ $$status -eq 130 ] || exit $$status

test:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory check check-wheel

check: lint unit

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit:
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup --cov --cov-report=term:skip-covered --cov-fail-under=90
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100 --skip-covered --show-missing

check-wheel:
	tools/check-wheel.sh $(BIN)/python

format:
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel:
	@tools/setup.sh test
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

bench:
	@tools/setup.sh test
	$(BIN)/python -m benchmarks

model:
	@tools/setup.sh test
	tools/tiny_model/setup.sh $(BIN)/python
	OMP_NUM_THREADS=1 $(BIN)/python -m tools.tiny_model $(ARGS)

transcripts:
	$(BIN)/voice-ally try --renew $(foreach file,$(wildcard tests/dialogs/transcripts/*.txt),--replay $(file))

fuzz:
	@tools/setup.sh test
	$(BIN)/python -m benchmarks.fuzz --minutes $(MINUTES) $(ARGS)

drill hostile soak:
	@tools/setup.sh test
	$(BIN)/python -m benchmarks.$@ $(ARGS)

clean:
	rm -rf .venv dist build .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
