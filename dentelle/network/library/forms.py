from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.typed import WordsForm
from dentelle.network.library import access
from dentelle.network.library.access import Viewer
from dentelle.network.library.actions import Content
from dentelle.network.library.models import ItemKind, LibraryItem

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
EVERY = 12


class Owner(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class ItemForm(WordsForm):
    """An item of the library; its owner is chosen by the head of the network alone."""

    kind = forms.ChoiceField(label="Nature", choices=ItemKind.choices)
    title = forms.CharField(label="Titre", max_length=160)
    summary = forms.CharField(label="En une phrase", required=False, max_length=300)
    words = forms.CharField(
        label="Texte", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="La définition, le guide lui-même, ou ce qu’on trouvera dans le fichier.",
    )  # fmt: skip
    link = forms.URLField(label="Adresse", required=False, max_length=500, assume_scheme="https")
    file = forms.FileField(
        label="Fichier", required=False, help_text="PDF, Word, tableur ou texte, 20\u00a0Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.ods,.txt,.csv"}),
    )  # fmt: skip
    source = forms.CharField(
        label="Source", required=False, max_length=300, help_text="D’où viennent ces mots, s’ils viennent d’ailleurs."
    )
    held_on = forms.DateField(label="Date, pour un webinaire", required=False, widget=DAY)
    owner = Owner(queryset=User.objects.none(), label="Tenu à jour par", empty_label="Choisir")
    up_to_date_on = forms.DateField(label="À jour au", widget=DAY)
    review_months = forms.IntegerField(
        label="À relire tous les",
        min_value=1,
        max_value=60,
        initial=EVERY,
        help_text="En mois\u00a0; la personne qui en répond sera appelée.",
    )

    def __init__(self, *args: Any, viewer: Viewer, item: LibraryItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        owner: Any = self.fields["owner"]
        owner.queryset = access.owners_of(access.network_of(viewer))
        if not access.may_run(viewer):
            del self.fields["owner"]

    @staticmethod
    def initial_of(item: LibraryItem) -> dict[str, Any]:
        """Return what an item holds; its file by its name and its moment, so that another of the same name is told from it."""
        kept = {name: getattr(item, name) for name in ItemForm.base_fields if name not in {"file", "owner"}}
        file = f"{item.file.name}, {timezone.localtime(item.file.created_at):%d/%m/%Y %H:%M:%S}" if item.file else None
        return {**kept, "owner": item.owner_id, "file": file}

    def content(self) -> Content:
        """Return what was typed; the owner stays when the form does not ask, the file when none is sent."""
        kept = dict(self.cleaned_data)
        sent = kept.pop("file", None)
        upload: UploadedFile[bytes] | None = sent if isinstance(sent, UploadedFile) else None
        owner = kept.pop("owner", None) or (self.item.owner if self.item else None)
        if owner is None:
            raise ValueError("an item has an owner")
        return Content(**kept, owner=owner, upload=upload)
