"""The recognition engines behind the Recogniser port.

Rules: each stands alone; libraries are loaded when an engine is made, not before.
"""
