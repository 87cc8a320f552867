"""What is typed in a form, checked the same way everywhere: a social security number is refused at its field, never kept."""

import re

from django import forms

from dentelle.rules.disclosure import looks_like_nir

NIR_REFUSED = "Ce texte contient ce qui ressemble à un numéro de sécurité sociale\u00a0: enlevez-le."
_ADDRESS = re.compile(r"https?://\S+")  # of a page: it may hold a long number


def holds_nir(text: str) -> bool:
    """Say whether free text holds what may be a social security number, addresses of pages left aside.

    >>> holds_nir("Mme Dupont 2 85 07 79 002 001 54"), holds_nir("https://visio.example/1234567890123")
    (True, False)
    """
    return looks_like_nir(_ADDRESS.sub(" ", text))


class WordsForm(forms.Form):
    """A form whose free text holds no social security number; addresses and numbers asked as such are left."""

    def full_clean(self) -> None:
        """Clean as any form does, then refuse at its field every text that may hold one."""
        super().full_clean()
        if not self.is_bound:
            return
        for name, field in self.fields.items():
            free = isinstance(field, forms.CharField) and not isinstance(field, forms.URLField)
            if free and field.widget.attrs.get("inputmode") != "numeric" and holds_nir(str(self[name].data or "")):
                self.add_error(name, NIR_REFUSED)
