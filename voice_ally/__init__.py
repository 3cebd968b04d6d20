"""Voice Ally: an offline voice companion for the hard minutes of a relationship."""

import os

__version__ = "0.1.0"

# Newer builds of onnxruntime report their use to their makers, over the network and through a
# database on disk, unless this is set before they are loaded. It holds for our children as well.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
