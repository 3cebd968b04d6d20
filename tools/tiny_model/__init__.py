"""Makes the small Vosk model in models/en-tiny from free synthetic voices, and from people's
recordings where a folder of them is named.

Rules: for development only, never imported by voice_ally; every stage is seeded, leaves its
result in one folder and is skipped when that result is there; a fifth of the people is never
learned from, and nothing recorded is ever part of the project.
"""
