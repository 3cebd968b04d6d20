"""What it costs, measured; nothing here is a test."""

import os

os.environ.setdefault("VOICE_ALLY_WELCOME", "false")  # each run would be a very first start
