"""The acts a page of contract offers: for each, its address, its form, and the one action it calls."""

import re
from datetime import date

from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.clauses.fields import read_number
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.act import Act, Asked
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.actions.exchange import add_exchange, answer_question, share_exchange, tell_of_exchange
from dentelle.thread.contracts.actions.links import send_to_company
from dentelle.thread.contracts.actions.obligation import ObligationContent
from dentelle.thread.contracts.actions.offers import (
    CriterionContent,
    record_offer,
    retain_offer,
    score_offer,
    set_grid,
)
from dentelle.thread.contracts.actions.plan import PlanContent, add_planned_action, proposed_months, set_plan
from dentelle.thread.contracts.corrections import CORRECTIONS
from dentelle.thread.contracts.forms import acts as forms
from dentelle.thread.contracts.forms.exchanges import AnswerForm, ExchangeForm, LinkForm, NoticeForm, SharingForm
from dentelle.thread.contracts.refusals import ContractRefused

_MONTH_LINE = re.compile(r"(\d{1,2})\s*/\s*(\d{4})\s*[:=;\t ]\s*(\S.*)")
_GRID_LINE = re.compile(r"(.+?)\s*[:;\t]\s*(\d{1,4})(?:\s*points?)?")


def _add_holder(asked: Asked) -> object:
    known = asked.only("role", "due_minutes")
    return actions.add_holder(asked.actor, asked.pk, asked.company(), lot_pk=asked.given["lot"], **known, **asked.lock)


def _add_subcontract(asked: Asked) -> object:
    holder, parent = asked.form.place
    content = SubcontractContent(
        asked.company(),
        subject=asked.given["subject"],
        due_minutes=asked.given["due_minutes"] or 0,
        starts_on=asked.given["starts_on"],
        ends_on=asked.given["ends_on"],
    )
    return actions.add_subcontract(asked.actor, asked.pk, holder, content, parent_pk=parent, **asked.lock)


def _add_obligation(asked: Asked) -> object:
    return actions.add_obligation(asked.actor, asked.pk, ObligationContent(**asked.form.known), **asked.lock)


def _add_order(asked: Asked) -> object:
    known = asked.only("number", "ordered_on", "amount_cents", "added_minutes")
    return actions.add_order(asked.actor, asked.pk, asked.given["obligation"], **known, **asked.lock)


def _add_amendment(asked: Asked) -> object:
    return actions.add_amendment(
        asked.actor,
        asked.pk,
        **asked.only("decided_on", "reason", "new_end_on"),
        obligation_pk=asked.given["obligation"],
        minutes_change=asked.given["minutes_change"] or 0,
        **asked.lock,
    )


def _set_plan(asked: Asked) -> object:
    sheet = asked.form.sheet
    line = next(each for each in sheet.holders if each.holder.pk == asked.given["holder"])
    typed = asked.given["months"].strip()
    months = _read_months(typed) if typed else proposed_months(sheet.contract, line.holder)
    names = (
        "kickoff_on",
        "correspondent_name",
        "correspondent_role",
        "correspondent_email",
        "correspondent_phone",
        "confirmed",
    )
    content = PlanContent(**asked.only(*names), months=months)
    return set_plan(asked.actor, asked.pk, line.holder.pk, content, **asked.lock)


def _read_months(typed: str) -> tuple[MonthlyMinutes, ...]:
    lines = []
    for rank, line in enumerate(typed.splitlines(), start=1):
        if not line.strip():
            continue
        found = _MONTH_LINE.fullmatch(line.strip())
        if not found or not 1 <= int(found[1]) <= 12 or not 1990 <= int(found[2]) <= 2100:
            raise ContractRefused(
                "month_unread",
                f"Ligne {rank}\u00a0: « {line.strip()} »\u00a0; écrivez par exemple « 10/2026 : 120 ».",
                "months",
            )
        hours = read_number(found[3].rstrip(" h"))
        lines.append(MonthlyMinutes(date(int(found[2]), int(found[1]), 1), int(hours * 60)))
    return tuple(lines)


def _set_grid(asked: Asked) -> None:
    lines = []
    for rank, line in enumerate(asked.given["grid"].splitlines(), start=1):
        if not line.strip():
            continue
        found = _GRID_LINE.fullmatch(line.strip())
        if not found:
            raise ContractRefused(
                "line_unread",
                f"Ligne {rank}\u00a0: « {line.strip()} »\u00a0; écrivez par exemple « Tutorat : 6 ».",
                "grid",
            )
        lines.append(CriterionContent(found[1], int(found[2])))
    set_grid(asked.actor, asked.pk, lines, **asked.lock)


def _move(asked: Asked) -> object:
    given, lock = asked.given, asked.lock
    total = None
    if asked.form.totals:
        on = given["closed_on"] or asked.at.date()
        total = actions.ClosingTotal(asked.form.totals, given["total_source"], on)
    if given.get("siret"):
        holder = actions.add_holder(asked.actor, asked.pk, asked.company(), **lock)
        lock["expected_revision"] = holder.contract.revision
    return actions.move_contract(
        asked.actor,
        asked.pk,
        given["move"],
        reason=given.get("reason", ""),
        abandon_reason=given.get("abandon_reason", ""),
        learnt={name: given[name] for name in actions.LEARNT if given.get(name)},
        total=total,
        **lock,
    )


