"""What members of a network do together: govern it, agree with its partners, learn from one another, speak with one voice."""
