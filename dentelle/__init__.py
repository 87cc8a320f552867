"""Dentelle: the open information system of a territorial employment network."""
