"""The field of a form that names an organisation: its SIRET, or its name chosen among those of the directory."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

LONGEST = 200


class OrganisationInput(forms.TextInput):
    """A line whose browser proposes, while one types, the organisations that answer, and tells whose number is typed."""

    def __init__(self, kind: str = "") -> None:
        super().__init__({"autocomplete": "off"})
        self.kind = kind

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The input with its list, which htmx fills."""
        known = attrs or {}
        field = known.get("id", f"id_{name}")
        line = super().render(name, value, {**known, "list": f"{field}-known"}, renderer)
        return format_html(
            '{line}<datalist id="{field}-known" hx-get="{url}?champ={name}&amp;nature={kind}&amp;ou={field}"'
            ' hx-trigger="input changed delay:200ms from:#{field}" hx-include="#{field}"></datalist>'
            '<p class="form-text" id="{field}-recognised" role="status"></p>',
            line=line,
            field=field,
            url=reverse_lazy("directory:options"),
            name=name,
            kind=self.kind,
        )


def organisation_field(
    label: str,
    *,
    kind: str = "",
    required: bool = False,
    help_text: str = "Son SIRET, ou son nom s’il est à l’annuaire.",
) -> forms.CharField:
    """An organisation by its SIRET or its name; ``kind`` puts forward those of one kind."""
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, help_text=help_text, widget=OrganisationInput(kind)
    )
