"""Findings as text that people and programs read, one small module per format."""
