"""One small form per act on an agreement. Each knows the agreement, so that lists only offer what is on it."""

from typing import Any, ClassVar

from django import forms

from dentelle.foundations.directory.fields import organisation_field
from dentelle.foundations.directory.models import Seat
from dentelle.foundations.typed import WordsForm
from dentelle.network.agreements.access import Viewer
from dentelle.network.agreements.following import renewal_start
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.models import (
    ActionSide,
    AgreementTheme,
    CommitteeKind,
    Indicator,
    Outcome,
    PartySide,
    Reading,
    ReadingAnswer,
    TargetSpan,
    Unit,
)
from dentelle.network.agreements.periods import Frequency
from dentelle.network.agreements.queries import AgreementSheet, IndicatorLine
from dentelle.network.agreements.seen import Seen
from dentelle.network.agreements.states import moves_from
from dentelle.rules.wording import shortened
from dentelle.thread.clauses.fields import NumberField
from dentelle.thread.contracts.forms import fields


def row(label: str, *, required: bool = True, help_text: str = "") -> forms.TypedChoiceField:
    """A part of the agreement, by its key."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, help_text=help_text)


class ActForm(WordsForm):
    """What every act carries: the revision its author was looking at. ``nothing`` is said when there is nothing to act on.

    ``rewrites`` names the field of what the act writes again: it is chosen first, so that what stands there shows in the form,
    and nothing is wiped for not having been seen.
    """

    nothing = ""
    rewrites = ""
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: AgreementSheet, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.viewer = sheet, viewer
        self.fields["revision"].initial = sheet.agreement.revision
        self.offer()
        self.chosen = self._chosen() if self.rewrites else ""

    def offer(self) -> None:
        """Fill the lists from the agreement."""

    def standing(self, pk: int) -> dict[str, Any]:
        """Return what stands today of what the act rewrites, field by field."""
        return {}

    def _chosen(self) -> str:
        """Settle what is rewritten, and return it in words; empty, with a list to choose from, until somebody chose."""
        listed: Any = self.fields[self.rewrites]
        rows = {str(key): label for key, label in listed.choices}
        asked = str((self.data if self.is_bound else self.initial).get(self.rewrites, ""))
        if not self.is_bound and len(rows) == 1:
            (asked,) = rows
        if asked not in rows:
            if rows:
                listed.choices = [("", "à choisir"), *listed.choices]
            return ""
        listed.widget = forms.HiddenInput()
        if not self.is_bound:
            self.initial.update({self.rewrites: asked, **self.standing(int(asked))})
        return str(rows[asked])

    @property
    def chooser(self) -> forms.BoundField | None:
        """The field that says what to rewrite, while it is all there is to ask."""
        asks = self.rewrites and not self.chosen and not self.is_bound and not self.nothing_to_do
        return self[self.rewrites] if asks else None

    @property
    def chosen_label(self) -> str:
        return str(self.fields[self.rewrites].label)

    def choices(self, name: str, rows: list[tuple[Any, str]], *, empty: str | None = None) -> None:
        """Offer rows by key; ``empty`` is the word for none of them."""
        listed: Any = self.fields[name]
        listed.choices = [*([("", empty)] if empty is not None else []), *rows]

    @property
    def nothing_to_do(self) -> str:
        """Why the act has nothing to act on; empty when it has."""
        required: list[Any] = [
            field for field in self.fields.values() if field.required and isinstance(field, forms.ChoiceField)
        ]
        return self.nothing if any(not list(field.choices) for field in required) else ""

    @property
    def lines(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the unit written beside it."""
        return [(self[name], getattr(field, "unit", "")) for name, field in self.fields.items()]

    @property
    def groups(self) -> list[tuple[str, list[tuple[forms.BoundField, str]], bool]]:
        """Fields set apart under a title, and whether they show at once; none for most acts."""
        return []

    @property
    def articles(self) -> list[tuple[int, str]]:
        return [(each.article.pk, str(each.article)) for each in self.sheet.articles]

    @property
    def commitments(self) -> list[tuple[int, str]]:
        return [(each.commitment.pk, shortened(each.commitment.text)) for each in self.sheet.commitments]

    @property
    def of_partner(self) -> bool:
        return isinstance(self.viewer, Seat)

    @property
    def own_side(self) -> str:
        """The side whose readings this person gives: « own », « partner », none for a third party."""
        if not isinstance(self.viewer, Seat):
            return "own"
        return "partner" if self.sheet.is_partner(self.viewer) else ""


