"""The numbers of the acceptance model, from people's recordings: `python -m tools.acceptance`.

Rules: nothing here is needed to run the program. Speakers and recordings that figures are reported
on are never fitted on (benchmarks/people.py, benchmarks/recordings.py).
"""
