"""What people do with a white paper. Each act: access, rule, write, one journal entry, one transaction."""
