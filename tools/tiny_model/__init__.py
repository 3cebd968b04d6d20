"""Makes the small Vosk model in models/en-tiny from nothing but free synthetic voices.

Rules: for development only, never imported by voice_ally; every stage is seeded, leaves its
result in one folder and is skipped when that result is there; no recording of a person is read.
"""
