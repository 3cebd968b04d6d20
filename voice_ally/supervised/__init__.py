"""What may hang, kept at arm's length: child processes and calls into libraries.

Rules: nothing here waits without a bound; imports only core/.
"""
