"""What people do to contracts, one file per family. Each act: access, rule, write, one journal entry, one transaction.

Every act on an existing contract takes the revision the person was looking at; from an older one it writes nothing and
raises EditedMeanwhile.
"""

from dentelle.thread.contracts.actions.chain import (
    add_holder,
    add_lot,
    add_subcontract,
    remove_holder,
    remove_subcontract,
)
from dentelle.thread.contracts.actions.contract import (
    ContractContent,
    create_contract,
    create_operation,
    take_in_charge,
    update_contract,
)
from dentelle.thread.contracts.actions.export import ask_export
from dentelle.thread.contracts.actions.moves import LEARNT, ClosingTotal, move_contract
from dentelle.thread.contracts.actions.obligation import (
    ObligationContent,
    add_amendment,
    add_obligation,
    add_order,
    affirm_tranche,
    remove_obligation,
    size_order,
    update_obligation,
)

__all__ = [
    "LEARNT",
    "ClosingTotal",
    "ContractContent",
    "ObligationContent",
    "add_amendment",
    "add_holder",
    "add_lot",
    "add_obligation",
    "add_order",
    "add_subcontract",
    "affirm_tranche",
    "ask_export",
    "create_contract",
    "create_operation",
    "move_contract",
    "remove_holder",
    "remove_obligation",
    "remove_subcontract",
    "size_order",
    "take_in_charge",
    "update_contract",
    "update_obligation",
]