class MoveForm(ActForm):
    nothing = "Aucune étape n’est à noter de votre côté."
    move = fields.choice("Étape", [], required=True)
    ended_on = fields.day("Cesse le", help_text="Pour une dénonciation\u00a0: le dernier jour où elle est en vigueur.")
    reason = fields.words("Motif", most=500, help_text="Les parties le liront.")

    def offer(self) -> None:
        moves = moves_from(self.sheet.agreement.state, self.sheet.side)
        self.choices("move", [(each.code, each.label) for each in moves])
        if not any(each.code == "terminate" for each in moves):
            del self.fields["ended_on"]
        if not any(each.needs and "reason" in [need.value for need in each.needs] for each in moves):
            del self.fields["reason"]


PUBLIC = [
    ("", "selon ce qui est connu"),
    ("yes", "oui\u00a0: deux signataires"),
    ("no", "non\u00a0: un ou une signataire"),
]


def said_public(answer: str) -> bool | None:
    """What somebody said of an organisation: public or not, None when they leave it to what is known."""
    return {"yes": True, "no": False}.get(answer)


class PartyForm(ActForm):
    siret = organisation_field("Organisation", required=True)
    name = fields.text("Nom", most=250, help_text="Seulement si aucune donnée chargée ne connaît ce SIRET.")
    side = fields.choice("De quel côté", PartySide.choices, required=True)
    is_own = forms.BooleanField(
        label="C’est ma structure",
        required=False,
        help_text="La fiche de votre structure n’a pas de SIRET\u00a0: cochez pour celle que la convention engage, quelle que soit l’orthographe "
        "de son nom à l’annuaire. Déjà parmi les parties, elle y reste et c’est noté.",
    )
    is_public = fields.choice(
        "Organisme public",
        PUBLIC,
        help_text="Deux personnes signent pour un organisme public. Sans réponse\u00a0: ce que disent sa catégorie juridique ou "
        "une convention signée.",
    )

    def offer(self) -> None:
        own = self.sheet.agreement.structure
        if own is None or own.siret or not self.sheet.lacks_own:
            del self.fields["is_own"]
        if own is None or not self.sheet.lacks_own or self.initial.get("side") != PartySide.AUTHOR:
            return  # its name left in the form of a partner would become the partner's
        self.initial.setdefault("siret", own.siret)
        self.initial.setdefault("name", own.name)
        self.initial.setdefault("is_own", True)

    def clean_is_public(self) -> bool | None:
        return said_public(self.cleaned_data["is_public"])


class PartyOutForm(ActForm):
    nothing = "Aucune partie n’est encore saisie."
    party = row("Partie")

    def offer(self) -> None:
        self.choices("party", [(each.pk, str(each)) for each in self.sheet.parties])


class PartyNameForm(PartyOutForm):
    name = fields.text(
        "Nom sous lequel elle a signé",
        most=250,
        required=True,
        help_text="Tel que l’écrit la convention signée. Le nom noté d’abord reste dit à côté.",
    )


class SignatoryForm(PartyOutForm):
    full_name = fields.text("Nom de la personne", most=150, required=True)
    function = fields.text("Fonction", most=150)


class SignatoryOutForm(ActForm):
    nothing = "Aucun signataire n’est encore nommé."
    signatory = row("Signataire")

    def offer(self) -> None:
        named = [(each.pk, f"{each}, {party}") for party in self.sheet.parties for each in party.signatories.all()]
        self.choices("signatory", named)


class SignatureForm(ActForm):
    nothing = "Toutes les signatures sont notées."
    signatory = row("Qui a signé")
    on = fields.day("Le", required=True)

    def offer(self) -> None:
        mine = self.viewer.organisation_id if isinstance(self.viewer, Seat) else None
        named = [
            (each.pk, f"{each}, {party}")
            for party in self.sheet.parties
            for each in party.signatories.all()
            if each.signed_on is None and mine in {None, party.organisation_id}
        ]
        self.choices("signatory", named)


class SignatureCorrectForm(ActForm):
    nothing = "Aucune signature n’est encore notée."
    signatory = row("Signature à corriger")
    on = fields.day(
        "A signé le",
        help_text="Vide\u00a0: cette personne n’a pas signé. Le jour noté d’abord reste dans l’historique.",
    )

    def offer(self) -> None:
        mine = self.viewer.organisation_id if isinstance(self.viewer, Seat) else None
        if mine and self.sheet.agreement.is_signed:
            return
        named = [
            (each.pk, f"{each}, {party}, le {each.signed_on:%d/%m/%Y}")
            for party in self.sheet.parties
            for each in party.signatories.all()
            if each.signed_on is not None and mine in {None, party.organisation_id}
        ]
        self.choices("signatory", named)


