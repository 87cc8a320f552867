"""The white paper in print: PDF and Word, both made from the content of an edition and from nothing else."""
