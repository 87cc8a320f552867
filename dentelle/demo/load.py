"""Fills an installation with the demonstration, step by step, through the same doors as real data.

Each step does nothing when its result is there, so that a first start cut short is completed by the next one.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings

from dentelle.demo.accounts import NETWORK, create_demo_accounts, declare_coverage, describe_structures
from dentelle.demo.advocacy import load_advocacy
from dentelle.demo.agreements import load_agreements
from dentelle.demo.buyers import Place
from dentelle.demo.contracts import companies_and_buyers, load_contracts, load_story
from dentelle.demo.directory import load_directory
from dentelle.demo.files import write_demo_files
from dentelle.demo.governance import load_governance
from dentelle.demo.library import load_library
from dentelle.demo.plans import load_plans
from dentelle.demo.practices import load_practices, told
from dentelle.demo.publications import write_register_awards
from dentelle.demo.spaces import load_spaces
from dentelle.demo.surveys import load_surveys
from dentelle.demo.tokens import create_demo_tokens
from dentelle.demo.tour import load_tour
from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.access import contacts_visible_to
from dentelle.foundations.invitations.access import invitations_visible_to
from dentelle.foundations.invitations.actions import INVITATION_LIFE, invite
from dentelle.foundations.jobs.access import jobs_visible_to
from dentelle.foundations.jobs.runner import run_job
from dentelle.foundations.organisations.models import Membership, Network, NetworkSeat, Role
from dentelle.network.practices.models import Practice
from dentelle.network.surveys.models import Campaign
from dentelle.network.tour.models import Tour
from dentelle.opendata.cog.build import build_ground
from dentelle.opendata.decp.dataset import DatasetMissing, open_dataset
from dentelle.opendata.decp.importing import import_files
from dentelle.opendata.ground import Ground, load_ground, territory_of
from dentelle.opendata.marts.clause_rate import comparables
from dentelle.opendata.marts.serving import build_serving
from dentelle.opendata.marts.serving_filters import PurchaseFilters, Sort
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.rules.wording import plural
from dentelle.thread.clauses import access as calibrations
from dentelle.thread.clauses.actions import create_calibration, share_calibration
from dentelle.thread.clauses.prefill import initial_of
from dentelle.thread.clauses.workbench import content_of, read_form
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.plans.models import PurchasePlan
from dentelle.thread.publications.looking import look
from dentelle.thread.publications.models import Publication
from dentelle.thread.publications.standing import concerned
from dentelle.thread.purchases.actions import ask_export
from dentelle.thread.purchases.columns import BY_DEFAULT
from dentelle.thread.purchases.queries import contract, is_published_as_of, store_path
from dentelle.thread.purchases.territories import place_asked
from dentelle.thread.territory import access as territories
from dentelle.thread.territory.actions import save_territory
from dentelle.thread.territory.queries import store

Say = Callable[[str], None]

# structure → the real territory its fictional life is lived on
TERRITORIES = {
    "Maison de l’emploi du Bocage": ("Bassin du Bocage", "epci:200040244"),
    "PLIE des Deux Rives": ("Niort et ses communes", "epci:200041317"),
    "Communauté de communes de Haute-Gâtine": ("Parthenay et la Gâtine", "epci:200041333"),
}
PLACES = {name: place for place, name in enumerate(TERRITORIES, start=1)}
DEPARTMENT = "79"
DENSE_FROM_INHABITANTS = 1_500
LARGEST_COMPARED = 5
LARGEST_ELSEWHERE = 2
CALIBRATIONS = 4
# structure → contracts of its register, the first one with a story of six more
CONTRACTS = {
    "Maison de l’emploi du Bocage": 104,
    "PLIE des Deux Rives": 75,
    "Communauté de communes de Haute-Gâtine": 15,
}


def load_demo(*, at: datetime, say: Say) -> bool:
    """Complete the demonstration; return whether anything was done.

    Does nothing on an installation where somebody other than the fictional people has an account. ``say`` receives one
    French sentence per step.
    """
    if User.objects.exists() and not Network.objects.filter(name=NETWORK).exists():
        return False
    today = at.date()
    done = [
        step(at=at, today=today, say=say)
        for step in (
            _ground,
            _accounts,
            _structures,
            _tokens,
            _governance,
            _library,
            _purchases,
            _serving,
            _territories,
            _directory,
            _calibrations,
            _contracts,
            _plans,
            _invitations,
            _spaces,
            _agreements,
            _publications,
            _practices,
            _surveys,
            _tour,
            _advocacy,
            _exports,
        )
    ]
    return any(done)


def _ground(*, at: datetime, today: date, say: Say) -> bool:
    built = build_ground(settings.DENTELLE_NODE_MODULES, settings.DENTELLE_GROUND)
    if built.made:
        say(f"Référentiel des communes : COG {built.metadata['vintage']} préparé.")
    return built.made


def _accounts(*, at: datetime, today: date, say: Say) -> bool:
    before = User.objects.count()
    memberships = create_demo_accounts(at)
    made = User.objects.count() > before
    if made:
        say(f"Démonstration : {len(memberships)} comptes fictifs créés.")
    return made


def _structures(*, at: datetime, today: date, say: Say) -> bool:
    made = describe_structures(at)
    ground = load_ground(settings.DENTELLE_GROUND)
    for name, (_, spec) in TERRITORIES.items():
        made = declare_coverage(name, spec, ground=ground, at=at) or made
    if made:
        say(
            f"Réseau : {len(TERRITORIES)} structures agréées et ce qu’elles couvrent, une demande d’agrément à trancher."
        )
    return made


def _tokens(*, at: datetime, today: date, say: Say) -> bool:
    managers = Membership.objects.filter(role=Role.MANAGER, structure__name__in=TERRITORIES)
    made = create_demo_tokens(list(managers.select_related("user", "structure").order_by("pk")), at=at)
    if made:
        say("Programmes : deux jetons d’accès par structure, l’un en service, l’autre révoqué.")
    return made


def _governance(*, at: datetime, today: date, say: Say) -> bool:
    """What elected officials wrote, the axes that came of it, and what became of each voice."""
    seat = NetworkSeat.objects.filter(network__name=NETWORK).select_related("network", "user").first()
    if seat is None or not load_governance(seat, at=at):
        return False
    say("Gouvernance : onze préoccupations d’élus, quatre axes dont un à faire valider, un groupe de travail réuni.")
    return True


def _library(*, at: datetime, today: date, say: Say) -> bool:
    """What the network shares, and who answers for each item."""
    seat = NetworkSeat.objects.filter(network__name=NETWORK).select_related("network", "user").first()
    count = load_library(seat, at=at) if seat else 0
    if count:
        say(f"Bibliothèque : {count} ressources, dont une à relire, et le parcours des nouveaux.")
    return bool(count)


def _purchases(*, at: datetime, today: date, say: Say) -> bool:
    try:
        open_dataset(settings.DENTELLE_DECP)
    except DatasetMissing:
        pass
    else:
        return False
    places, dense = _places(load_ground(settings.DENTELLE_GROUND))
    files = write_demo_files(
        settings.DENTELLE_HOME / "demo", places, dense=dense, local_department=DEPARTMENT, today=today
    )
    summary = import_files(list(files.paths), settings.DENTELLE_DECP, as_of=today)
    say(
        f"Achats fictifs : {plural(summary.contracts, 'marché importé', 'marchés importés')}, "
        f"{plural(summary.duplicates, 'répétition fusionnée', 'répétitions fusionnées')}, "
        f"{plural(summary.rejected, 'enregistrement illisible écarté', 'enregistrements illisibles écartés')}."
    )
    return True


def _places(ground: Ground) -> tuple[list[Place], frozenset[str]]:
    """Where fictional buyers stand: densely on the demo territories and on those they are compared with, a little elsewhere."""
    largest_first = sorted(
        (
            Place(row["commune_code"], row["commune_name"], row["department_code"], row["population"] or 0)
            for row in ground.communes_table().to_pylist()
            if row["zone"] != "com"
        ),
        key=lambda place: (-place.population, place.code),
    )
    dense: set[str] = set()
    for _, spec in TERRITORIES.values():
        here = territory_of(ground, spec).communes
        dense |= {
            place.code for place in largest_first if place.code in here and place.population >= DENSE_FROM_INHABITANTS
        }
        for other in comparables(ground, *spec.split(":")):
            there = territory_of(ground, other.spec).communes
            dense |= set([place.code for place in largest_first if place.code in there][:LARGEST_COMPARED])
    places = [place for place in largest_first if place.code in dense]
    in_department: dict[str, int] = {}
    for place in largest_first:
        rank = in_department.get(place.department, 0)
        if place.code not in dense and rank < LARGEST_ELSEWHERE:
            places.append(place)
            in_department[place.department] = rank + 1
    return places, frozenset(dense)


def _serving(*, at: datetime, today: date, say: Say) -> bool:
    if store_path().exists() and _is_readable():
        return False
    build_serving(settings.DENTELLE_DECP, settings.DENTELLE_GROUND, as_of=today, into=store_path())
    say("Prévision : les marchés qui reviennent sont calculés.")
    return True


def _is_readable() -> bool:
    """Say whether this version of the programme reads the file the site consults: an earlier one may have written it."""
    try:
        store().meta()
    except StoreMissing:
        return False
    return True


def _facilitators() -> Iterable[Membership]:
    """Who draws territories and calibrates in each structure: a facilitator, else the person who manages it."""
    acting = (
        Membership.objects.filter(role__in=(Role.FACILITATOR, Role.MANAGER), structure__name__in=TERRITORIES)
        .select_related("user", "structure")
        .order_by("structure_id", "role", "pk")  # « facilitator » before « manager »
    )
    return {membership.structure_id: membership for membership in reversed(acting)}.values()


def _territories(*, at: datetime, today: date, say: Say) -> bool:
    made = False
    ground = load_ground(settings.DENTELLE_GROUND)
    for membership in _facilitators():
        if territories.territories_visible_to(membership).exists():
            continue
        name, spec = TERRITORIES[membership.structure.name]
        save_territory(membership, name=name, specs=[spec], reason="Territoire de la structure", ground=ground, at=at)
        say(f"Territoire de « {membership.structure.name} » : {name}.")
        made = True
    return made


def _directory(*, at: datetime, today: date, say: Say) -> bool:
    """Whom each structure works with, and the people it knows there."""
    made = False
    ground = load_ground(settings.DENTELLE_GROUND)
    for membership in _facilitators():
        if contacts_visible_to(membership).exists():
            continue
        _, spec = TERRITORIES[membership.structure.name]
        communes = sorted(territory_of(ground, spec).communes, key=lambda code: -(ground.commune(code).population or 0))
        organisations, people = load_directory(
            membership, store(), communes, place=PLACES[membership.structure.name], at=at
        )
        say(f"Annuaire de « {membership.structure.name} » : {organisations} organisations, {people} contacts.")
        made = True
    return made


def _calibrations(*, at: datetime, today: date, say: Say) -> bool:
    """A few contracts that come back, calibrated; the first is shared with its buyer."""
    made = False
    for membership in _facilitators():
        if calibrations.calibrations_visible_to(membership).exists():
            continue
        count = 0
        for key in _mandatory_soon(membership, today):
            known = {name: value for name, value in initial_of(contract(key), today=today).items() if value}
            bench = read_form(known, membership, today=today, named=True)
            if bench.computed is None or not bench.computed.hours or count == CALIBRATIONS:
                continue
            calibration = create_calibration(membership, content_of(bench), at=at)
            if not count:
                share_calibration(membership, calibration.pk, at=at)
            count += 1
        draft = read_form({"title": "Gymnase, à préciser avec l’acheteur"}, membership, today=today, named=True)
        create_calibration(membership, content_of(draft), at=at - timedelta(days=35))
        say(f"Calibrages de « {membership.structure.name} » : {count}.")
        made = True
    return made


def _contracts(*, at: datetime, today: date, say: Say) -> bool:
    """The register of each structure: together, two hundred contracts of twelve buyers."""
    made = False
    buyers, companies = companies_and_buyers()
    for place, (name, count) in enumerate(CONTRACTS.items()):
        writer = Membership.objects.filter(structure__name=name, role__in=WRITER_ROLES).order_by("pk").first()
        if writer is None or Contract.objects.filter(structure_id=writer.structure_id).exists():
            continue
        calibrated = list(calibrations.calibrations_visible_to(writer).order_by("pk")[:2])
        mine = buyers[4 * place : 4 * place + 4] or buyers
        load_contracts(writer, mine, companies, count, calibrations=calibrated, place=PLACES[name], at=at)
        if not place:
            load_story(writer, mine, companies, at=at)
        count = Contract.objects.filter(structure_id=writer.structure_id).count()
        say(f"Registre de « {name} » : {count} contrats.")
        made = True
    return made


def _spaces(*, at: datetime, today: date, say: Say) -> bool:
    """The people outside: whom they act for, what is shared with them, an invitation and a link on their way."""
    lead = Membership.objects.filter(structure__name=next(iter(CONTRACTS)), role=Role.MANAGER).first()
    neighbour = Membership.objects.filter(structure__name=list(CONTRACTS)[1], role__in=WRITER_ROLES).first()
    if lead is None or neighbour is None or not load_spaces(lead, neighbour, at=at):
        return False
    say(
        "Partenaires : un acheteur, une entreprise et une structure d’insertion ont leur espace\u00a0; une invitation et un lien sont partis."
    )
    return True


def _agreements(*, at: datetime, today: date, say: Say) -> bool:
    """What the network and its structures agreed with the public employment service, and who does what."""
    head = NetworkSeat.objects.filter(network__name=NETWORK).order_by("pk").first()
    writers = [
        Membership.objects.filter(structure__name=name, role__in=WRITER_ROLES).order_by("pk").first()
        for name in CONTRACTS
    ]
    if head is None or None in writers:
        return False
    count = load_agreements(head, [each for each in writers if each is not None], at=at)
    if count:
        say(
            f"Conventions\u00a0: {count}, dont un exemple de 2020 et deux cadres séparés par une période sans convention."
        )
    return bool(count)


def _publications(*, at: datetime, today: date, say: Say) -> bool:
    """What buyers publish of the registers, imported as any other file, and matched as any night would."""
    if Publication.objects.exists():
        return False
    path = write_register_awards(settings.DENTELLE_HOME / "demo", today=today)
    import_files([path], settings.DENTELLE_DECP, as_of=today)
    if not is_published_as_of(today):
        build_serving(settings.DENTELLE_DECP, settings.DENTELLE_GROUND, as_of=today, into=store_path())
    looked = look(concerned(Contract.objects.all()), store(), at=at)
    say(
        f"Publications des registres : {looked.matched} rapprochées par leur numéro, "
        f"{looked.proposed} à confirmer, sur {plural(looked.contracts, 'contrat signé', 'contrats signés')}."
    )
    return True


def _invitations(*, at: datetime, today: date, say: Say) -> bool:
    """An invitation nobody answered, in each structure somebody manages."""
    made = False
    for manager in Membership.objects.filter(role=Role.MANAGER, structure__name__in=CONTRACTS).select_related(
        "user", "structure"
    ):
        if invitations_visible_to(manager).exists():
            continue
        sent = at - INVITATION_LIFE - timedelta(days=4)
        invite(manager, email="renfort@essai.example", role=Role.FACILITATOR, site=settings.DENTELLE_SITE, at=sent)
        say(f"Invitation restée sans réponse dans « {manager.structure.name} ».")
        made = True
    return made


def _plans(*, at: datetime, today: date, say: Say) -> bool:
    """Next year's purchases of one buyer of each structure, and a file of another still to be corrected."""
    made = False
    buyers, _ = companies_and_buyers()
    for place, name in enumerate(CONTRACTS):
        writer = Membership.objects.filter(structure__name=name, role__in=WRITER_ROLES).order_by("pk").first()
        if writer is None or PurchasePlan.objects.filter(structure_id=writer.structure_id).exists():
            continue
        count = load_plans(writer, buyers[4 * place : 4 * place + 2] or buyers, at=at)
        say(f"Programmation d’achats de « {name} » : {count} achats prévus, un autre fichier à corriger.")
        made = True
    return made


