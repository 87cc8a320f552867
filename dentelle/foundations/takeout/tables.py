"""What leaves, table by table and column by column, read from the models. A consistency test knows every omission."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, JSONField, ManyToManyField, Model, Q

# Tables that stay, and why.
LEFT_OUT = {
    "organisations.NetworkSeat": "les sièges du réseau sont au réseau",
    "directory.Seat": "les comptes des personnes extérieures sont à elles, et servent à toutes les structures",
    "search.SearchEntry": "index de recherche\u00a0: se refait à partir des fiches",
    "search.SearchText": "index de recherche\u00a0: se refait à partir des fiches",
    "tour.CalendarFeed": "adresse secrète de l’agenda d’une personne\u00a0: elle ne vaut que dans cette installation",
    "practices.PracticeTag": "tri des fiches\u00a0: se refait à partir de leur contenu",
    "surveys.Questionnaire": "les questionnaires sont au réseau",
    "surveys.Question": "les questionnaires sont au réseau",
    "surveys.Campaign": "les campagnes sont au réseau",
    "jobs.DutyRun": "passages de l’horloge de l’installation",
    "sent_forms.SentForm": "garde-fou technique gardé deux jours",
    "tokens.SentRequest": "garde-fou technique gardé deux jours",
    "digests.Digest": "courriels de rappel d’une personne, qui agit peut-être pour plusieurs structures",
    "digests.DigestPreference": "préférence d’une personne, la même pour toutes ses structures",
    **dict.fromkeys(
        (
            "library.LibraryItem",
            "library.PathStep",
            "members.PublicDirectory",
            "governance.Mandate",
            "governance.Body",
            "governance.Office",
            "governance.Theme",
            "governance.Axis",
            "governance.AxisVersion",
            "governance.Session",
            "governance.AgendaItem",
            "governance.Attendance",
            "governance.Attendee",
            "governance.Decision",
            "governance.SessionDocument",
            "governance.Erratum",
            "advocacy.WhitePaper",
            "advocacy.Call",
            "advocacy.Chapter",
            "advocacy.Idea",
            "advocacy.Discussion",
            "advocacy.Proposal",
            "advocacy.Figure",
            "advocacy.Citation",
            "advocacy.Edition",
            "advocacy.Carried",
            "advocacy.FollowUp",
            "tour.Tour",
            "tour.Stage",
            "tour.StageCorrection",
            "tour.ProgrammeItem",
            "tour.StageDocument",
            "tour.Finding",
        ),
        "la vie du réseau est au réseau\u00a0; les préoccupations, les contributions et les besoins écrits pour la structure partent",
    ),
    "library.StepDone": "repères d’une personne, lus d’elle seule",
    "mail.Message": "courriels partis\u00a0: ils contiennent des liens secrets\u00a0; le journal dit qu’ils sont partis",
}
# Columns that stay, and why.
SECRET = "empreinte d’un secret"  # noqa: S105 (the reason, not a secret)
HIDDEN = {
    ("accounts.User", "password"): SECRET,
    ("accounts.User", "last_login"): "habitudes d’une personne",
    ("accounts.User", "is_active"): "état du compte, qui sert à d’autres structures",
    ("accounts.User", "created_at"): "histoire du compte, qui sert à d’autres structures",
    ("invitations.Invitation", "token_hash"): SECRET,
    ("invitations.MagicLink", "token_hash"): SECRET,
    ("clauses.CalibrationShare", "token_hash"): SECRET,
    ("tokens.ApiToken", "token_hash"): SECRET,
    ("documents.StoredFile", "path"): "emplacement sur le serveur\u00a0; package_path dit où est le fichier ici",
    ("clauses.Calibration", "search_text"): "index de recherche\u00a0: se refait à partir de la fiche",
    ("plans.PlanLine", "search_text"): "index de recherche\u00a0: se refait à partir de la ligne",
    ("directory.Organisation", "sort_name"): "clé de tri\u00a0: se refait à partir du nom",
}
# Shared by several structures: only the rows that the structure's own speak of.
SHARED = ("accounts.User", "organisations.Network", "organisations.Structure", "directory.Organisation")
# What a structure reads of the others it works with, and of people who are not its members.
ONLY_NAMED = {"accounts.User": ("id", "full_name"), "organisations.Structure": ("id", "name")}
# Rows owned otherwise than by their own « structure » alone.
OWNERS = {"contracts.Association": ("structure", "contract__structure")}
# Rows of a shared table's row.
FOLLOW = {"directory.OrganisationKind": "organisation"}
# May name a row that belongs to another structure, and therefore is not here.
LOOSE = {
    ("contracts.Association", "contract"),
    ("agreements.Agreement", "framework"),
    ("practices.Replication", "practice"),
    ("advocacy.ContributionSource", "practice"),
    ("advocacy.ContributionSource", "concern"),
    ("advocacy.ContributionSource", "finding"),
}
FILES = "documents.StoredFile"
PACKAGE_PATH = "package_path"

_TYPES = {
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "number",
}


@dataclass(frozen=True, slots=True)
class Column:
    """``kind`` is a type of Frictionless Table Schema; ``refers`` the table whose key it holds, when that table leaves too."""

    name: str
    kind: str
    title: str
    required: bool
    choices: tuple[str, ...] = ()
    most: int | None = None
    refers: str = ""
    form: str = ""

    def descriptor(self) -> dict[str, Any]:
        """Return the field of the schema."""
        said: dict[str, Any] = {"name": self.name, "title": self.title, "type": self.kind}
        if self.form:
            said["format"] = self.form
        limits: dict[str, Any] = {"required": True} if self.required else {}
        if self.choices:
            limits["enum"] = list(self.choices)
        if self.most:
            limits["maxLength"] = self.most + 1  # the apostrophe before what looks like a formula
        return said | ({"constraints": limits} if limits else {})


@dataclass(frozen=True, slots=True)
class Table:
    """One model, or one many-to-many relation (``link``), as it leaves."""

    name: str
    title: str
    label: str
    model: type[Model]
    columns: tuple[Column, ...]
    key: str

    @property
    def shared(self) -> bool:
        """Whether only the rows spoken of leave."""
        return self.label in SHARED or self.label in FOLLOW

    def owned_by(self, structure_pk: int) -> Q:
        """Return which rows are the structure's."""
        owned = Q(pk__in=())
        for path in OWNERS.get(self.label, ("structure",)):
            owned |= Q(**{f"{path}_id": structure_pk})
        return owned