ACTS: tuple[Act, ...] = (
    Act("etape", "Changer d’étape", "Changer d’étape", "Étape notée.", forms.MoveForm, _move, even_closed=True),
    Act(
        "prise-en-charge",
        "Prendre en charge ce contrat",
        "Prendre en charge",
        "Vous suivez ce contrat.",
        forms.ChargeForm,
        lambda asked: actions.take_in_charge(asked.actor, asked.pk, **asked.lock),
        in_menu=False,
    ),
    Act(
        "lot",
        "Ajouter un lot",
        "Ajouter le lot",
        "Lot ajouté.",
        forms.LotForm,
        lambda asked: actions.add_lot(asked.actor, asked.pk, **asked.only("number", "title"), **asked.lock),
    ),
    Act(
        "titulaire", "Ajouter un titulaire", "Ajouter le titulaire", "Titulaire ajouté.", forms.HolderForm, _add_holder
    ),
    Act(
        "sous-traitant",
        "Ajouter un sous-traitant",
        "Ajouter le sous-traitant",
        "Sous-traitant ajouté.",
        forms.SubcontractForm,
        _add_subcontract,
    ),
    Act(
        "obligation",
        "Ajouter une obligation",
        "Ajouter l’obligation",
        "Obligation ajoutée.",
        forms.ObligationForm,
        _add_obligation,
    ),
    Act(
        "affermissement",
        "Affermir une tranche optionnelle",
        "Noter l’affermissement",
        "Tranche affermie.",
        forms.AffirmForm,
        lambda asked: actions.affirm_tranche(
            asked.actor, asked.pk, asked.given["obligation"], on=asked.given["on"], **asked.lock
        ),
    ),
    Act(
        "commande", "Saisir un bon de commande", "Saisir le bon", "Bon de commande saisi.", forms.OrderForm, _add_order
    ),
    Act(
        "chiffrage",
        "Chiffrer un bon de commande",
        "Fixer les heures",
        "Bon de commande chiffré.",
        forms.SizeOrderForm,
        lambda asked: actions.size_order(
            asked.actor, asked.pk, asked.given["order"], added_minutes=asked.given["added_minutes"], **asked.lock
        ),
    ),
    Act("avenant", "Saisir un avenant", "Saisir l’avenant", "Avenant saisi.", forms.AmendmentForm, _add_amendment),
    Act("plan", "Arrêter le plan d’insertion", "Arrêter le plan", "Plan arrêté.", forms.PlanForm, _set_plan),
    Act(
        "action",
        "Ajouter une action au plan",
        "Ajouter l’action",
        "Action ajoutée.",
        forms.PlannedActionForm,
        lambda asked: add_planned_action(
            asked.actor, asked.pk, asked.given["plan"], **asked.only("who", "what", "due_on"), **asked.lock
        ),
    ),
    Act(
        "grille",
        "Fixer la grille d’analyse",
        "Fixer la grille",
        "Grille fixée.",
        forms.GridForm,
        _set_grid,
        before_signing=True,
    ),
    Act(
        "offre",
        "Saisir une offre",
        "Saisir l’offre",
        "Offre saisie.",
        forms.OfferForm,
        lambda asked: record_offer(
            asked.actor,
            asked.pk,
            asked.company(),
            offered_minutes=asked.given["offered_minutes"],
            lot_pk=asked.given["lot"],
            **asked.lock,
        ),
        before_signing=True,
    ),
    Act(
        "notation",
        "Noter une offre",
        "Enregistrer les points",
        "Offre notée.",
        forms.ScoreForm,
        lambda asked: score_offer(asked.actor, asked.pk, asked.given["offer_pk"], asked.form.points, **asked.lock),
        before_signing=True,
    ),
    Act(
        "retenir",
        "Retenir une offre",
        "Retenir l’offre",
        "Offre retenue\u00a0: ses heures deviennent l’obligation.",
        forms.RetainForm,
        lambda asked: retain_offer(asked.actor, asked.pk, asked.given["offer_pk"], **asked.lock),
        before_signing=True,
    ),
    Act(
        "echange",
        "Noter un échange",
        "Noter l’échange",
        "Échange noté.",
        ExchangeForm,
        lambda asked: add_exchange(
            asked.actor,
            asked.pk,
            **asked.only("kind", "happened_on", "text", "sharing", "attachment"),
            **asked.lock,
        ),
        even_closed=True,
    ),
    Act(
        "reponse",
        "Répondre à une question",
        "Donner la réponse",
        "Réponse notée.",
        AnswerForm,
        lambda asked: answer_question(
            asked.actor, asked.pk, asked.given["exchange"], **asked.only("answer", "on"), **asked.lock
        ),
        even_closed=True,
    ),
    Act(
        "partage",
        "Choisir qui lit un échange",
        "Enregistrer ce choix",
        "Lecteurs de l’échange choisis.",
        SharingForm,
        lambda asked: share_exchange(
            asked.actor, asked.pk, asked.given["exchange"], sharing=asked.given["sharing"], **asked.lock
        ),
        even_closed=True,
    ),
    Act(
        "diffusion",
        "Noter qui a été informé",
        "Noter ces destinataires",
        "Destinataires notés.",
        NoticeForm,
        lambda asked: tell_of_exchange(
            asked.actor,
            asked.pk,
            asked.given["exchange"],
            recipients=asked.given["recipients"].splitlines(),
            on=asked.given["on"],
            **asked.lock,
        ),
        even_closed=True,
    ),
    Act(
        "lien",
        "Envoyer un lien à une entreprise",
        "Envoyer le lien",
        "Lien envoyé.",
        LinkForm,
        lambda asked: send_to_company(
            asked.actor,
            asked.pk,
            asked.given["company"],
            **asked.only("email", "days"),
            site=asked.site,
            **asked.lock,
        ),
        even_closed=True,
    ),
    *CORRECTIONS,
)
BY_CODE = {act.code: act for act in ACTS}
