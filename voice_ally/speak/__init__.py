"""Text to sound, sound to a loudspeaker or a file.

Rules: knows nothing of dialogs; whatever is playing can be cut within one 10 ms block.
"""
