"""The acts that correct what was entered or end one of its lines; part of the table of ``acts``."""

from dentelle.thread.contracts import actions
from dentelle.thread.contracts.act import Act, Asked
from dentelle.thread.contracts.actions.association import associate_structure, end_association
from dentelle.thread.contracts.actions.moves import state_total
from dentelle.thread.contracts.actions.obligation import ObligationContent
from dentelle.thread.contracts.actions.plan import finish_planned_action
from dentelle.thread.contracts.forms import corrections as forms


def _edit_obligation(asked: Asked) -> object:
    content = ObligationContent(**asked.form.known)
    return actions.update_obligation(asked.actor, asked.pk, asked.given["obligation"], content, **asked.lock)


def _associate(asked: Asked) -> object:
    known = asked.only("due_minutes", "since")
    return associate_structure(asked.actor, asked.pk, asked.given["structure"], **known, **asked.lock)


def _state_total(asked: Asked) -> object:
    total = actions.ClosingTotal(asked.form.totals, asked.given["source"], asked.given["stated_on"])
    return state_total(asked.actor, asked.pk, total, **asked.lock)


CORRECTIONS: tuple[Act, ...] = (
    Act(
        "constat",
        "Constater les heures faites",
        "Noter le total constaté",
        "Total constaté.",
        forms.StatedTotalForm,
        _state_total,
    ),
    Act(
        "action-faite",
        "Noter une action du plan comme faite",
        "Noter l’action faite",
        "Action notée comme faite.",
        forms.ActionDoneForm,
        lambda asked: finish_planned_action(
            asked.actor, asked.pk, asked.given["action"], on=asked.given["on"], **asked.lock
        ),
    ),
    Act(
        "association",
        "Associer une structure",
        "Associer la structure",
        "Structure associée.",
        forms.AssociationForm,
        _associate,
    ),
    Act(
        "fin-association",
        "Mettre fin à une association",
        "Mettre fin au suivi",
        "Association terminée.",
        forms.EndAssociationForm,
        lambda asked: end_association(
            asked.actor, asked.pk, asked.given["association"], on=asked.given["on"], **asked.lock
        ),
        even_closed=True,
    ),
    Act(
        "modifier-obligation",
        "Modifier une obligation",
        "Enregistrer",
        "Obligation modifiée.",
        forms.EditObligationForm,
        _edit_obligation,
        in_menu=False,
    ),
    Act(
        "retirer-obligation",
        "Retirer une obligation",
        "Retirer l’obligation",
        "Obligation retirée.",
        forms.RemoveObligationForm,
        lambda asked: actions.remove_obligation(asked.actor, asked.pk, asked.given["obligation"], **asked.lock),
    ),
    Act(
        "retirer-titulaire",
        "Retirer un titulaire",
        "Retirer le titulaire",
        "Titulaire retiré.",
        forms.RemoveHolderForm,
        lambda asked: actions.remove_holder(asked.actor, asked.pk, asked.given["holder"], **asked.lock),
    ),
    Act(
        "retirer-sous-traitant",
        "Retirer un sous-traitant",
        "Retirer le sous-traitant",
        "Sous-traitant retiré.",
        forms.RemoveSubcontractForm,
        lambda asked: actions.remove_subcontract(asked.actor, asked.pk, asked.given["subcontract"], **asked.lock),
    ),
)
