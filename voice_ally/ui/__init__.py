"""What a person sees: plain lines while it speaks, and the typed rehearsal.

Rules: shows what the event log tells, decides nothing.
"""
