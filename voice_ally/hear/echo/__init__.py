"""Taking the assistant's own voice out of what the microphone hears.

Rules: fed 10 ms of microphone with 10 ms of what was played; knows no phrases.
"""
