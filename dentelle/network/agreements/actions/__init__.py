"""What people do to agreements, one file per family. Each act: access, rule, write, one journal entry, one transaction."""
