"""What to answer: the dialog language, its checker, and the engine that walks through it.

Rules: no clock, no threads, no sound, no files but the pack being read.
"""
