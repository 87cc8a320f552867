"""What an act of the page of a contract is, and what it is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.companies import organisation_of
from dentelle.thread.contracts.forms.acts import ActForm
from dentelle.thread.contracts.queries import ContractSheet
from dentelle.thread.contracts.states import is_open, is_signed


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks for an act, with a form that is valid."""

    actor: Membership
    form: Any
    at: datetime
    site: str = ""  # what addresses sent by e-mail begin with

    @property
    def given(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data)

    @property
    def lock(self) -> dict[str, Any]:
        """What every action takes to refuse a change made from an older page."""
        return {"expected_revision": self.form.cleaned_data["revision"], "at": self.at}

    @property
    def pk(self) -> int:
        return int(self.form.sheet.contract.pk)

    def only(self, *names: str) -> dict[str, Any]:
        """Return some of the fields as they are."""
        return {name: self.form.cleaned_data[name] for name in names}

    def company(self) -> Organisation:
        """Return the company of the SIRET typed, made when the directory does not know it."""
        typed = self.form.cleaned_data
        return organisation_of(self.actor, typed["siret"], name=typed["name"], kind=Kind.COMPANY, at=self.at)


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the last part of its address, the words of its page, its form, what it runs.

    ``in_menu`` False: reached from the line it changes. ``even_closed``: possible on a contract that is over.
    ``before_signing``: of no use once the contract is signed.
    """

    code: str
    title: str
    button: str
    done: str
    form: type[ActForm]
    run: Callable[[Asked], object | None]
    in_menu: bool = True
    even_closed: bool = False
    before_signing: bool = False

    def is_offered(self, sheet: ContractSheet, role: str) -> bool:
        """Say whether the contract gives something to act on now."""
        if not self.in_menu or not (self.even_closed or is_open(sheet.contract.state)):
            return False
        if self.before_signing and is_signed(sheet.contract.state):
            return False
        return self.form.always_offered or not self.form(sheet=sheet, role=role).nothing_to_do
