"""What every model keeps to."""

import importlib
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from dentelle.foundations.organisations.models import Structure

# Labels Django or a library already has, and what ours is called instead.
LABELS = {"dentelle.foundations.messages": "mail"}
MODELS = [model for model in apps.get_models() if model.__module__.startswith("dentelle.")]

# Rows that belong to no structure, and why.
NOT_OWNED = {
    "User": "a person may act for several structures",
    "Network": "holds the structures",
    "Structure": "is the structure",
    "Organisation": "shared by SIRET: a public identity, the same for every structure",
    "OrganisationKind": "what a shared organisation is",
    "Seat": "an outside person acts for a shared organisation",
    "NetworkSeat": "acts for the network",
    "SearchEntry": "says in its scopes who may find it",
    "SearchText": "the same",
    "Questionnaire": "the head of a network asks",
    "Question": "the same",
    "Campaign": "the same",
    "DigestPreference": "a person chooses once, whatever they act for",
    "Digest": "one e-mail a day for all a person acts for",
    **dict.fromkeys(
        (
            "LibraryItem",
            "PathStep",
            "PublicDirectory",
            "Mandate",
            "Body",
            "Theme",
            "Axis",
            "AxisVersion",
            "Session",
            "AgendaItem",
            "Attendance",
            "Decision",
            "SessionDocument",
            "WhitePaper",
            "Call",
            "Chapter",
            "Idea",
            "Discussion",
            "Proposal",
            "Figure",
            "Citation",
            "Edition",
            "Carried",
            "FollowUp",
            "Tour",
            "Stage",
            "ProgrammeItem",
            "StageCorrection",
            "StageDocument",
            "Finding",
            "Erratum",
        ),
        "is the network's: kept by its head, read by its people",
    ),
    "CalendarFeed": "is of a place in a structure, or of a seat at the head of a network, and dies with it",
    "DutyRun": "the clock serves the whole installation",
}


def ids(model):
    return model.__name__


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(said.getvalue())
    assert "No changes detected" in said.getvalue() or "Aucun changement" in said.getvalue()


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_every_owned_row_carries_its_structure(model):
    owners = [field.name for field in model._meta.get_fields() if getattr(field, "remote_field", None)]
    if model.__name__ in NOT_OWNED:
        return
    assert "structure" in owners, f"{model.__name__} needs a structure, or a reason in NOT_OWNED"
    assert model._meta.get_field("structure").related_model is Structure


def test_the_exceptions_are_models_that_exist():
    assert set(NOT_OWNED) <= {model.__name__ for model in MODELS}


def is_lower_case(name):
    """« adresse électronique », « code CPV », « SIRET de l’acheteur »: a first word in capitals is an acronym."""
    first = str(name).split(" ")[0].split("’")[0]
    return first[:1].islower() or first.isupper() or first[:1].isdigit()


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_names_shown_are_french_and_lower_case(model):
    own = [field for field in model._meta.local_fields if not field.auto_created]
    inherited = {
        field.name
        for base in model.__mro__
        if base.__module__.startswith("django.") and hasattr(base, "_meta")
        for field in base._meta.fields
    }
    shown = {field.name: field.verbose_name for field in own if field.name not in inherited}
    shown |= {"verbose_name": model._meta.verbose_name, "verbose_name_plural": model._meta.verbose_name_plural}
    assert {field: name for field, name in shown.items() if not is_lower_case(name)} == {}
    # Django's own default would be the English name of the field
    defaults = {field.name.replace("_", " ") for field in own if "_" in field.name}
    assert {name for name in shown.values() if name in defaults} == set()


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_every_model_says_how_it_is_read(model):
    assert "__str__" in vars(model), f"{model.__name__} needs a __str__"


def test_every_room_says_what_comes_in_and_what_goes_out():
    for config in apps.get_app_configs():
        if config.name.startswith("dentelle."):
            words = importlib.import_module(config.name).__doc__ or ""
            assert "In:" in words, f"{config.name}: say what comes in (In: …)"
            assert "Out:" in words, f"{config.name}: say what goes out (Out: …)"
            assert config.label == LABELS.get(config.name, config.name.rpartition(".")[2])


def test_constraints_are_named_by_what_they_say():
    for model in MODELS:
        for constraint in model._meta.constraints:
            assert isinstance(constraint, models.BaseConstraint)
            assert constraint.name
            assert not constraint.name.startswith(model._meta.db_table), constraint.name