class ArticleForm(ActForm):
    title = fields.text("Titre")
    text = fields.words("Texte", most=20_000, help_text="Nécessaire pour proposer à la signature.")


class ArticleOutForm(ActForm):
    nothing = "Aucun article n’est encore écrit."
    article = row("Article")

    def offer(self) -> None:
        self.choices("article", self.articles)


class ArticleEditForm(ArticleOutForm):
    rewrites = "article"
    title = fields.text("Titre")
    text = fields.words("Texte", most=20_000)

    def standing(self, pk: int) -> dict[str, Any]:
        article = next(each.article for each in self.sheet.articles if each.article.pk == pk)
        return {"title": article.title, "text": article.text}


class CommitmentForm(ArticleOutForm):
    nothing = "Écrivez d’abord un article\u00a0: un engagement tient à un article."
    text = fields.words("Engagement", most=1000, required=True)
    theme = fields.choice("Thème", [("", "aucun"), *AgreementTheme.choices])
    own_lead = fields.text("Porté de votre côté par", most=150, required=True, help_text="Une fonction, un service.")
    partner_lead = fields.text("Porté chez le partenaire par", most=150, required=True)
    due_on = fields.day("Pour le")


class CommitmentOutForm(ActForm):
    nothing = "Aucun engagement n’est encore écrit."
    commitment = row("Engagement")

    def offer(self) -> None:
        self.choices("commitment", self.commitments)


class ActionForm(CommitmentOutForm):
    side = fields.choice("Qui", ActionSide.choices, required=True)
    what = fields.text("Quoi", most=300, required=True)
    due_on = fields.day("Pour le")


class ActionDoneForm(ActForm):
    nothing = "Aucune action n’attend d’être notée comme faite."
    action = row("Action")
    on = fields.day("Faite le", required=True)

    def offer(self) -> None:
        waiting = [
            (each.pk, each.what)
            for line in self.sheet.commitments
            for each in line.actions
            if each.done_on is None and not (self.of_partner and each.side == ActionSide.OWN)
        ]
        self.choices("action", waiting)


class IndicatorForm(CommitmentOutForm):
    known = fields.choice(
        "Compté par Dentelle", [], help_text="Rien d’autre n’est alors à saisir que la cible et la fréquence."
    )
    name = fields.text("Nom", most=150)
    definition = fields.words("Définition", most=500, help_text="Ce qui est compté, et ce qui ne l’est pas.")
    source = fields.text("Source", help_text="Le document ou l’outil d’où viendra la valeur.")
    unit = fields.choice("Unité", [("", "à choisir"), *Unit.choices])
    owed_by = fields.choice("Relevé par", [("own", "votre côté"), ("partner", "le partenaire")], required=True)
    baseline = NumberField(label="Point de départ", required=False, zero=True)
    target = NumberField(label="Cible", required=False, zero=True)
    target_for = fields.choice("La cible vaut pour", TargetSpan.choices, required=True)
    adds_up = forms.BooleanField(
        label="Les relevés d’une année s’additionnent",
        required=False,
        help_text="Oui pour des heures ou des actes\u00a0; non pour une part, ou des personnes présentes à plusieurs relevés.",
    )
    frequency = fields.choice("Fréquence", Frequency.choices, required=True)

    def offer(self) -> None:
        super().offer()
        if self.sheet.agreement.is_framework:
            del self.fields["known"]
            return
        self.choices(
            "known", [(each.code, each.label) for each in KNOWN.values()], empty="non\u00a0: la valeur sera saisie"
        )


class ReadingForm(ActForm):
    nothing = "Aucun indicateur n’est à relever de votre côté."
    indicator = row("Indicateur")
    day = fields.day(
        "Un jour de la période", required=True, help_text="Le mois, le trimestre ou l’année de ce jour est relevé."
    )
    value = NumberField(label="Valeur", zero=True)
    source = fields.text("Source", required=True)

    def offer(self) -> None:
        lines = [
            line
            for line in self.sheet.indicators
            if line.indicator.owed_by == self.own_side and not line.indicator.known
        ]
        self.choices("indicator", _indicators(lines))
        _propose(self, lines)


class CountForm(ActForm):
    nothing = "Aucun indicateur de cette convention n’est compté par Dentelle."
    indicator = row("Indicateur")
    day = fields.day(
        "Un jour de la période", required=True, help_text="Le mois, le trimestre ou l’année de ce jour est compté."
    )

    def offer(self) -> None:
        lines = [line for line in self.sheet.indicators if line.indicator.known]
        self.choices("indicator", _indicators(lines))
        _propose(self, lines)


