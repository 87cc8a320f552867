"""What members of a network do together."""
