"""``base`` holds what is common; ``dev``, ``test`` and ``production`` say only how they differ."""
