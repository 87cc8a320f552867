"""What the pages of governance read, by object. Frozen rows; as many queries whatever the length of a list."""