class SeenField(forms.TypedMultipleChoiceField):
    """Readings ticked as they were shown: one that changed since is no wrong choice, the act says what became of it."""

    def valid_value(self, value: Any) -> bool:
        try:
            Seen.read(str(value))
        except ValueError:
            return False
        return True


class AnswerForm(ActForm):
    nothing = "Aucun relevé n’attend votre réponse."
    readings = SeenField(
        label="Relevés",
        coerce=Seen.read,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez ceux que vous avez vérifiés\u00a0: plusieurs se confirment à la fois, un seul se conteste.",
    )
    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=[(ReadingAnswer.CONFIRMED.value, "Je confirme"), (ReadingAnswer.DISPUTED.value, "Je conteste")],
        widget=forms.RadioSelect,
    )
    words = fields.words("Motif", most=500, help_text="Nécessaire pour contester\u00a0; l’autre partie le lira.")

    def offer(self) -> None:
        del self.fields["revision"]  # each reading says itself whether it changed
        waiting = [
            (line.indicator, each)
            for line in self.sheet.indicators
            for each in line.readings
            if self.own_side and each.by_partner != self.of_partner and each.answer != ReadingAnswer.CONFIRMED
        ]
        self.choices("readings", [(str(Seen.of(each)), _told(indicator, each)) for indicator, each in waiting])
        asked = str(self.initial.get("reading", ""))
        proposed = [str(Seen.of(each)) for _, each in waiting if len(waiting) == 1 or asked == str(each.pk)]
        self.initial.setdefault("readings", proposed)


class OutcomeForm(CommitmentOutForm):
    rewrites = "commitment"
    outcome = fields.choice("Résultat", Outcome.choices, required=True)
    lesson = fields.words("Ce qui marche, ce qui ne marche pas", most=1000, help_text="Lu par tout le réseau.")
    seen_on = fields.day(
        "Constaté le",
        required=True,
        help_text="Le bilan d’une année dit ce qui était constaté à la fin de cette année.",
    )

    def standing(self, pk: int) -> dict[str, Any]:
        commitment = next(each.commitment for each in self.sheet.commitments if each.commitment.pk == pk)
        return {"outcome": commitment.outcome, "lesson": commitment.lesson}


class TargetForm(ActForm):
    rewrites = "indicator"
    nothing = "Aucun indicateur n’est encore posé."
    indicator = row("Indicateur")
    target_for = fields.choice("La cible vaut pour", TargetSpan.choices, required=True)
    adds_up = forms.BooleanField(
        label="Les relevés d’une année s’additionnent",
        required=False,
        help_text="Le bilan donne alors leur total. Dentelle le sait déjà de ce qu’elle compte elle-même.",
    )

    def offer(self) -> None:
        self.choices("indicator", _indicators(list(self.sheet.indicators)))

    def standing(self, pk: int) -> dict[str, Any]:
        indicator = next(each.indicator for each in self.sheet.indicators if each.indicator.pk == pk)
        return {"target_for": indicator.target_for, "adds_up": indicator.adds_up}


class MeetingForm(ActForm):
    kind = fields.choice("Comité", CommitteeKind.choices, required=True)
    held_on = fields.day("Tenu le", required=True)
    agenda = fields.words(
        "Ordre du jour", help_text="Celui-ci, les présents ou les décisions\u00a0: un des trois au moins."
    )
    attendance = fields.words("Présents")
    decisions = fields.words("Décisions", most=4000)
    next_on = fields.day("Prochaine réunion")


class MeetingCorrectForm(MeetingForm):
    rewrites = "meeting"
    nothing = "Aucune réunion n’est encore notée."
    meeting = row("Réunion à corriger")

    field_order = ["revision", "meeting"]

    def offer(self) -> None:
        self.choices("meeting", [(each.pk, str(each)) for each in self.sheet.meetings])

    def standing(self, pk: int) -> dict[str, Any]:
        meeting = next(each for each in self.sheet.meetings if each.pk == pk)
        return {name: getattr(meeting, name) for name in MEETING}


class MeetingOutForm(ActForm):
    rewrites = "meeting"
    nothing = "Aucune réunion n’est encore notée."
    meeting = row("Réunion à retirer")
    reason = fields.words(
        "Motif",
        most=500,
        required=True,
        help_text="Elle quitte la page et le bilan. Ce qui était noté reste replié dessous, avec ce motif\u00a0: les parties le liront.",
    )

    def offer(self) -> None:
        self.choices("meeting", [(each.pk, str(each)) for each in self.sheet.meetings])


MEETING = ("kind", "held_on", "agenda", "attendance", "decisions", "next_on")


