from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register
from dentelle.rules.trades import trades


def _trade(facts: Mapping[str, Any]) -> str:
    chosen = {each.code: each.label.lower() for each in trades()}.get(facts.get("trade") or "")
    return f"a choisi le métier d’une ligne ({chosen})" if chosen else "est revenu au métier proposé pour une ligne"


register(
    {
        "plan.written": "a écrit la programmation ({created} achats nouveaux, {updated} modifiés)",
        "plan.priced": "a recalculé la programmation ({lines} lignes changées)",
        "plan.buyer_kind_said": "a dit la nature de l’acheteur",
        "plan.trade_chosen": _trade,
    }
)
