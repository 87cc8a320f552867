from django import forms


class CompositionForm(forms.Form):
    """What a territory is made of: places already picked come beside (``partie``), others are pasted here."""

    pasted = forms.CharField(
        label="Communes ou intercommunalités à ajouter",
        help_text="Une par ligne : un code de commune, un nom, ou le SIREN d’une intercommunalité. Un copier-coller de tableur convient.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        max_length=100_000,
    )


class SaveForm(CompositionForm):
    """A new territory."""

    name = forms.CharField(label="Nom du territoire", help_text="Comme vos membres l’appellent.", max_length=120)
    field_order = ["name", "pasted", "reason"]
    reason = forms.CharField(
        label="Pourquoi ce périmètre",
        help_text="Restera dans l’historique : délibération, convention, date.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )


class ReviseForm(forms.Form):
    """A new version of a territory: the whole list, as it must be from now on."""

    pasted = forms.CharField(
        label="Ce que contient le territoire",
        help_text="Une commune, une intercommunalité, un département… par ligne ; retirez ou ajoutez des lignes.",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        max_length=100_000,
    )
    reason = forms.CharField(
        label="Pourquoi ce changement",
        help_text="Restera dans l’historique : commune qui rejoint ou quitte, délibération, convention.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )
