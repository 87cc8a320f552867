"""Thin forms: what is typed, read into what actions ask for. Choices come from ``access``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.advocacy.actions.contributions import Words
from dentelle.network.advocacy.actions.papers import Asked
from dentelle.network.advocacy.actions.proposals import Draft, Typed
from dentelle.network.advocacy.measures import measures_of
from dentelle.network.advocacy.models import (
    Call,
    Chapter,
    Consent,
    Contribution,
    ContributionState,
    Figure,
    FollowUpState,
    Idea,
    IdeaState,
    Level,
    PaperState,
    Proposal,
    WhitePaper,
)
from dentelle.network.governance import access as governance
from dentelle.network.governance import places
from dentelle.network.governance.forms import DAY, Chosen, area
from dentelle.network.governance.models import Axis, Concern, Session, Theme
from dentelle.network.practices.access import published_to
from dentelle.network.tour.queries import findings_cited_by
from dentelle.rules.wording import shortened

MOST_CHOICES, MOST_FINDINGS = 8, 4


class ContributionForm(forms.Form):
    """The short form of a contribution: two boxes asked for, how one agrees to be quoted, and the rest if one wishes."""

    finding = forms.CharField(
        label="Ce que vous constatez",
        max_length=3000,
        widget=area(4),
        help_text="Une ou deux phrases suffisent. Ne nommez personne.",
        error_messages={"required": "Dites ce que vous constatez, même en une phrase."},
    )
    proposal = forms.CharField(
        label="Ce que vous proposez",
        max_length=3000,
        widget=area(4),
        error_messages={"required": "Dites ce que vous proposez, même en une phrase."},
    )
    consent = forms.ChoiceField(
        label="Vos mots peuvent être cités",
        choices=[
            (Consent.STRUCTURE.value, "Au nom de ma structure, sans mon nom"),
            (Consent.NAMED.value, "Avec mon nom et ma structure"),
            (Consent.UNQUOTED.value, "Non\u00a0: comptez-la, sans citer mes mots ni mon nom"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment vos mots peuvent être cités."},
    )
    about = forms.ChoiceField(label="De quoi s’agit-il", required=False)
    where = forms.ChoiceField(label="Où", required=False)
    evidence = forms.CharField(
        label="Ce qui le montre",
        required=False,
        max_length=2000,
        widget=area(2),
        help_text="Un chiffre, un fait, une source.",
    )
    practices = forms.MultipleChoiceField(
        label="Fiches pratiques qui l’appuient", required=False, widget=forms.CheckboxSelectMultiple
    )
    concerns = forms.MultipleChoiceField(
        label="Préoccupations d’où elle vient", required=False, widget=forms.CheckboxSelectMultiple
    )

    findings = forms.MultipleChoiceField(
        label="Constats du Tour d’où elle vient", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        member: Membership,
        paper: WhitePaper,
        today: date,
        asked: Mapping[str, int | None] | None = None,
        known: Contribution | None = None,
        draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if draft:
            for name in ("finding", "proposal", "consent"):
                self.fields[name].required = False
        call = getattr(paper, "call", None)
        axes, themes = (list(call.axes.all()), list(call.themes.all())) if call else ([], [])
        running = {"network": paper.network_id, "mandate": paper.mandate_id}
        if not axes and not themes:
            axes = list(governance.axes_visible_to(member).filter(**running, closed_on=None))
            themes = list(governance.themes_visible_to(member).filter(**running))
        self.axes = {f"axe:{each.pk}": each for each in axes}
        self.themes = {f"theme:{each.pk}": each for each in themes}
        groups = (("Axes", self.axes), ("Thèmes", self.themes))
        self.covered = places.covered_by(member, today)
        self._choose("where", places.choices(self.covered))
        self._choose(
            "about",
            [
                ("", "Je ne sais pas"),
                *((name, [(key, each.name) for key, each in found.items()]) for name, found in groups if found),
            ],
        )
        self._sources(member, asked or {}, known)

    def _sources(self, member: Membership, asked: Mapping[str, int | None], known: Contribution | None) -> None:
        leaned = list(known.sources.select_related("practice")) if known else []
        practices = {each.practice.practice_id for each in leaned if each.practice} | _given(asked.get("practice"))
        concerns = {each.concern_id for each in leaned if each.concern_id} | _given(asked.get("concern"))
        sheets = published_to(member).select_related("published")
        own = list(sheets.filter(structure=member.structure_id).order_by("-checked_on", "-pk")[:MOST_CHOICES])
        self.sheets = {str(each.pk): each for each in [*sheets.filter(pk__in=practices), *own]}
        voices = governance.concerns_visible_to(member).exclude(state__in=["withdrawn", "set_aside"])
        mine = list(voices.filter(author=member.user_id).order_by("-written_at", "-pk")[:MOST_CHOICES])
        self.voices: dict[str, Concern] = {str(each.pk): each for each in [*voices.filter(pk__in=concerns), *mine]}
        self._choose("practices", [(key, each.published.title) for key, each in self.sheets.items() if each.published])
        self._choose("concerns", [(key, each.text[:140]) for key, each in self.voices.items()])
        self.initial.setdefault("practices", [str(pk) for pk in practices if str(pk) in self.sheets])
        self.initial.setdefault("concerns", [str(pk) for pk in concerns if str(pk) in self.voices])
        told = {each.finding_id for each in leaned if each.finding_id} | _given(asked.get("finding"))
        known_to_all = findings_cited_by(governance.network_of(member))
        offered = [each for each in known_to_all if each.pk in told] or list(known_to_all[:MOST_FINDINGS])
        self._choose("findings", [(str(each.pk), each.text[:140]) for each in offered])
        self.initial.setdefault("findings", [str(each.pk) for each in offered if each.pk in told])
        for name in ("practices", "concerns", "findings"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]
        self.leans = any(self.initial[name] for name in ("practices", "concerns", "findings"))

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def words(self) -> Words:
        """Return what was typed."""
        kept = self.cleaned_data
        return Words(
            finding=kept["finding"],
            proposal=kept["proposal"],
            places=[kept["where"]] if kept["where"] else self.covered,
            evidence=kept["evidence"],
            axis=self.axes.get(kept["about"]),
            theme=self.themes.get(kept["about"]),
            consent=kept["consent"],
            practices=[
                version for key in kept.get("practices", ()) if (version := self.sheets[key].published) is not None
            ],
            concerns=[self.voices[key] for key in kept.get("concerns", ())],
            findings=[int(key) for key in kept.get("findings", ())],
        )


def _given(key: int | None) -> set[int]:
    return {key} if key else set()


def initial_of(contribution: Contribution) -> dict[str, Any]:
    """Return what the form of a contribution shows of one kept earlier; a draft that may not say how to be quoted is asked again."""
    unsaid = contribution.state == ContributionState.DRAFT and contribution.consent == Consent.UNQUOTED
    about = f"axe:{contribution.axis_id}" if contribution.axis_id else ""
    where = contribution.places[0] if len(contribution.places) == 1 else ""
    return {
        "finding": contribution.finding,
        "proposal": contribution.proposal,
        "consent": "" if unsaid else contribution.consent,
        "evidence": contribution.evidence,
        "about": f"theme:{contribution.theme_id}" if contribution.theme_id else about,
        "where": where if where.startswith("commune:") else "",
    }


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(
        label="Vos mots peuvent être cités",
        choices=Consent.choices,
        widget=forms.Select({"class": "form-select"}),
    )


class PaperForm(forms.Form):
    title = forms.CharField(label="Titre", max_length=240)
    aim = forms.CharField(
        label="Ce qu’il veut obtenir", required=False, max_length=2000, widget=area(4), help_text="En quelques phrases."
    )


def paper_initial(paper: WhitePaper) -> dict[str, Any]:
    """Return what the form of a white paper shows of it."""
    return {"title": paper.title, "aim": paper.aim}


class CallForm(forms.Form):
    words = forms.CharField(label="Ce que vous demandez", max_length=2000, widget=area(4))
    opens_on = forms.DateField(label="Ouvre le", widget=DAY)
    closes_on = forms.DateField(label="Dernier jour", widget=DAY)
    axes = forms.ModelMultipleChoiceField(
        queryset=Axis.objects.none(), label="Axes", required=False, widget=forms.CheckboxSelectMultiple
    )
    themes = forms.ModelMultipleChoiceField(
        queryset=Theme.objects.none(),
        label="Thèmes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun axe ni thème coché\u00a0: on peut écrire sur tout.",
    )

    def __init__(self, *args: Any, seat: NetworkSeat, paper: WhitePaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        axes = governance.axes_visible_to(seat).filter(mandate=paper.mandate_id, closed_on=None)
        self.fields["axes"].queryset = axes  # type: ignore[attr-defined]
        self.fields["themes"].queryset = governance.themes_visible_to(seat).filter(mandate=paper.mandate_id)  # type: ignore[attr-defined]
        for name, found in (("axes", axes), ("themes", self.fields["themes"].queryset)):  # type: ignore[attr-defined]
            if not found.exists():
                del self.fields[name]

    def asked(self) -> Asked:
        """Return what was typed."""
        kept = self.cleaned_data
        return Asked(
            kept["words"], kept["opens_on"], kept["closes_on"], list(kept.get("axes", ())), list(kept.get("themes", ()))
        )


def call_initial(call: Call) -> dict[str, Any]:
    """Return what the form of a call shows of it; the last day of one that is past is to be chosen again."""
    is_past = call.paper.state not in (PaperState.PREPARING, PaperState.OPEN)
    return {
        "words": call.words,
        "opens_on": call.opens_on,
        "closes_on": None if is_past else call.closes_on,
        "axes": list(call.axes.all()),
        "themes": list(call.themes.all()),
    }


class WordsForm(forms.Form):
    """Words an author will read."""

    words = forms.CharField(label="Ce qui est dit à l’auteur", max_length=1500, widget=area(3))


class IdeaForm(forms.Form):
    title = forms.CharField(label="Nom de l’idée", max_length=200)
    summary = forms.CharField(
        label="Ce que disent ensemble ses contributions",
        required=False,
        max_length=1500,
        widget=area(3),
        help_text="Avec vos mots\u00a0; chaque contribution garde les siens.",
    )


def idea_initial(idea: Idea) -> dict[str, Any]:
    """Return what the form that names an idea shows of it."""
    return {"title": idea.title, "summary": idea.summary}


class DiscussionForm(forms.Form):
    session = Chosen("Séance", required=True, empty="Choisir")
    words = forms.CharField(label="Ce qui a été dit", required=False, max_length=2000, widget=area(3))

    def __init__(self, *args: Any, seat: NetworkSeat, first: date | None, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = governance.sessions_visible_to(seat).filter(cancelled_at=None, starts_at__lte=at)
        found = found.filter(starts_at__date__gte=first or timezone.localdate(at))
        self.fields["session"].queryset = found.select_related("body").order_by("-starts_at")  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = _held  # type: ignore[attr-defined]


def _held(session: Session) -> str:
    """A session and its hour: a body may meet twice a day."""
    return f"{session.body}, {timezone.localtime(session.starts_at):%d/%m/%Y à %H:%M}"


class TakeDiscussionBackForm(forms.Form):
    discussion = Chosen("Discussion", required=True, empty="Choisir")
    reason = forms.CharField(
        label="Pourquoi",
        max_length=1500,
        widget=area(2),
        help_text="Les auteurs à qui elle a été dite lisent ces mots.",
        error_messages={"required": "Donnez la raison\u00a0: les auteurs la liront."},
    )

    def __init__(self, *args: Any, idea: Idea, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "retirer_%s"} | kwargs)
        found = idea.discussions.filter(taken_back_at=None).select_related("session__body")
        self.fields["discussion"].queryset = found  # type: ignore[attr-defined]
        self.fields["discussion"].label_from_instance = lambda each: _held(each.session)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Ce que devient l’idée",
        choices=[
            (IdeaState.RETAINED.value, "Retenue"),
            (IdeaState.MERGED.value, "Réunie à une autre"),
            (IdeaState.SET_ASIDE.value, "Écartée"),
        ],
        widget=forms.RadioSelect,
    )
    into = Chosen("Réunie à", empty="Choisir, si elle est réunie à une autre")
    reason = forms.CharField(
        label="Pourquoi",
        required=False,
        max_length=1500,
        widget=area(3),
        help_text="Les auteurs lisent ces mots. Obligatoire si l’idée est écartée ou réunie à une autre.",
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Idea.objects.filter(pk__in=[each.pk for each in others])  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        """Return what was typed."""
        kept = self.cleaned_data
        return {
            "decision": kept["decision"],
            "reason": kept["reason"],
            "into": kept["into"].pk if kept["into"] else None,
        }


class PlaceForm(forms.Form):
    """Where contributions go: an idea not decided yet, or, unless one is chosen, a new one named here."""

    NEW = "nouvelle"
    into = forms.ChoiceField(label="Quelle idée portent-elles", initial=NEW)
    title = forms.CharField(label="Nom de la nouvelle idée", required=False, max_length=200)

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "ranger_%s"} | kwargs)
        offered = [(str(pk), label) for pk, label in places]
        self.fields["into"].choices = [(self.NEW, "Une nouvelle idée, nommée ici"), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a name typed beside an idea chosen: nobody but the person knows which of the two was meant."""
        kept: dict[str, Any] = super().clean() or {}
        into, named = kept.get("into"), bool(kept.get("title"))
        if into == self.NEW and not named and "title" not in self.errors:
            self.add_error("title", "Donnez un nom à la nouvelle idée, ou choisissez-en une.")
        elif into and into != self.NEW and named:
            self.add_error(
                "title",
                "Une idée est choisie et une nouvelle est nommée\u00a0: effacez ce nom, ou choisissez «\u00a0Une nouvelle idée\u00a0».",
            )
        return kept

    def typed(self) -> dict[str, Any]:
        """Return what was typed."""
        kept = self.cleaned_data
        return {"into": None if kept["into"] == self.NEW else int(kept["into"]), "title": kept["title"]}


