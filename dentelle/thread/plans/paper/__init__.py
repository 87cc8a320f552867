"""The plan on one printed page."""
