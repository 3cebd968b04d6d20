"""What it costs, measured; nothing here is a test."""
