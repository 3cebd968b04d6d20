"""Voice Ally: an offline voice companion for the hard minutes of a relationship."""

__version__ = "0.1.0"
