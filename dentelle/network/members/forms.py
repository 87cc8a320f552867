from django import forms


class PublicForm(forms.Form):
    words = forms.CharField(
        label="Présentation du réseau",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Deux ou trois phrases, au-dessus de la liste.",
    )
