"""All measurements: `python -m benchmarks`."""

from benchmarks import startup

startup.main()
