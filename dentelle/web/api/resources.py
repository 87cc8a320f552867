"""What the API shows of organisations, operations, contracts and obligations. Field names are those of the tables."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from dentelle.foundations.directory.models import Organisation
from dentelle.thread.contracts.models import (
    Amendment,
    Contract,
    FrameworkOrder,
    Holder,
    Lot,
    Obligation,
    Operation,
    PenaltyForm,
    Subcontract,
)
from dentelle.web.api.fields import said

KEY = "clé dans Dentelle"
TEN_THOUSANDTHS = "en dix-millièmes\u00a0: 500 = 5\u00a0%"


class OrganisationShown(BaseModel):
    """organisation : acheteur, entreprise, structure d’insertion…, une fiche par SIRET"""

    id: int = Field(description=KEY)
    siret: str | None = Field(description="SIRET, 14 chiffres\u00a0; null quand seul le SIREN est connu")
    siren: str = Field(description="SIREN, 9 chiffres")
    name: str = Field(description=said(Organisation, "name"))
    kinds: list[str] = Field(description="natures d’aujourd’hui (buyer, company, siae_ei…)")
    legal_category: str = Field(description=said(Organisation, "legal_category"))
    commune_code: str = Field(description=said(Organisation, "commune_code", "Insee"))
    address: str = Field(description=said(Organisation, "address"))
    name_source: str = Field(description=said(Organisation, "name_source"))
    created_at: datetime = Field(description=said(Organisation, "created_at"))
    updated_at: datetime = Field(description=said(Organisation, "updated_at"))


class OrganisationNamed(BaseModel):
    """organisation, telle qu’un contrat la cite"""

    id: int = Field(description=KEY)
    siret: str | None = Field(description="SIRET\u00a0; null quand seul le SIREN est connu")
    siren: str = Field(description="SIREN")
    name: str = Field(description=said(Organisation, "name"))


class OperationShown(BaseModel):
    """opération : un site ou un projet qui réunit des contrats"""

    id: int = Field(description=KEY)
    name: str = Field(description=said(Operation, "name"))
    programme: str = Field(description=said(Operation, "programme", "none, npnru, gup, other"))
    programme_name: str = Field(description=said(Operation, "programme_name"))
    neighbourhoods: list[str] = Field(description=said(Operation, "neighbourhoods", "codes, comme QN03501M"))
    site: str = Field(description=said(Operation, "site"))
    created_at: datetime = Field(description=said(Operation, "created_at", "une opération ne change pas ensuite"))


class DueShown(BaseModel):
    """ce qui est dû dans un compteur ; des heures de natures différentes ne s’additionnent jamais"""

    counts: str = Field(description="compteur\u00a0: insertion_hours, internship_hours, protected_sector_hours")
    owed_minutes: int = Field(description="dû aujourd’hui, en minutes")
    optional_minutes: int = Field(description="pas encore dû, tranches non affermies, en minutes")
    unsized_orders: int = Field(description="bons de commande sans heures fixées\u00a0: le dû est alors un plancher")


class OrderShown(BaseModel):
    """bon de commande d’un accord-cadre"""

    id: int = Field(description=KEY)
    number: str = Field(description=said(FrameworkOrder, "number"))
    ordered_on: date = Field(description=said(FrameworkOrder, "ordered_on"))
    amount_cents: int | None = Field(description=said(FrameworkOrder, "amount_cents"))
    added_minutes: int | None = Field(
        description=said(FrameworkOrder, "added_minutes", "null\u00a0: pas encore fixées")
    )


class AmendmentShown(BaseModel):
    """avenant : un changement daté et motivé de ce qui est dû"""

    id: int = Field(description=KEY)
    decided_on: date = Field(description=said(Amendment, "decided_on"))
    minutes_change: int = Field(description=said(Amendment, "minutes_change"))
    new_end_on: date | None = Field(description=said(Amendment, "new_end_on"))
    reason: str = Field(description=said(Amendment, "reason"))


class ObligationShown(BaseModel):
    """obligation : ce qui est dû au titre d’un type de clause"""

    id: int = Field(description=KEY)
    contract_id: int = Field(description="contrat qui la porte")
    lot_id: int | None = Field(description="lot, s’il y en a un")
    clause_type: str = Field(description=said(Obligation, "clause_type"))
    counts: str = Field(description="compteur de ses heures")
    due_minutes: int = Field(description=said(Obligation, "due_minutes", "à l’origine"))
    owed_minutes: int = Field(
        description="dû aujourd’hui, bons et avenants compris, en minutes\u00a0; 0 tant qu’une tranche n’est pas affermie"
    )
    base: str = Field(description=said(Obligation, "base", "worked, paid, invoiced"))
    publics: list[str] = Field(description=said(Obligation, "publics"))
    neighbourhood_share_basis_points: int | None = Field(
        description=said(Obligation, "neighbourhood_share", TEN_THOUSANDTHS)
    )
    training_share_basis_points: int | None = Field(description=said(Obligation, "training_share", TEN_THOUSANDTHS))
    tranche: str = Field(description=said(Obligation, "tranche", "firm, optional"))
    tranche_number: int | None = Field(description=said(Obligation, "tranche_number"))
    affirmed_on: date | None = Field(description=said(Obligation, "affirmed_on"))
    deadline_on: date | None = Field(description=said(Obligation, "deadline_on"))
    penalty_mode: str = Field(description=said(Obligation, "penalty_mode", ", ".join(PenaltyForm.values)))
    penalty_value_hundredths: int | None = Field(
        description="valeur de la pénalité en centièmes\u00a0: centimes d’euro, ou centièmes de SMIC horaire"
    )
    penalty_cap_share_basis_points: int | None = Field(
        description=said(Obligation, "penalty_cap_share", TEN_THOUSANDTHS)
    )
    formal_notice_days: int | None = Field(description=said(Obligation, "formal_notice_days"))
    document_penalty_cents: int | None = Field(description=said(Obligation, "document_penalty_cents"))
    waiver_allowed: bool = Field(description=said(Obligation, "waiver_allowed"))
    orders: list[OrderShown] = Field(description="bons de commande")
    amendments: list[AmendmentShown] = Field(description="avenants qui changent ce volume")
    created_at: datetime = Field(description=said(Obligation, "created_at"))
    updated_at: datetime = Field(description="dernier changement du contrat qui la porte")


class LotShown(BaseModel):
    """lot d’un contrat"""

    id: int = Field(description=KEY)
    number: str = Field(description=said(Lot, "number"))
    title: str = Field(description=said(Lot, "title"))


class SubcontractShown(BaseModel):
    """sous-traitant, à toute profondeur : la clause suit le travail"""

    id: int = Field(description=KEY)
    parent_id: int | None = Field(description="sous-traitance du dessus\u00a0; null\u00a0: travaille pour le titulaire")
    organisation: OrganisationNamed = Field(description="sous-traitant")
    subject: str = Field(description=said(Subcontract, "subject"))
    due_minutes: int = Field(description=said(Subcontract, "due_minutes"))
    starts_on: date | None = Field(description=said(Subcontract, "starts_on"))
    ends_on: date | None = Field(description=said(Subcontract, "ends_on"))


class HolderShown(BaseModel):
    """titulaire : entreprise qui a signé, seule ou en groupement"""

    id: int = Field(description=KEY)
    lot_id: int | None = Field(description="lot, s’il y en a un")
    organisation: OrganisationNamed = Field(description="entreprise")
    role: str = Field(description=said(Holder, "role", "single, lead, joint"))
    due_minutes: int | None = Field(
        description=said(Holder, "due_minutes", "null\u00a0: le groupement répond ensemble")
    )
    subcontracts: list[SubcontractShown] = Field(description="sous-traitants")


class ContractShown(BaseModel):
    """contrat qui porte, ou portera, une clause sociale"""

    id: int = Field(description=KEY)
    revision: int = Field(description="révision\u00a0: +1 à chaque changement, aussi dans l’ETag")
    title: str = Field(description=said(Contract, "title"))
    number: str = Field(description=said(Contract, "number"))
    subject: str = Field(description=said(Contract, "subject"))
    cpv: str = Field(description=said(Contract, "cpv"))
    kind: str = Field(description=said(Contract, "kind", "works, supplies, services, concession, ou vide"))
    procedure: str = Field(description=said(Contract, "procedure"))
    ccag: str = Field(description=said(Contract, "ccag"))
    is_framework: bool = Field(description=said(Contract, "is_framework"))
    amount_cents: int | None = Field(description=said(Contract, "amount_cents"))
    launched_on: date | None = Field(description=said(Contract, "launched_on"))
    notified_on: date | None = Field(description=said(Contract, "notified_on"))
    starts_on: date | None = Field(description="exécution à partir du")
    ends_on: date | None = Field(description="fin d’exécution")
    state: str = Field(description=said(Contract, "state"))
    state_since: datetime = Field(description=said(Contract, "state_since"))
    closed_on: date | None = Field(description=said(Contract, "closed_on"))
    buyer: OrganisationNamed | None = Field(description="acheteur")
    operation_id: int | None = Field(description="opération\u00a0; null aussi pour une structure associée")
    calibration_id: int | None = Field(description="calibrage d’origine\u00a0; null aussi pour une structure associée")
    facilitator: str | None = Field(description="nom de la personne qui suit le contrat")
    is_lead: bool = Field(description="vrai quand votre structure est cheffe de file")
    share_minutes: int | None = Field(description="part suivie par votre structure quand elle est associée, en minutes")
    dues: list[DueShown] = Field(description="ce qui est dû, compteur par compteur")
    stated_insertion_minutes: int | None = Field(description=said(Contract, "stated_insertion_minutes"))
    stated_internship_minutes: int | None = Field(description=said(Contract, "stated_internship_minutes"))
    stated_protected_minutes: int | None = Field(description=said(Contract, "stated_protected_minutes"))
    created_at: datetime = Field(description=said(Contract, "created_at"))
    updated_at: datetime = Field(description=said(Contract, "updated_at"))


class ContractDetailed(ContractShown):
    """contrat, avec ses lots, ses titulaires, leurs sous-traitants et ses obligations"""

    lots: list[LotShown] = Field(description="lots")
    holders: list[HolderShown] = Field(description="titulaires")
    obligations: list[ObligationShown] = Field(description="obligations")