def hidden_columns(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """Return the columns of a leaving model that stay, with the reason of each."""
    return tuple((name, reason) for (label, name), reason in HIDDEN.items() if label == model._meta.label)


def own_models() -> list[type[Model]]:
    """Return every model of the house, in the order of its apps."""
    return [model for model in apps.get_models() if model.__module__.startswith("dentelle.")]


def owned(model: type[Model]) -> bool:
    """Say whether each row of a model carries its structure."""
    return any(field.name == "structure" for field in model._meta.concrete_fields)


def tables() -> tuple[Table, ...]:
    """Return what leaves: tables of the structure first, then the shared ones they speak of."""
    leaving = [model for model in own_models() if owned(model) and model._meta.label not in LEFT_OUT]
    found = [_table(model) for model in leaving]
    found += [_link(model, field) for model in leaving for field in model._meta.many_to_many]
    shared = [model for model in own_models() if model._meta.label in (*SHARED, *FOLLOW)]
    return tuple(found + [_table(model) for model in shared])


def _table(model: type[Model]) -> Table:
    label = model._meta.label
    columns = [_column(label, field) for field in model._meta.concrete_fields if (label, field.name) not in HIDDEN]
    if label == FILES:
        columns.append(Column(PACKAGE_PATH, "string", "place du fichier dans cet export", required=False))
    key = str(model._meta.pk.attname)
    return Table(model._meta.db_table, str(model._meta.verbose_name_plural), label, model, tuple(columns), key)


def _link(model: type[Model], field: ManyToManyField[Any, Any]) -> Table:
    through = field.remote_field.through
    if through is None:
        raise TypeError(f"{field} has no table of its own")
    columns = tuple(_column(through._meta.label, each) for each in through._meta.concrete_fields)
    title = f"{model._meta.verbose_name_plural}\u00a0: {field.verbose_name}"
    return Table(through._meta.db_table, title, through._meta.label, through, columns, "id")


def _column(label: str, field: Field[Any, Any]) -> Column:
    named = ONLY_NAMED.get(label)
    title = "clé" if field.primary_key and field.auto_created else str(field.verbose_name)
    if isinstance(field, ForeignKey):
        target = field.remote_field.model
        loose = (label, field.name) in LOOSE or target._meta.label in LEFT_OUT
        kind, form = _kind(field.target_field)
        refers = "" if loose else str(target._meta.db_table)
        return Column(field.attname, kind, title, required=not field.null and named is None, refers=refers, form=form)
    kind, form = _kind(field)
    choices = tuple(str(value) for value, _ in field.flatchoices if value != "") if kind == "string" else ()
    return Column(
        field.attname,
        kind,
        title,
        # an empty text is written as nothing: only other kinds of values are always there
        required=not field.null and kind not in {"string", "any"} and (named is None or field.name in named),
        choices=choices if named is None else (),
        most=field.max_length if kind == "string" and not choices and not form else None,
        form=form,
    )


def _kind(field: Field[Any, Any]) -> tuple[str, str]:
    if isinstance(field, JSONField):
        return ("array" if field.default is list else "object" if field.default is dict else "any"), ""
    inner = field.get_internal_type()
    if inner == "UUIDField":
        return "string", "uuid"
    if "Integer" in inner or "AutoField" in inner:
        return "integer", ""
    return _TYPES.get(inner, "string"), ""
