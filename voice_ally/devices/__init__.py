"""The sound system, as hearing and speaking both need it.

Rules: knows nothing of what is heard or said.
"""
