"""What is doubtful about a pack that could be read.

Rules: pure; knows the dialog language, never the engine. Each check is a module; whole_pack.py
runs them all.
"""
