"""Putting the parts together: which engine, which device, which kind of session.

Rules: parts.py chooses; the others each run one kind of session with what was chosen.
"""
