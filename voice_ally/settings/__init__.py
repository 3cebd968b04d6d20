"""Where things are kept, and what a user has set.

Rules: read once at the start and passed on as frozen data.
"""
