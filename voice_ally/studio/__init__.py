"""`voice-ally studio`: write, hear and test dialogs in a browser.

Rules: a process of its own that listens on this machine alone; a session opens no port. The text of
a dialog is the truth, everything else is made from it. Nothing that is written or said is logged.
"""
