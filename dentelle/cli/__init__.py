"""The ``dentelle`` command: one module per verb, imported only when that verb is asked."""
