"""What words mean: phrase templates become what can be heard, and heard words become intents.

Rules: no time, no threads, no sound, no files.
"""
