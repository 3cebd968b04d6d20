"""Sound to words: microphones and recordings, the speech gate, the recognisers.

Rules: knows nothing of dialogs. Time is counted in samples of the incoming sound.
"""
