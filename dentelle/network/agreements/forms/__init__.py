"""Forms of agreements: the head, and one small form per act."""
