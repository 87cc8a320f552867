from dentelle.foundations.journal.sentences import register
from dentelle.foundations.organisations.models import Role

register(
    {
        "structure.created": "a créé la structure",
        "account.created": "a ouvert le compte",
        "membership.created": lambda facts: (
            f"a donné le rôle « {Role(facts['role']).label if facts.get('role') in Role.values else 'non renseigné'} »"
        ),
    }
)
