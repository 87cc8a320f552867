"""What people do to governance, by object. Each act: access, rule, write, one journal entry, one transaction."""
