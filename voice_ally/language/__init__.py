"""The dialog language: what a pack is, how it is read, and the words its phrases are made of.

Rules: no clock, no threads, no sound, no files but the pack being read. Knows neither the checker
nor the engine.
"""
