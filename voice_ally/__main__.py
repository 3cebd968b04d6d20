"""`python -m voice_ally` is the same as `voice-ally`."""

from voice_ally.cli import main

main()
