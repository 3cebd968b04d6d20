"""Makes models/en-tiny/verifier.onnx: `python -m tools.verifier`.

Rules: nothing here is needed to run or to test the program. What is learned from are people of
sets whose licences allow it, less the fifth of speakers that is held out (benchmarks/people.py),
and single words said by espeak-ng and flite. Everything is seeded.
"""
