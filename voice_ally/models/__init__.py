"""Speech models: which are known, which are installed, and how a known one gets here.

Rules: no model is ever loaded here. Only fetch.py and what it calls use the network.
"""
