"""What keeps a session going: events in, engine steps, actions performed, time.

Rules: knows no engine, device or file format by name; everything it drives comes through ports.
"""