class PlaceOneForm(PlaceForm):
    """Where one contribution goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].label = "Quelle idée porte-t-elle"


class MoveForm(PlaceForm):
    """Which contributions of an idea go elsewhere, and where."""

    contributions = forms.MultipleChoiceField(
        label="Lesquelles",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une contribution."},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributions"].choices = choices  # type: ignore[attr-defined]


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi",
        max_length=1500,
        widget=area(3),
        help_text="Les auteurs lisent ces mots. Ce qu’une édition publiée dit ne change pas.",
        error_messages={"required": "Donnez la raison\u00a0: les auteurs la liront."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "reprendre_%s"} | kwargs)


class ChapterForm(forms.Form):
    title = forms.CharField(label="Titre du chapitre", max_length=240)
    introduction = forms.CharField(label="Introduction", required=False, max_length=4000, widget=area(6))
    axis = Chosen("Axe du réseau", empty="Aucun en particulier")

    def __init__(self, *args: Any, seat: NetworkSeat, paper: WhitePaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["axis"].queryset = governance.axes_visible_to(seat).filter(mandate=paper.mandate_id)  # type: ignore[attr-defined]


class ProposeForm(forms.Form):
    """The first lines of a proposal: its title, its chapter, the idea it comes from."""

    title = forms.CharField(label="Titre de la proposition", max_length=240)
    chapter = Chosen("Chapitre", empty="À choisir plus tard")
    idea = Chosen(
        "Idée retenue d’où elle vient",
        empty="Aucune",
        help_text="Chacune des contributions de l’idée devient une de ses citations.",
    )

    def __init__(self, *args: Any, paper: WhitePaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chapter"].queryset = paper.chapters.all()  # type: ignore[attr-defined]
        retained = paper.ideas.filter(state=IdeaState.RETAINED).prefetch_related("proposals")
        self.fields["idea"].queryset = retained  # type: ignore[attr-defined]
        self.fields["idea"].label_from_instance = _with_proposals  # type: ignore[attr-defined]
        self.fields["chapter"].label_from_instance = str  # type: ignore[attr-defined]


def _with_proposals(idea: Idea) -> str:
    """An idea, and the numbers of the proposals already opened from it."""
    known = sorted(each.number for each in idea.proposals.all())
    which = "déjà les propositions" if known[1:] else "déjà la proposition"
    return f"{idea} ({which} {', '.join(map(str, known))})" if known else str(idea)


class ProposalForm(forms.Form):
    title = forms.CharField(label="Titre", max_length=240)
    chapter = Chosen("Chapitre", empty="À choisir plus tard")
    finding = forms.CharField(label="Constat", required=False, max_length=6000, widget=area(7))
    measure = forms.CharField(
        label="Mesure",
        required=False,
        max_length=6000,
        widget=area(7),
        help_text="Après une phrase, [1] dit qu’elle vient de la source 1\u00a0; une ligne par paragraphe.",
    )
    level = forms.ChoiceField(label="Niveau qui décide", choices=Level.choices)
    cost = forms.CharField(
        label="Coût",
        required=False,
        max_length=300,
        help_text="Vide\u00a0: le livre blanc dira «\u00a0non chiffré\u00a0».",
    )
    cost_source = forms.CharField(label="Source du coût", required=False, max_length=300)
    legal_vehicle = forms.CharField(
        label="Vecteur juridique",
        required=False,
        max_length=300,
        help_text="Par exemple loi de finances, décret, convention.",
    )
    indicator = forms.CharField(label="Indicateur", required=False, max_length=200)
    indicator_definition = forms.CharField(
        label="Définition de l’indicateur", required=False, max_length=1000, widget=area(2)
    )

    def __init__(self, *args: Any, paper: WhitePaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chapter"].queryset = paper.chapters.all()  # type: ignore[attr-defined]
        self.fields["chapter"].label_from_instance = str  # type: ignore[attr-defined]

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(**self.cleaned_data)


def chapter_initial(chapter: Chapter) -> dict[str, Any]:
    """Return what the form of a chapter shows of it."""
    return {"title": chapter.title, "introduction": chapter.introduction, "axis": chapter.axis_id}


def proposal_initial(proposal: Proposal) -> dict[str, Any]:
    """Return what the form of a proposal shows of it."""
    names = [name for name in ProposalForm.base_fields if name != "chapter"]
    return {"chapter": proposal.chapter_id, **{name: getattr(proposal, name) for name in names}}


class CiteForm(forms.Form):
    """What a proposal leans on: one list by kind, found among what the head reads."""

    source = forms.ChoiceField(label="Source")
    excerpt = forms.CharField(
        label="Mots de la contribution à citer",
        required=False,
        max_length=1000,
        widget=area(2),
        help_text="Pour une contribution seulement, recopiés tels quels. Vide\u00a0: toute sa proposition, si son auteur accepte d’être cité.",
    )

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", "Choisir"), *choices]  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        """Return what was typed."""
        kind, _, key = self.cleaned_data["source"].partition(":")
        return {"kind": kind, "key": int(key), "excerpt": self.cleaned_data["excerpt"]}


class FigureForm(forms.Form):
    label = forms.CharField(label="Ce qu’il compte", max_length=240)
    value = forms.CharField(label="Valeur", max_length=60)
    unit = forms.CharField(label="Unité", required=False, max_length=40)
    definition = forms.CharField(label="Définition", max_length=1000, widget=area(2))
    source = forms.CharField(label="Source", max_length=300)
    as_of = forms.DateField(label="À la date du", widget=DAY)

    def typed(self) -> Typed:
        """Return what was typed."""
        return Typed(**self.cleaned_data)


def figure_initial(figure: Figure) -> dict[str, Any]:
    """Return what the form of a figure shows of it."""
    return {name: getattr(figure, name) for name in FigureForm.base_fields}


class MeasureForm(forms.Form):
    measure = forms.ChoiceField(label="Chiffre calculé par Dentelle")

    def __init__(self, *args: Any, seat: NetworkSeat, today: date, taken: list[Figure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {each.measure for each in taken}
        found = [each for each in measures_of(seat, today) if each.code not in held]
        self.fields["measure"].choices = [("", "Choisir"), *((each.code, each.choice) for each in found)]  # type: ignore[attr-defined]


class UnsourcedForm(forms.Form):
    """Why sentences of a proposal stand without a source."""

    sentences = forms.MultipleChoiceField(
        label="Phrases dites sans source",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une phrase."},
    )
    because = forms.CharField(
        label="Dit sans source, parce que",
        max_length=300,
        widget=area(2),
        help_text="Ces mots s’impriment avec la proposition.",
    )

    def __init__(self, *args: Any, found: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sentences"].choices = [(text, text) for text in found]  # type: ignore[attr-defined]


class LeftOutForm(forms.Form):
    """Why an edition leaves contributions out: one reason for those that are checked."""

    contributions = forms.MultipleChoiceField(
        label="Contributions que cette édition ne reprend pas",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une contribution."},
    )
    because = forms.CharField(
        label="Pourquoi elles ne sont pas reprises",
        max_length=1500,
        widget=area(3),
        help_text="Chaque auteur lira ces mots à la publication.",
    )

    def __init__(self, *args: Any, found: Sequence[Contribution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributions"].choices = [(each.pk, _left_out(each)) for each in found]  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        """Return what was typed."""
        return {
            "keys": [int(each) for each in self.cleaned_data["contributions"]],
            "because": self.cleaned_data["because"],
        }


def _left_out(contribution: Contribution) -> str:
    told = (
        f" Raison donnée\u00a0: {shortened(contribution.left_out_because, 120)}"
        if contribution.left_out_because
        else ""
    )
    state = f"{contribution.structure.name}, {contribution.get_state_display()}"
    return f"{shortened(contribution.proposal, 160)} ({state}).{told}"


class CarryForm(forms.Form):
    to_whom = forms.CharField(label="À qui", max_length=200, help_text="Une institution, une fonction.")
    carried_on = forms.DateField(label="Le", widget=DAY)
    by_whom = forms.CharField(label="Par qui", required=False, max_length=200)


class AnswerForm(forms.Form):
    words = forms.CharField(label="Réponse", max_length=2000, widget=area(3))
    answered_on = forms.DateField(label="Reçue le", widget=DAY)
    outcome = forms.CharField(label="Ce qui en est sorti", required=False, max_length=2000, widget=area(3))


class FollowUpForm(forms.Form):
    state = forms.ChoiceField(label="Suite donnée", choices=FollowUpState.choices)
    on = forms.DateField(label="Le", widget=DAY)
    words = forms.CharField(label="Ce qui s’est passé", required=False, max_length=1500, widget=area(2))
    source = forms.CharField(label="Source", max_length=300, help_text="Texte, courrier, séance, article.")
