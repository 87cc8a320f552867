"""The acts a page of agreement offers: for each, its address, its form, who may do it and when, and the one action it calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dentelle.network.agreements.access import Viewer
from dentelle.network.agreements.actions import (
    amending,
    answering,
    commitments,
    meetings,
    moves,
    naming,
    papers,
    readings,
    renewal,
    writing,
)
from dentelle.network.agreements.actions.amending import AddedCommitment, AddedParty, Additions
from dentelle.network.agreements.actions.commitments import IndicatorContent
from dentelle.network.agreements.actions.meetings import MeetingContent
from dentelle.network.agreements.forms import acts as forms
from dentelle.network.agreements.models import Party, Reading, ReadingAnswer
from dentelle.network.agreements.parties import organisation_of, other_name
from dentelle.network.agreements.queries import AgreementSheet
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import SIGNED_STATES, AgreementState, Side
from dentelle.rules.wording import plural


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks for an act, with a form that is valid."""

    actor: Any
    form: Any
    at: datetime

    @property
    def given(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data)

    @property
    def pk(self) -> int:
        return int(self.form.sheet.agreement.pk)

    @property
    def lock(self) -> dict[str, Any]:
        """What every action takes to refuse a change made from an older page."""
        return {"expected_revision": self.form.cleaned_data["revision"], "at": self.at}

    def only(self, *names: str) -> dict[str, Any]:
        """Return some of the fields as they are."""
        return {name: self.form.cleaned_data[name] for name in names}


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the last part of its address, the words of its page, its form, what it runs, from which sides and states."""

    code: str
    title: str
    button: str
    done: str | Callable[[Any], str]
    form: type[forms.ActForm]
    run: Callable[[Asked], object | None]
    states: tuple[AgreementState, ...]
    sides: tuple[Side, ...] = (Side.AUTHOR,)
    in_menu: bool = True
    # what is told besides ``done``, of the act asked for and what it made
    told: Callable[[Asked, Any], str] = lambda asked, made: ""

    def said(self, made: Any) -> str:
        """What is said once it is done, of what it made."""
        return self.done if isinstance(self.done, str) else self.done(made)

    def opens(self, sheet: AgreementSheet) -> bool:
        """Say whether this reader may do it on this agreement now."""
        agreement = sheet.agreement
        return sheet.side in self.sides and agreement.state in self.states and not agreement.is_example

    def is_offered(self, sheet: AgreementSheet, viewer: Viewer) -> bool:
        """Say whether the agreement gives something to act on now."""
        return self.in_menu and self.opens(sheet) and not self.form(sheet=sheet, viewer=viewer).nothing_to_do


_S = AgreementState
_DRAFT = (_S.DRAFT,)
_BOTH = (Side.AUTHOR, Side.PARTNER)
_MOVABLE = (_S.DRAFT, _S.PROPOSED, _S.SIGNED, _S.ABANDONED)


def _move(asked: Asked) -> object:
    known = {"ended_on": asked.given.get("ended_on"), "reason": asked.given.get("reason", "")}
    return moves.move_agreement(asked.actor, asked.pk, asked.given["move"], **known, **asked.lock)


def _add_party(asked: Asked) -> object:
    organisation = organisation_of(asked.actor, asked.given["siret"], name=asked.given["name"], at=asked.at)
    known = {**asked.only("side", "is_public"), "is_own": bool(asked.given.get("is_own"))}
    return writing.add_party(asked.actor, asked.pk, organisation, **known, **asked.lock)


def _other_name(asked: Asked, made: Any) -> str:
    party = made if isinstance(made, Party) else made.parties.select_related("organisation").first()
    return other_name(asked.given["name"], party)


def _add_commitment(asked: Asked) -> object:
    names = ("text", "own_lead", "partner_lead", "theme", "due_on")
    return commitments.add_commitment(asked.actor, asked.pk, asked.given["article"], **asked.only(*names), **asked.lock)


def _add_indicator(asked: Asked) -> object:
    names = [name for name in IndicatorContent.__dataclass_fields__ if name in asked.given]
    content = IndicatorContent(**asked.only(*names))
    return commitments.add_indicator(asked.actor, asked.pk, asked.given["commitment"], content, **asked.lock)


def _hold_meeting(asked: Asked) -> object:
    content = MeetingContent(**asked.only(*forms.MEETING))
    return meetings.hold_meeting(asked.actor, asked.pk, content, **asked.lock)


def _correct_meeting(asked: Asked) -> object:
    content = MeetingContent(**asked.only(*forms.MEETING))
    return meetings.correct_meeting(asked.actor, asked.pk, asked.given["meeting"], content, **asked.lock)


def _amend(asked: Asked) -> object:
    given = asked.given
    additions = Additions(
        places=given.get("places") or [], commitment=_added_commitment(given), party=_added_party(asked, given)
    )
    names = ("signed_on", "reason", "new_end", "new_text")
    return amending.amend_agreement(
        asked.actor, asked.pk, article_pk=given["article"], additions=additions, **asked.only(*names), **asked.lock
    )


def _added_commitment(given: dict[str, Any]) -> AddedCommitment | None:
    names = ("text", "own_lead", "partner_lead", "theme", "due_on")
    if not any(given[name] for name in ("text", "own_lead", "partner_lead", "commitment_article")):
        return None
    return AddedCommitment(given["commitment_article"], **{name: given[name] for name in names})


def _added_party(asked: Asked, given: dict[str, Any]) -> AddedParty | None:
    if not given["siret"]:
        if given["signatories"] or given["name"]:
            raise AgreementRefused(
                "siret", "Donnez le SIRET de la partie ajoutée, ou son nom s’il est à l’annuaire.", "siret"
            )
        return None
    organisation = organisation_of(asked.actor, given["siret"], name=given["name"], at=asked.at)
    return AddedParty(organisation, given["side"], given["is_public"], given["signatories"])


def _answer(asked: Asked) -> object:
    given = asked.only("answer", "words")
    return answering.answer_readings(asked.actor, asked.pk, asked.given["readings"], **given, at=asked.at)


def _answered(made: Sequence[Reading]) -> str:
    if not made:
        return "C’était déjà confirmé."
    done = "contesté" if made[0].answer == ReadingAnswer.DISPUTED else "confirmé"
    return f"{plural(len(made), f'relevé {done}', f'relevés {done}s')}."


def _part(action: Callable[..., object], part: str, *names: str) -> Callable[[Asked], object]:
    """An action on one part of the agreement, the other fields as they are."""
    return lambda asked: action(asked.actor, asked.pk, asked.given[part], **asked.only(*names), **asked.lock)


ACTS: tuple[Act, ...] = (
    Act("etape", "Changer d’étape", "Noter l’étape", "Étape notée.", forms.MoveForm, _move, _MOVABLE, _BOTH),
    Act(
        "partie",
        "Ajouter une partie",
        "Ajouter",
        "Partie notée.",
        forms.PartyForm,
        _add_party,
        _DRAFT,
        told=_other_name,
    ),
    Act(
        "signataire",
        "Nommer un ou une signataire",
        "Nommer",
        "Signataire nommé.",
        forms.SignatoryForm,
        _part(writing.add_signatory, "party", "full_name", "function"),
        _DRAFT,
    ),
    Act(
        "article",
        "Écrire un article",
        "Ajouter l’article",
        "Article ajouté.",
        forms.ArticleForm,
        lambda asked: writing.add_article(asked.actor, asked.pk, **asked.only("title", "text"), **asked.lock),
        _DRAFT,
    ),
    Act(
        "modifier-article",
        "Récrire un article",
        "Enregistrer l’article",
        "Article récrit.",
        forms.ArticleEditForm,
        _part(writing.update_article, "article", "title", "text"),
        _DRAFT,
        in_menu=False,
    ),
    Act(
        "monter-article",
        "Placer un article plus haut",
        "Échanger avec le précédent",
        "Article déplacé.",
        forms.ArticleOutForm,
        _part(writing.move_article_up, "article"),
        _DRAFT,
    ),
    Act(
        "engagement",
        "Écrire un engagement",
        "Ajouter l’engagement",
        "Engagement ajouté.",
        forms.CommitmentForm,
        _add_commitment,
        _DRAFT,
    ),
    Act(
        "action",
        "Ajouter une action à un engagement",
        "Ajouter l’action",
        "Action ajoutée.",
        forms.ActionForm,
        _part(commitments.add_action, "commitment", "side", "what", "due_on"),
        commitments.FOLLOWED,
    ),
    Act(
        "indicateur",
        "Mesurer un engagement",
        "Ajouter l’indicateur",
        "Indicateur ajouté.",
        forms.IndicatorForm,
        _add_indicator,
        commitments.FOLLOWED,
    ),
    Act(
        "retirer-partie",
        "Retirer une partie",
        "Retirer",
        "Partie retirée.",
        forms.PartyOutForm,
        _part(writing.remove_party, "party"),
        _DRAFT,
    ),
    Act(
        "retirer-signataire",
        "Retirer un ou une signataire",
        "Retirer",
        "Signataire retiré.",
        forms.SignatoryOutForm,
        _part(writing.remove_signatory, "signatory"),
        _DRAFT,
    ),
    Act(
        "retirer-article",
        "Retirer un article",
        "Retirer",
        "Article retiré.",
        forms.ArticleOutForm,
        _part(writing.remove_article, "article"),
        _DRAFT,
    ),
    Act(
        "retirer-engagement",
        "Retirer un engagement",
        "Retirer",
        "Engagement retiré.",
        forms.CommitmentOutForm,
        _part(commitments.remove_commitment, "commitment"),
        _DRAFT,
    ),
    Act(
        "signature",
        "Noter une signature",
        "Noter la signature",
        "Signature notée.",
        forms.SignatureForm,
        _part(moves.sign_for, "signatory", "on"),
        (_S.PROPOSED,),
        _BOTH,
    ),
    Act(
        "corriger-signature",
        "Corriger une signature notée",
        "Corriger",
        "Signature corrigée.",
        forms.SignatureCorrectForm,
        _part(moves.correct_signature, "signatory", "on"),
        (_S.PROPOSED, *SIGNED_STATES),
        _BOTH,
    ),
    Act(
        "corriger-partie",
        "Corriger le nom d’une partie",
        "Corriger",
        "Nom corrigé.",
        forms.PartyNameForm,
        _part(naming.correct_party_name, "party", "name"),
        SIGNED_STATES,
    ),
    Act(
        "exemplaire",
        "Déposer l’exemplaire signé",
        "Déposer",
        "Exemplaire signé déposé.",
        forms.SignedFileForm,
        lambda asked: papers.keep_signed_file(asked.actor, asked.pk, asked.given["file"], **asked.lock),
        SIGNED_STATES,
    ),
    Act(
        "cible",
        "Préciser une cible",
        "Enregistrer",
        "Cible précisée.",
        forms.TargetForm,
        _part(commitments.state_target, "indicator", "target_for", "adds_up"),
        commitments.FOLLOWED,
    ),
    Act(
        "compter",
        "Faire compter un indicateur par Dentelle",
        "Compter maintenant",
        "Relevé compté.",
        forms.CountForm,
        _part(readings.count_reading, "indicator", "day"),
        readings.READ,
    ),
    Act(
        "releve",
        "Donner un relevé",
        "Enregistrer le relevé",
        "Relevé enregistré.",
        forms.ReadingForm,
        _part(readings.give_reading, "indicator", "day", "value", "source"),
        readings.READ,
        _BOTH,
    ),
    Act(
        "reponse",
        "Confirmer ou contester des relevés",
        "Envoyer la réponse",
        _answered,
        forms.AnswerForm,
        _answer,
        readings.READ,
        _BOTH,
    ),
    Act(
        "faite",
        "Noter une action faite",
        "Noter comme faite",
        "Action notée.",
        forms.ActionDoneForm,
        _part(commitments.finish_action, "action", "on"),
        commitments.REVIEWED,
        _BOTH,
    ),
    Act(
        "resultat",
        "Dire ce qu’est devenu un engagement",
        "Enregistrer",
        "Résultat enregistré.",
        forms.OutcomeForm,
        _part(commitments.state_outcome, "commitment", "outcome", "lesson", "seen_on"),
        commitments.REVIEWED,
    ),
    Act(
        "comite",
        "Noter une réunion de comité",
        "Enregistrer la réunion",
        "Réunion enregistrée.",
        forms.MeetingForm,
        _hold_meeting,
        meetings.HELD,
    ),
    Act(
        "corriger-comite",
        "Corriger une réunion de comité",
        "Corriger la réunion",
        "Réunion corrigée.",
        forms.MeetingCorrectForm,
        _correct_meeting,
        meetings.HELD,
        in_menu=False,
    ),
    Act(
        "retirer-comite",
        "Retirer une réunion de comité",
        "Retirer la réunion",
        "Réunion retirée. Ce qui était noté reste replié sous les réunions.",
        forms.MeetingOutForm,
        _part(meetings.take_out_meeting, "meeting", "reason"),
        meetings.HELD,
        in_menu=False,
    ),
    Act(
        "avenant",
        "Noter un avenant signé",
        "Noter l’avenant",
        "Avenant noté.",
        forms.AmendmentForm,
        _amend,
        (_S.SIGNED,),
        told=_other_name,
    ),
    Act(
        "renouveler",
        "Préparer le renouvellement",
        "Préparer",
        "Renouvellement préparé\u00a0: relisez ses articles et ses engagements.",
        forms.RenewalForm,
        lambda asked: renewal.renew_agreement(asked.actor, asked.pk, **asked.only("ends_on"), **asked.lock),
        (_S.SIGNED, _S.ENDED),
    ),
)
BY_CODE = {each.code: each for each in ACTS}
