"""What people do in the Tour: stages, who comes to them, what is learned there. Access, rule, write, one journal entry."""
