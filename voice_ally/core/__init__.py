"""What everything else is made of: sound, speech, events, actions, ports and errors.

Rules: imports nothing of ours from outside this folder; no I/O, no threads, no clock.
"""