class SignedFileForm(ActForm):
    file = forms.FileField(
        label="Exemplaire signé",
        help_text="PDF, 20 Mo au plus. Il remplace celui qui était gardé\u00a0; vos équipes et les parties peuvent le prendre.",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )


class AmendmentForm(ActForm):
    signed_on = fields.day("Signé le", required=True)
    reason = fields.words("Motif", most=500, required=True)
    new_end = fields.day("Nouvelle fin")
    article = row("Article changé", required=False)
    new_text = fields.words("Nouveau texte de l’article", most=20_000)

    places = forms.MultipleChoiceField(label="Territoire ajouté", required=False, widget=forms.CheckboxSelectMultiple)
    commitment_article = row("Article de l’engagement", required=False)
    text = fields.words("Engagement ajouté", most=1000)
    theme = fields.choice("Thème", [("", "aucun"), *AgreementTheme.choices])
    own_lead = fields.text("Porté de votre côté par", most=150)
    partner_lead = fields.text("Porté chez le partenaire par", most=150)
    due_on = fields.day("Pour le")
    siret = organisation_field("Organisation")
    name = fields.text("Nom", most=250, help_text="Seulement si aucune donnée chargée ne connaît ce SIRET.")
    side = fields.choice("De quel côté", PartySide.choices)
    is_public = fields.choice("Organisme public", PUBLIC)
    signatories = fields.words("Qui a signé pour elle", help_text="Une personne par ligne\u00a0: nom, fonction.")

    GROUPS: ClassVar = {
        "Ajouter un territoire": ("places",),
        "Ajouter un engagement": ("commitment_article", "text", "theme", "own_lead", "partner_lead", "due_on"),
        "Ajouter une partie": ("siret", "name", "side", "is_public", "signatories"),
    }

    def offer(self) -> None:
        self.choices("article", self.articles, empty="aucun")
        self.choices("commitment_article", self.articles, empty="à choisir")
        self.fields["side"].initial = PartySide.OTHER
        new = [pair for pair in self.sheet.places_to_add if pair[0] not in self.sheet.agreement.places]
        self.choices("places", new)
        if not new:
            del self.fields["places"]

    def clean_is_public(self) -> bool | None:
        return said_public(self.cleaned_data["is_public"])

    def clean_signatories(self) -> dict[str, str]:
        named = {}
        for line in self.cleaned_data["signatories"].splitlines():
            name, _, function = line.partition(",")
            if name.strip():
                named[" ".join(name.split())] = " ".join(function.split())
        return named

    @property
    def groups(self) -> list[tuple[str, list[tuple[forms.BoundField, str]], bool]]:
        """What an amendment may add, each apart; open when something of it was typed or is refused."""
        found = []
        for title, names in self.GROUPS.items():
            kept = [name for name in names if name in self.fields]
            typed = any(self.data.get(name) for name in kept if name != "side")
            if kept:
                found.append(
                    (title, [(self[name], "") for name in kept], typed or any(self[each].errors for each in kept))
                )
        return found

    @property
    def lines(self) -> list[tuple[forms.BoundField, str]]:
        apart = {name for names in self.GROUPS.values() for name in names}
        return [(bound, unit) for bound, unit in super().lines if bound.name not in apart]


class RenewalForm(ActForm):
    ends_on = fields.day("Fin de la suivante", required=True)

    def offer(self) -> None:
        starts_on = renewal_start(self.sheet.agreement)
        if starts_on is not None:
            self.fields[
                "ends_on"
            ].help_text = f"Elle commencera le {starts_on:%d/%m/%Y}, le lendemain de la dernière signée."


def _told(indicator: Indicator, reading: Reading) -> str:
    """« Personnes orientées : 46 personnes, du 01/07/2026 au 30/09/2026 (tableau de suivi) »."""
    said = [indicator.told(reading.value), str(reading.period), reading.partial_told]
    contested = "\u202f; contesté" if reading.answer == ReadingAnswer.DISPUTED else ""
    return f"{indicator}\u00a0: {', '.join(filter(None, said))} ({reading.source}){contested}"


def _indicators(lines: list[IndicatorLine]) -> list[tuple[int, str]]:
    return [(line.indicator.pk, f"{line.indicator} ({line.indicator.get_frequency_display()})") for line in lines]


def _propose(form: ActForm, lines: list[IndicatorLine]) -> None:
    """Propose the period that is late, of the indicator asked for."""
    asked = str(form.initial.get("indicator", ""))
    for line in lines:
        if line.late and asked in {"", str(line.indicator.pk)}:
            form.initial.setdefault("indicator", line.indicator.pk)
            form.initial.setdefault("day", line.late.last)
            return