def _practices(*, at: datetime, today: date, say: Say) -> bool:
    """What the three structures tried, told, reviewed by a neighbour and published by the head."""
    seat = NetworkSeat.objects.filter(network__name=NETWORK).select_related("network", "user").order_by("pk").first()
    known = {membership.structure.name: membership for membership in _facilitators()}
    writers = [known[name] for name in TERRITORIES if name in known]
    if seat is None or len(writers) < len(TERRITORIES) or Practice.objects.exists():
        return False
    count = load_practices(writers, seat, at=at)
    say(
        f"Pratiques du réseau\u00a0: {count} fiches, dont une à relire, une à reprendre, une à publier, une à rafraîchir, une qui attend l’accord de son auteur."
    )
    return True


def _surveys(*, at: datetime, today: date, say: Say) -> bool:
    """What the head asks before the Tour, half answered, and last year's figures of the clause."""
    seat = NetworkSeat.objects.filter(network__name=NETWORK).select_related("network", "user").order_by("pk").first()
    known = {membership.structure.name: membership for membership in _facilitators()}
    writers = [known[name] for name in TERRITORIES if name in known]
    if seat is None or len(writers) < len(TERRITORIES) or Campaign.objects.exists():
        return False
    invited = load_surveys(writers, seat, site=settings.DENTELLE_SITE, at=at)
    say(f"Enquêtes du réseau\u00a0: l’enquête avant le Tour ({invited} invités), la consolidation de la clause close.")
    return True


