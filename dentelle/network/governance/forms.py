"""Thin forms: what is typed, read into what actions ask for. Choices come from ``access`` and ``queries``."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Structure
from dentelle.foundations.typed import WordsForm
from dentelle.network.governance import access, places
from dentelle.network.governance.actions.axes import Draft, Ruling
from dentelle.network.governance.actions.concerns import Words
from dentelle.network.governance.actions.offices import Place, check_days
from dentelle.network.governance.models import (
    VALIDATING,
    Axis,
    AxisVersion,
    BodyKind,
    Gender,
    Mandate,
    Office,
    OfficeRole,
    Session,
    Theme,
)
from dentelle.network.governance.queries import bodies as people
from dentelle.network.governance.refusals import GovernanceRefused

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
FILES = ".pdf,.docx,.xlsx,.ods,.txt,.csv"


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Chosen(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One object among those the person may read; its label is its name alone."""

    def __init__(self, label: str, *, required: bool = False, empty: str = "—", help_text: str = "") -> None:
        super().__init__(
            queryset=Mandate.objects.none(), label=label, required=required, empty_label=empty, help_text=help_text
        )

    def label_from_instance(self, obj: Model) -> str:
        return str(getattr(obj, "name", None) or getattr(obj, "full_name", None) or obj)


def _offer(form: forms.Form, **offers: QuerySet[Any]) -> None:
    for name, found in offers.items():
        form.fields[name].queryset = found  # type: ignore[attr-defined]


class ConcernForm(WordsForm):
    """The short form of an elected official: four boxes, one of them required."""

    text = forms.CharField(
        label="Qu’est-ce qui vous préoccupe",
        max_length=2000,
        widget=area(4),
        help_text="Une ou deux phrases suffisent, 2\u202f000 caractères au plus. Ne nommez personne.",
        error_messages={"required": "Écrivez votre préoccupation, même en une phrase."},
    )
    about = forms.ChoiceField(label="De quoi s’agit-il", required=False)
    where = forms.ChoiceField(label="Où", required=False)
    evidence = forms.CharField(
        label="Ce qui le montre",
        required=False,
        max_length=2000,
        widget=area(2),
        help_text="Un chiffre, un fait, une source, en 2\u202f000 caractères au plus\u00a0; le réseau s’appuiera dessus.",
    )
    shows_name = forms.BooleanField(label="Les autres membres du réseau peuvent voir mon nom", required=False)

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (
            "text",
            "evidence",
        ):  # a text too long is refused with its length: a browser would cut it and say nothing
            self.fields[name].widget.attrs.pop("maxlength", None)
        mandate = people.running_mandate(member, today)
        self.axes = {
            f"axe:{axis.pk}": axis for axis in _of(access.axes_visible_to(member), mandate).filter(closed_on=None)
        }
        self.themes = {f"theme:{theme.pk}": theme for theme in _of(access.themes_visible_to(member), mandate)}
        self.covered = places.covered_by(member, today)
        groups = [("Axes", [(key, axis.name) for key, axis in self.axes.items()])]
        groups.append(("Thèmes", [(key, theme.name) for key, theme in self.themes.items()]))
        about: Any = self.fields["about"]
        about.choices = [
            ("", "Je ne sais pas, la tête de réseau rangera"),
            *((name, each) for name, each in groups if each),
        ]
        where: Any = self.fields["where"]
        where.choices = places.choices(self.covered)

    def words(self) -> Words:
        """Return what was typed."""
        kept = self.cleaned_data
        return Words(
            text=kept["text"],
            places=[kept["where"]] if kept["where"] else self.covered,
            evidence=kept["evidence"],
            axis=self.axes.get(kept["about"]),
            theme=self.themes.get(kept["about"]),
            shows_name=kept["shows_name"],
        )


def _of(found: QuerySet[Any], mandate: Mandate | None) -> QuerySet[Any]:
    return found.filter(mandate=mandate) if mandate else found.none()


