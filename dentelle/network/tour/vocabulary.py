"""The closed lists of the Tour: code → word on screen. Codes are kept, words may be changed."""

from django.db import models

from dentelle.network.practices.vocabulary import THEMES

__all__ = ["THEMES", "Audience", "Corrected", "RegistrationState", "StageState", "Stakeholder"]


class Stakeholder(models.TextChoices):
    """Those who meet the social clause, each from their side."""

    BUYER = "buyer", "acheteur, donneur d’ordre"
    FACILITATOR = "facilitator", "facilitateur, facilitatrice"
    PLIE_MDE = "plie_mde", "PLIE, maison de l’emploi"
    SIAE = "siae", "structure d’insertion"
    COMPANY = "company", "entreprise"
    TRAINING = "training", "organisme de formation"
    EMPLOYMENT_SERVICE = "employment_service", "service public de l’emploi"
    INHABITANTS = "inhabitants", "habitants"
    OFFICIAL = "official", "élu, élue"
    OTHER = "other", "autre"


class StageState(models.TextChoices):
    """``KNOWN``: a stage of former years that only the press told; read as such, until its head says who came."""

    DRAFT = "draft", "en préparation"
    KNOWN = "known", "connue par la presse"
    ANNOUNCED = "announced", "annoncée"
    HELD = "held", "tenue"
    REPORTED = "reported", "racontée"
    CANCELLED = "cancelled", "annulée"


class RegistrationState(models.TextChoices):
    CONFIRMED = "confirmed", "inscrit ou inscrite"
    WAITING = "waiting", "sur liste d’attente"
    CANCELLED = "cancelled", "désinscrit ou désinscrite"


class Audience(models.TextChoices):
    """Who may open a document of a stage, or read the stage itself (``HEAD`` for documents alone)."""

    PUBLIC = "public", "tout le monde"
    MEMBERS = "members", "les membres du réseau"
    HEAD = "head", "la tête de réseau seulement"


class Corrected(models.TextChoices):
    """What may be corrected of a stage that took place; the last three once it is told, before that they are simply written."""

    TITLE = "title", "titre"
    SUMMARY = "summary", "présentation"
    DAY = "day", "jour"
    HOURS = "hours", "heures"
    PLACE = "place", "lieu"
    ADDRESS = "address", "adresse"
    HOST = "host", "structure qui accueille"
    LESSONS = "lessons", "ce que l’étape a appris"
    PROGRAMME = "programme", "programme"
    FINDING = "finding", "constat"