def _tour(*, at: datetime, today: date, say: Say) -> bool:
    """The Tour of the network: one stage told, one to tell, one filling up; and the first Tour, as the press told it."""
    seat = NetworkSeat.objects.filter(network__name=NETWORK).select_related("network", "user").order_by("pk").first()
    known = {membership.structure.name: membership for membership in _facilitators()}
    writers = [known[name] for name in TERRITORIES if name in known]
    officials = Membership.objects.filter(role=Role.ELECTED_OFFICIAL, structure__network__name=NETWORK)
    official = officials.select_related("user", "structure").order_by("pk").first()
    if seat is None or official is None or len(writers) < len(TERRITORIES) or Tour.objects.exists():
        return False
    count = load_tour(seat, writers, official, at=at)
    say(
        f"Tour du réseau\u00a0: {count} étapes, une racontée, une à raconter, une qui se remplit, une annulée, une à annoncer."
    )
    return True


def _advocacy(*, at: datetime, today: date, say: Say) -> bool:
    """A white paper published and followed, another whose call is open, the example of 2022."""
    seat = NetworkSeat.objects.filter(network__name=NETWORK).select_related("network", "user").order_by("pk").first()
    if seat is None or not Campaign.objects.exists() or not Practice.objects.exists():
        return False
    count = load_advocacy(seat, {row["id"]: row["content"]["title"] for row in told()}, at=at)
    if count:
        say(
            f"Livres blancs\u00a0: {count} contributions, une édition publiée et suivie, un appel ouvert, l’exemple de 2022."
        )
    return bool(count)


def _exports(*, at: datetime, today: date, say: Say) -> bool:
    """The list of mandatory contracts as a file: background work already done, with its report."""
    made = False
    for membership in _facilitators():
        if jobs_visible_to(membership).exists():
            continue
        job = ask_export(membership, query="obligation=oui&tri=priorite", chosen=BY_DEFAULT, form="xlsx", at=at)
        run_job.call(str(job.pk))
        say(f"Export de « {membership.structure.name} » : la liste des marchés obligatoires.")
        made = True
    return made


def _mandatory_soon(membership: Membership, today: date) -> list[str]:
    """Contracts that come back on the structure's territory and must carry a social condition, soonest first."""
    place = place_asked(membership, "")
    filters = PurchaseFilters(
        end_from=today, areas=place.areas if place else frozenset(), required=frozenset({"yes"}), coming_back_only=True
    )
    page = store().search(filters, Sort("end"), None, 3 * CALIBRATIONS)
    return [row.contract_key for row in page.rows]
