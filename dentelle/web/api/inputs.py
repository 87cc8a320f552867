"""What programs send to add or correct organisations, operations, contracts and obligations."""

from typing import Annotated

from pydantic import Field

from dentelle.foundations.directory.models import Kind
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts.forms.entry import CCAG
from dentelle.thread.contracts.models import CLAUSE_TYPES, KINDS, HoursBase, PenaltyForm, Programme, Tranche
from dentelle.web.api.fields import SIRET, BasisPoints, Cents, Day, Given, Key, Minutes, OneOf, line, words

KindCode = Annotated[str, OneOf(Kind.values)]
ProgrammeCode = Annotated[str, OneOf(Programme.values)]
ContractKindCode = Annotated[str, OneOf(("", *KINDS))]
CcagCode = Annotated[str, OneOf(code for code, _ in CCAG)]
ClauseTypeCode = Annotated[str, OneOf(CLAUSE_TYPES)]
BaseCode = Annotated[str, OneOf(HoursBase.values)]
TrancheCode = Annotated[str, OneOf(Tranche.values)]
PenaltyCode = Annotated[str, OneOf(PenaltyForm.values)]
Siret = Annotated[str, Field(pattern=SIRET, description="SIRET (14 chiffres) ou SIREN (9), texte, clé vérifiée")]
Cpv = Annotated[str, Field(pattern=r"^([0-9]{2,8}(-[0-9])?)?$", description="code CPV, par exemple 45214210-5")]


class OrganisationGiven(Given):
    """Une organisation à trouver par son numéro, ou à ajouter."""

    siret: Siret
    name: Annotated[str, line(250, description="nom, demandé seulement si aucune donnée chargée ne le dit")] = ""
    kinds: Annotated[list[KindCode], Field(max_length=11, description="natures à lui ouvrir")] = []
    commune_code: Annotated[str, Field(pattern=r"^([0-9A-Z]{5})?$", description="code commune Insee")] = ""
    address: Annotated[str, line(250, description="adresse")] = ""
    legal_category: Annotated[str, Field(pattern=r"^([0-9]{1,4})?$", description="catégorie juridique")] = ""


class OperationGiven(Given):
    """Une opération à créer."""

    name: Annotated[str, line(200, min_length=1, description="nom, unique dans la structure")]
    programme: Annotated[ProgrammeCode, Field(description="programme")] = "none"
    programme_name: Annotated[str, line(200, description="nom du programme, s’il n’est pas dans la liste")] = ""
    neighbourhoods: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Z0-9]{6,10}$")]],
        Field(max_length=50, description="codes des quartiers prioritaires, comme QN03501M"),
    ] = []
    site: Annotated[str, line(300, description="lieu")] = ""


class ObligationGiven(Given):
    """Ce qu’un contrat doit au titre d’un type de clause."""

    due_minutes: Annotated[Minutes, Field(description="volume dû, en minutes (50 h = 3000)")]
    clause_type: Annotated[ClauseTypeCode, Field(description="type de clause")] = LeverCode.EXECUTION_CONDITION.value
    lot_id: Annotated[Key | None, Field(description="lot du contrat")] = None
    base: Annotated[BaseCode, Field(description="heures retenues")] = HoursBase.WORKED.value
    publics: Annotated[
        list[Annotated[str, line(100, min_length=1)]], Field(max_length=30, description="publics éligibles")
    ] = []
    neighbourhood_share_basis_points: Annotated[
        BasisPoints | None, Field(description="part réservée aux habitants des QPV, en dix-millièmes (500 = 5\u00a0%)")
    ] = None
    training_share_basis_points: Annotated[
        BasisPoints | None, Field(description="part de formation admise, en dix-millièmes")
    ] = None
    tranche: Annotated[TrancheCode, Field(description="tranche ferme ou optionnelle")] = Tranche.FIRM.value
    tranche_number: Annotated[int | None, Field(ge=1, le=999, description="numéro de tranche")] = None
    deadline_on: Annotated[Day | None, Field(description="échéance")] = None
    penalty_mode: Annotated[PenaltyCode, Field(description="forme de la pénalité")] = PenaltyForm.NONE.value
    penalty_value_hundredths: Annotated[
        int | None,
        Field(
            ge=1, le=999_999_999, description="valeur en centièmes\u00a0: centimes d’euro, ou centièmes de SMIC horaire"
        ),
    ] = None
    penalty_cap_share_basis_points: Annotated[
        BasisPoints | None, Field(description="plafond en part du montant, en dix-millièmes")
    ] = None
    formal_notice_days: Annotated[int | None, Field(ge=0, le=3650, description="mise en demeure, en jours")] = None
    document_penalty_cents: Annotated[
        int | None, Field(ge=0, le=2_000_000_000, description="pénalité par jour de retard d’un document, en centimes")
    ] = None
    waiver_allowed: Annotated[bool, Field(description="exonération possible")] = True


class ContractFields(Given):
    """Ce que l’on sait d’un contrat."""

    title: Annotated[str, line(200, min_length=1, description="intitulé")]
    number: Annotated[str, line(60, description="numéro du marché")] = ""
    subject: Annotated[str, words(2000, description="objet")] = ""
    cpv: Cpv = ""
    kind: Annotated[ContractKindCode, Field(description="nature")] = ""
    procedure: Annotated[str, line(100, description="procédure")] = ""
    ccag: Annotated[CcagCode, Field(description="CCAG visé")] = ""
    is_framework: Annotated[bool, Field(description="accord-cadre à bons de commande")] = False
    amount_cents: Annotated[Cents | None, Field(description="montant HT, en centimes\u00a0; null\u00a0: inconnu")] = (
        None
    )
    launched_on: Annotated[Day | None, Field(description="consultation lancée le")] = None
    notified_on: Annotated[Day | None, Field(description="notifié le")] = None
    starts_on: Annotated[Day | None, Field(description="exécution à partir du")] = None
    ends_on: Annotated[Day | None, Field(description="fin d’exécution")] = None
    buyer_siret: Annotated[
        Siret | None, Field(description="SIRET de l’acheteur, ajouté à l’annuaire s’il y manque")
    ] = None
    buyer_name: Annotated[str, line(250, description="nom de l’acheteur, si aucune donnée chargée ne le dit")] = ""
    operation_id: Annotated[Key | None, Field(description="opération de votre structure")] = None


class ContractGiven(ContractFields):
    """Un contrat à inscrire au registre, avec ce qu’il doit et qui l’a signé quand on le sait déjà."""

    obligation: Annotated[ObligationGiven | None, Field(description="première obligation")] = None
    holder_siret: Annotated[Siret | None, Field(description="SIRET du titulaire")] = None
    holder_name: Annotated[str, line(250, description="nom du titulaire, si aucune donnée chargée ne le dit")] = ""
    calibration_id: Annotated[Key | None, Field(description="calibrage enregistré d’où il vient")] = None
    renewal_key: Annotated[
        str, Field(pattern=r"^([0-9a-f]{20})?$", description="clé du marché d’origine dans les données ouvertes")
    ] = ""


class ContractChanged(ContractFields):
    """Une correction : seuls les champs envoyés changent, null efface."""

    title: Annotated[str, line(200, min_length=1, description="intitulé")] = ""
