from dentelle.network.governance.refusals import GovernanceRefused


class AdvocacyRefused(GovernanceRefused):
    """A refusal of this room, told as those of governance are: French, with a stable ``code`` and the ``field`` it speaks of."""