class ThemeForm(WordsForm):
    name = forms.CharField(label="Nom du thème", max_length=120)
    summary = forms.CharField(
        label="Ce que disent ensemble ses préoccupations",
        required=False,
        max_length=1000,
        widget=area(3),
        help_text="Avec vos mots\u00a0; chaque préoccupation garde les siens.",
    )


class GatherForm(WordsForm):
    """Under which theme: one that exists (its key), or a new one named here; never both, never the first by default."""

    NEW = "nouveau"
    theme = forms.CharField(label="De quoi parlent-elles", required=False, max_length=18)
    name = forms.CharField(label="Nom du nouveau thème", required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        kept: dict[str, Any] = super().clean() or self.cleaned_data
        theme, name = kept.get("theme", ""), " ".join(kept.get("name", "").split())
        chosen = int(theme) if theme.isascii() and theme.isdecimal() else None
        if chosen is not None and name:
            self.add_error("name", "Vous avez choisi un thème et nommé un nouveau\u00a0: gardez l’un des deux.")
        elif chosen is None and not name:
            field = "name" if theme == self.NEW else "theme"
            self.add_error(field, "Choisissez un thème, ou nommez-en un nouveau.")
        return {**kept, "theme": chosen, "name": name}


class ReasonForm(WordsForm):
    reason = forms.CharField(
        label="Pourquoi elle n’est pas retenue",
        max_length=1000,
        widget=area(2),
        help_text="Son auteur lira ces mots.",
        error_messages={"required": "Donnez la raison\u00a0: l’auteur la lira."},
    )


class EraseForm(forms.Form):
    """Words to mask in a concern; they may hold what no other form takes."""

    passages = forms.CharField(
        label="Mots à effacer",
        required=False,
        max_length=2000,
        widget=area(2),
        help_text="Comme ils sont écrits, un passage par ligne. Numéros, adresses, et noms après «\u00a0M.\u00a0» ou «\u00a0Mme\u00a0» sont effacés avec eux.",
    )


class AxisForm(WordsForm):
    """What an axis would say; ``reason`` is asked from its second version on."""

    name = forms.CharField(label="Nom de l’axe", max_length=160)
    statement = forms.CharField(label="Ce que le réseau veut", max_length=3000, widget=area(5))
    themes = forms.ModelMultipleChoiceField(
        queryset=Theme.objects.none(),
        label="Thèmes d’où il vient",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Les auteurs des préoccupations rangées là sauront que l’axe s’appuie sur elles.",
    )
    source = forms.CharField(
        label="Source",
        required=False,
        max_length=300,
        help_text="Si ces mots viennent d’ailleurs\u00a0: texte, date, page.",
    )
    proposed_on = forms.DateField(
        label="Proposé le",
        required=False,
        widget=DAY,
        help_text="Laissez vide pour aujourd’hui\u00a0; un autre jour si le réseau l’a proposé avant de l’écrire ici.",
    )
    reason = forms.CharField(
        label="Pourquoi l’axe change",
        required=False,
        max_length=1000,
        widget=area(2),
        help_text="Restera dans l’historique.",
    )

    def __init__(self, *args: Any, mandate: Mandate, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, themes=Theme.objects.filter(mandate=mandate))
        if again:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def draft(self) -> Draft:
        """Return what was typed."""
        kept = dict(self.cleaned_data)
        return Draft(
            kept["name"],
            kept["statement"],
            list(kept["themes"]),
            kept.get("reason", ""),
            kept["source"],
            kept["proposed_on"],
        )


class Renewed(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Axes of the former mandate, ticked."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class RenewalForm(forms.Form):
    """Which axes of the former mandate are proposed again."""

    axes = Renewed(
        queryset=Axis.objects.none(),
        label="Axes à reconduire",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un axe à reconduire."},
    )

    def __init__(self, *args: Any, offered: QuerySet[Axis], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, axes=offered)
        self.fields["axes"].initial = [axis.pk for axis in offered]


class DecisionOnAxisForm(WordsForm):
    """What a body decided of the version that awaits."""

    validated = forms.TypedChoiceField(
        label="Décision",
        choices=[("oui", "Validé"), ("non", "Non validé")],
        coerce=lambda typed: typed == "oui",
        widget=forms.RadioSelect,
    )
    body = Chosen("Instance qui a décidé", required=True, empty="Choisir")
    session = Chosen("Séance", empty="Aucune dans Dentelle")
    decided_on = forms.DateField(label="Date de la décision", widget=DAY)
    decision = forms.CharField(label="Mots ou référence de la décision", max_length=1000, widget=area(2))

    def __init__(self, *args: Any, seat: NetworkSeat, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = access.bodies_visible_to(seat).filter(kind__in=VALIDATING)
        _offer(
            self,
            body=able.filter(closed_on=None),
            session=Session.objects.filter(body__in=able, cancelled_at=None, starts_at__lte=at)
            .select_related("body")
            .order_by("-starts_at"),
        )


class RulingCorrectionForm(DecisionOnAxisForm):
    """What was written wrong of a decision on an axis; its outcome while nothing followed it."""

    reason = forms.CharField(
        label="Pourquoi la corriger",
        max_length=300,
        widget=area(2),
        help_text="Restera à côté de la décision, avec ce qui était écrit. Les auteurs qui l’avaient apprise liront la décision corrigée.",
    )

    def __init__(
        self, *args: Any, seat: NetworkSeat, at: datetime, version: AxisVersion, whole: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, seat=seat, at=at, **kwargs)
        self.version = version
        if version.body_id:  # it decided then, whatever became of it
            _keep_choice(self, "body", access.bodies_visible_to(seat).filter(pk=version.body_id))
        if not whole:
            del self.fields["validated"]

    @staticmethod
    def initial_of(version: AxisVersion) -> dict[str, Any]:
        """Return the decision as it is kept."""
        return {
            "validated": "oui" if version.validated else "non",
            "body": version.body_id,
            "session": version.session_id,
            "decided_on": version.decided_on,
            "decision": version.decision,
        }

    def ruling(self) -> Ruling:
        """Return the decision as it is typed."""
        kept = self.cleaned_data
        validated = kept.get("validated", self.version.validated is True)
        return Ruling(validated, kept["body"], kept["decided_on"], kept["decision"], kept["session"])


class MandateForm(WordsForm):
    name = forms.CharField(
        label="Nom du mandat", max_length=120, help_text="Par exemple «\u00a0Mandat 2026-2032\u00a0»."
    )
    starts_on = forms.DateField(label="Commence le", widget=DAY)


class HandoverForm(WordsForm):
    """The mandate that opens, its first day today or ahead; what becomes of each office is typed in the grid beside."""

    name = forms.CharField(label="Nom du nouveau mandat", max_length=120)
    starts_on = forms.DateField(
        label="Commence le",
        widget=DAY,
        help_text="Le mandat en cours et ses fonctions finissent la veille\u00a0; d’ici là, rien ne change.",
    )
    default_body = Chosen("Instance des lignes qui ne la disent pas", empty="Aucune\u00a0: chaque ligne la dit")
    lines = forms.CharField(
        label="Autres arrivées, collées depuis un tableur",
        required=False,
        max_length=100_000,
        widget=area(4),
        help_text="Une personne par ligne\u00a0: nom, fonction, instance, structure, mandat local, genre. Le nom est obligatoire, l’instance aussi si vous n’en choisissez pas une au-dessus\u00a0; sans fonction, la personne est membre.",
    )

    def __init__(self, *args: Any, seat: NetworkSeat, running: Mandate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.running = running
        _offer(self, default_body=access.bodies_visible_to(seat).filter(closed_on=None))

    def clean_starts_on(self) -> date:
        """Return the first day; one the running mandate cannot be followed on is told with whatever else is wrong."""
        starts_on: date = self.cleaned_data["starts_on"]
        try:
            check_days(self.running, starts_on, starts_on - timedelta(days=1))
        except GovernanceRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return starts_on


class ClosingForm(WordsForm):
    ends_on = forms.DateField(label="Dernier jour", widget=DAY)


class BodyForm(WordsForm):
    """What a body is."""

    kind = forms.ChoiceField(label="Nature", choices=BodyKind.choices)
    name = forms.CharField(label="Nom", max_length=160)
    purpose = forms.CharField(label="Objet", required=False, max_length=1000, widget=area(2))
    axis = Chosen("Axe travaillé", empty="Aucun en particulier", help_text="Pour un groupe de travail.")
    places = forms.CharField(
        label="Territoire",
        required=False,
        max_length=2000,
        widget=area(2),
        help_text="Pour un comité local ou départemental\u00a0: un lieu par ligne, «\u00a0Deux-Sèvres\u00a0», «\u00a0CA du Bocage Bressuirais\u00a0» ou son code, «\u00a0epci:200040244\u00a0».",
    )

    def __init__(self, *args: Any, seat: NetworkSeat, today: date, kept: Axis | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = people.running_mandate(seat, today)
        offered = _of(access.axes_visible_to(seat), running).filter(closed_on=None)
        if kept is not None:  # a group goes on with the axis it has, whatever became of its mandate
            offered = offered | access.axes_visible_to(seat).filter(pk=kept.pk)
        _offer(self, axis=offered)

    def clean_places(self) -> list[str]:
        """Return KIND:CODE for each place typed; what cannot be read is told with what it could be."""
        try:
            return places.read(self.cleaned_data["places"], "places")
        except GovernanceRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class OfficeForm(WordsForm):
    """A place somebody takes."""

    full_name = forms.CharField(label="Prénom et nom", max_length=150)
    elected_as = forms.CharField(
        label="Mandat local", required=False, max_length=160, help_text="Par exemple «\u00a0maire de Bressuire\u00a0»."
    )
    role = forms.ChoiceField(label="Fonction", choices=OfficeRole.choices, initial=OfficeRole.MEMBER)
    body = Chosen("Instance", empty="Aucune en particulier (élu référent seulement)")
    structure = Chosen("Structure membre", empty="Aucune")
    gender = forms.ChoiceField(
        label="Genre",
        choices=[("", "Non renseigné"), *Gender.choices],
        required=False,
        help_text="Facultatif\u00a0; ne sert qu’à compter l’équilibre des instances.",
    )
    user = Chosen("Compte dans Dentelle", empty="Aucun")
    starts_on = forms.DateField(label="Depuis le", widget=DAY)

    def __init__(self, *args: Any, seat: NetworkSeat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(
            self,
            body=access.bodies_visible_to(seat).filter(closed_on=None),
            structure=people.structures_of(seat),
            user=people.people_of(seat),
        )

    def place(self) -> Place:
        """Return what was typed, without its date."""
        kept = self.cleaned_data
        return Place(
            kept["full_name"],
            kept["role"],
            kept.get("body"),
            kept["structure"],
            kept["user"],
            kept["elected_as"],
            kept["gender"],
        )


class OfficeCorrectionForm(OfficeForm):
    """What was written wrong of an office; who changes body ends one office and takes another."""

    def __init__(self, *args: Any, seat: NetworkSeat, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, seat=seat, **kwargs)
        del self.fields["body"]
        if office.structure_id:  # those the office already has stay choosable, whatever became of them
            _keep_choice(self, "structure", Structure.objects.filter(pk=office.structure_id))
        if office.user_id:
            _keep_choice(self, "user", User.objects.filter(pk=office.user_id))

    @staticmethod
    def initial_of(office: Office) -> dict[str, Any]:
        """Return the office as it is kept."""
        names = ("full_name", "elected_as", "role", "structure", "gender", "user", "starts_on")
        return {name: getattr(office, f"{name}_id" if name in {"structure", "user"} else name) for name in names}


def _keep_choice(form: forms.Form, name: str, also: QuerySet[Any]) -> None:
    chosen: Any = form.fields[name]
    model = also.model
    chosen.queryset = model._default_manager.filter(
        Q(pk__in=chosen.queryset.values("pk")) | Q(pk__in=also.values("pk"))
    ).order_by("full_name" if name == "user" else "name")


class CancelForm(WordsForm):
    """Why a session will not be, or was not, held."""

    reason = forms.CharField(
        label="Pourquoi elle est annulée",
        max_length=300,
        widget=area(2),
        help_text="Ceux que la séance réunit la liront.",
        error_messages={"required": "Donnez la raison\u00a0: ceux que la séance réunit la liront."},
    )


class SessionForm(WordsForm):
    """When and where a body meets."""

    starts_at = forms.DateTimeField(label="Date et heure", widget=MOMENT)
    place = forms.CharField(label="Lieu, ou adresse de la visioconférence", required=False, max_length=200)


class ItemForm(WordsForm):
    """A point of an agenda; ``offered``: the axes it may have decided, whose name then makes its title."""

    version = forms.TypedChoiceField(label="Axe à faire valider", required=False, coerce=int, empty_value=None)
    title = forms.CharField(label="Intitulé du point", max_length=200)

    def __init__(self, *args: Any, offered: Sequence[AxisVersion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offered:
            del self.fields["version"]
            return
        version: Any = self.fields["version"]
        version.choices = [("", "Aucun"), *((each.pk, each.name) for each in offered)]
        self.fields["title"].required = False
        self.fields["title"].help_text = "Le nom de l’axe à faire valider sinon."


class NotesForm(WordsForm):
    notes = forms.CharField(label="Ce qui a été dit", max_length=3000, widget=area(3), required=False)


class GuestForm(WordsForm):
    """Somebody who came to a session without sitting in its body."""

    full_name = forms.CharField(label="Prénom et nom", max_length=150)
    function = forms.CharField(
        label="Fonction", required=False, max_length=160, help_text="Par exemple «\u00a0directrice de l’agence\u00a0»."
    )


class MandateCorrectionForm(WordsForm):
    """What was written wrong of a mandate; ``ends_on`` for one that no other follows."""

    name = forms.CharField(label="Nom du mandat", max_length=120)
    starts_on = forms.DateField(
        label="Commence le", widget=DAY, help_text="Le mandat qui précède finit la veille\u00a0; les fonctions suivent."
    )
    ends_on = forms.DateField(label="Finit le", widget=DAY)
    reason = forms.CharField(
        label="Pourquoi le corriger",
        max_length=300,
        widget=area(2),
        help_text="Restera à côté du mandat, avec ce qui était écrit.",
    )

    def __init__(self, *args: Any, mandate: Mandate, followed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if followed or mandate.ends_on is None:
            del self.fields["ends_on"]

    @staticmethod
    def initial_of(mandate: Mandate) -> dict[str, Any]:
        """Return the mandate as it is kept."""
        return {name: getattr(mandate, name) for name in ("name", "starts_on", "ends_on")}


class DecisionForm(WordsForm):
    text = forms.CharField(label="Décision", max_length=1000, widget=area(2))


class DocumentForm(WordsForm):
    title = forms.CharField(label="Intitulé", required=False, max_length=160, help_text="Le nom du fichier sinon.")
    file = forms.FileField(
        label="Fichier",
        help_text="PDF, Word, tableur ou texte, 20\u00a0Mo au plus.",
        widget=forms.FileInput(attrs={"accept": FILES}),
    )
