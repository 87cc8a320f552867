from django import forms

DAYS = (
    ("0", "lundi"),
    ("1", "mardi"),
    ("2", "mercredi"),
    ("3", "jeudi"),
    ("4", "vendredi"),
    ("5", "samedi"),
    ("6", "dimanche"),
)


class DaysForm(forms.Form):
    """The days of the e-mail; none at all is a choice."""

    days = forms.TypedMultipleChoiceField(
        label="Jours où vous voulez le recevoir",
        choices=DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun jour coché\u00a0: aucun récapitulatif. Les invitations et les liens d’accès partent toujours.",
    )
