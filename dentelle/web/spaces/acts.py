"""What people outside may do on a contract: for each act, who, when, its words, its form, and the one action it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dentelle.thread.contracts.actions import outside
from dentelle.thread.contracts.party import Party, Side
from dentelle.thread.contracts.states import awaits_hours, moves_from
from dentelle.web.spaces import forms
from dentelle.web.spaces.sheet import SpaceSheet


@dataclass(frozen=True, slots=True)
class Sent:
    """A valid form sent by a party."""

    party: Party
    form: Any
    at: datetime

    @property
    def pk(self) -> int:
        return int(self.form.sheet.contract.pk)

    @property
    def lock(self) -> dict[str, Any]:
        return {"expected_revision": self.form.cleaned_data["revision"], "at": self.at}

    def only(self, *names: str) -> dict[str, Any]:
        return {name: self.form.cleaned_data[name] for name in names}


@dataclass(frozen=True, slots=True)
class SpaceAct:
    """``possible`` says whether the contract, as its reader sees it, calls for the act or allows it now."""

    code: str
    title: str
    lead: str
    button: str
    done: str
    form: type[forms.SpaceForm]
    run: Callable[[Sent], object]
    possible: Callable[[SpaceSheet], bool]


def _moves(code: str) -> Callable[[SpaceSheet], bool]:
    """The table of states decides: nothing here says again what it says."""

    def possible(sheet: SpaceSheet) -> bool:
        return any(each.code == code for each in moves_from(sheet.contract.state, sheet.party.side.value))

    return possible


def _ask(sent: Sent) -> object:
    given = sent.form.cleaned_data
    known = {"text": given["text"], "attachment": given["attachment"], "name": given.get("name", "")}
    return outside.ask_from_outside(sent.party, sent.pk, **known, at=sent.at)


def _confirm(sent: Sent) -> object:
    content = outside.Confirmation(**sent.only("name", "role", "email", "phone"), months=sent.form.planned)
    return outside.confirm_plan(sent.party, sent.pk, int(sent.form.cleaned_data["holder"]), content, **sent.lock)


def _penalty(sent: Sent) -> object:
    given = sent.only("outcome", "amount_cents", "reason", "on")
    return outside.decide_penalty(sent.party, sent.pk, sent.form.cleaned_data["obligation"], **given, **sent.lock)


ACTS: tuple[SpaceAct, ...] = (
    SpaceAct(
        "valider",
        "Valider les heures proposées",
        "Vous donnez votre accord au volume et à la clause. La consultation pourra s’ouvrir avec eux\u00a0; le facilitateur le saura.",
        "Valider ces heures",
        "Heures validées.",
        forms.DecisionForm,
        lambda sent: outside.decide_as_buyer(sent.party, sent.pk, "approve", **sent.lock),
        _moves("approve"),
    ),
    SpaceAct(
        "consultation",
        "Dire que la consultation est lancée",
        "Le facilitateur se tiendra prêt à répondre aux candidats.",
        "La consultation est lancée",
        "Consultation notée comme lancée.",
        forms.DecisionForm,
        lambda sent: outside.decide_as_buyer(sent.party, sent.pk, "publish", **sent.lock),
        _moves("publish"),
    ),
    SpaceAct(
        "plan",
        "Confirmer votre plan d’insertion",
        "Nommez la personne qui suivra l’insertion, relisez les heures mois par mois, déplacez-les au besoin.",
        "Confirmer le plan",
        "Plan confirmé. Le facilitateur est prévenu sur la page du contrat.",
        forms.PlanForm,
        _confirm,
        lambda sheet: bool(sheet.own_holders) and awaits_hours(sheet.contract.state),
    ),
    SpaceAct(
        "penalite",
        "Décider d’une pénalité proposée",
        "Dentelle calcule ce que donneraient les clauses du contrat\u00a0; vous seul appliquez une pénalité ou y renoncez.",
        "Enregistrer ma décision",
        "Décision enregistrée.",
        forms.PenaltyDecisionForm,
        _penalty,
        lambda sheet: bool(sheet.penalties),
    ),
    SpaceAct(
        "question",
        "Poser une question au facilitateur",
        "Sa réponse paraîtra sur cette page.",
        "Envoyer la question",
        "Question envoyée.",
        forms.QuestionForm,
        _ask,
        lambda sheet: True,
    ),
)
BY_CODE = {act.code: act for act in ACTS}
FOR_SIDE = {
    Side.BUYER: ("valider", "consultation", "penalite", "question"),
    Side.HOLDER: ("plan", "question"),
    Side.SUBCONTRACTOR: ("question",),
}


def act_of(code: str, party: Party) -> SpaceAct | None:
    """Return the act of an address if it is one of the party's side."""
    return BY_CODE[code] if code in FOR_SIDE[party.side] else None


def acts_on(sheet: SpaceSheet) -> list[SpaceAct]:
    """Return what the party may do now, the most expected first."""
    return [act for act in ACTS if act.code in FOR_SIDE[sheet.party.side] and act.possible(sheet)]
