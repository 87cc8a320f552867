"""Background work of this room: write a list to a file, take new data in. Both may be run again after a crash."""

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.documents import storage
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.jobs.clock import every
from dentelle.foundations.jobs.context import JobCancelled, JobContext
from dentelle.foundations.jobs.lists import KEEPING, WRITING, attach_list
from dentelle.foundations.jobs.registry import JobRefused, job
from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.marts.serving_store import ServingStore, StoreMissing, StoreReplaced
from dentelle.thread.purchases import criteria, exports, queries
from dentelle.thread.purchases.access import IMPORTERS
from dentelle.web.formatting import number, plural, table_date

EXPORT_MEMORY = "64MB"  # of the database alone; the whole process stays under 300 MB
if TYPE_CHECKING:
    from dentelle.opendata.decp.dataset import SourceEntry


@job("purchases.export", label="Exporter une liste d’achats", steps=(WRITING, KEEPING))
def export(context: JobContext, query: str, columns: list[str], form: str, today: str) -> dict[str, Any]:
    """Write every row of a list, whatever their number, to a CSV or XLSX file attached to the job."""
    membership = Membership.objects.filter(user=context.actor, structure=context.structure).first()
    if membership is None:
        raise JobRefused("Vous n’appartenez plus à cette structure : l’export n’a pas été fait.")
    _, asked = criteria.read(criteria.query_of(query), membership, today=date.fromisoformat(today), chosen=columns)
    # one thread and a small cache: an export takes its time, the pages must not wait for it
    read = ServingStore(queries.store_path(), threads=1, memory=EXPORT_MEMORY)
    try:
        total = read.count(asked.filters)
    except StoreMissing as missing:
        raise JobRefused(f"{missing} Il n’y a rien à exporter.") from missing
    try:
        stored, written = attach_list(
            context,
            name=f"achats-{today}.{form}",
            title="Achats",
            header=exports.header_of(columns),
            batches=exports.rows_of(read, asked.filters, columns, asked.sort),
            total=total,
        )
    except StoreReplaced as replaced:
        raise JobRefused(f"{replaced} Rien n’a été écrit.") from replaced
    return {
        "message": " ".join(asked.notes)
        + (" " if asked.notes else "")
        + f"{plural(written, 'ligne')} dans « {stored.name} », {asked.order}. "
        "Les montants sont des montants attribués, pas des estimations ; les plafonds sont dits comme tels.",
        "figures": [{"label": "Lignes écrites", "value": number(written)}],
        "next_url": reverse("purchases:list") + (f"?{query}" if query else ""),
        "next_label": "Revenir à la liste",
    }


@job(
    "purchases.import",
    label="Importer des données d’achat",
    steps=("Lecture des fichiers", "Assemblage", "Prévision", "Fichier de consultation"),
    asked_by=IMPORTERS,
)
def take_in(context: JobContext, files: list[str], today: str) -> dict[str, Any]:
    """Add files to the data set everybody reads, then rebuild what the pages read; the former stays until then."""
    from dentelle.opendata.decp.dataset import DatasetTooNew
    from dentelle.opendata.decp.importing import ImportBusy, ImportCancelled, import_files

    folder = Path(settings.DENTELLE_DECP)
    folder.mkdir(parents=True, exist_ok=True)
    before = _sources(folder)
    with TemporaryDirectory(prefix=".sent-", dir=folder) as incoming:
        paths = _named_as_sent(Path(incoming), files)
        context.progress(step="Lecture des fichiers", safe="Le jeu de données précédent reste en place jusqu’au bout.")
        try:
            # the same readable names every time, so that sending a file again is noticed
            summary = import_files(
                paths,
                folder,
                progress=lambda heard: _tell(context, heard),
                cancelled=context.cancelled,
                as_of=date.fromisoformat(today),
                workers=0,
            )
        except ImportCancelled as stopped:
            raise JobCancelled from stopped
        except (ImportBusy, DatasetTooNew) as refusal:
            raise JobRefused(_sentence(refusal)) from refusal
    if summary.contracts:
        rebuild(context, today)
    new = [source for digest, source in _sources(folder).items() if digest not in before]
    refused = [{"item": one.name, "reason": _sentence(one.reason)} for one in summary.refused]
    return {
        "message": f"{plural(summary.contracts, 'contrat ou lot', 'contrats ou lots')} dans le jeu de données."
        + (" Rien de nouveau : ces fichiers y étaient déjà." if summary.unchanged else ""),
        "figures": [
            {"label": "Enregistrements lus dans vos fichiers", "value": number(sum(one.read for one in new))},
            {"label": "Rejetés dans vos fichiers", "value": number(sum(one.rejected for one in new))},
            {"label": "Doublons dans tout le jeu", "value": number(summary.duplicates)},
            {"label": "Rejetés dans tout le jeu", "value": number(summary.rejected)},
        ],
        "refused": refused[:30],
        "refused_total": len(refused),
        "next_url": reverse("purchases:import"),
        "next_label": "Voir le jeu de données et les rejets",
    }


@job("purchases.publish", label="Publier les données importées", steps=("Prévision", "Fichier de consultation"))
def publish(context: JobContext, today: str) -> dict[str, Any]:
    """Have the pages show the data set on disk, whoever imported it; nothing to do when they already do."""
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew

    try:
        if queries.is_published_as_of(date.fromisoformat(today)):
            message = "Les pages montraient déjà ces données : rien n’a été refait."
        else:
            rebuild(context, today)
            message = "Les pages montrent maintenant les données importées."
    except (DatasetMissing, DatasetTooNew) as refusal:
        raise JobRefused(_sentence(refusal)) from refusal
    meta = ServingStore(queries.store_path()).meta()
    return {
        "message": message,
        "figures": [{"label": "Contrats ou lots", "value": number(int(meta["contracts"]))}],
        "next_url": reverse("purchases:list"),
        "next_label": "Voir les achats qui reviennent",
    }


@every("daily 03:40", label="Refaire les prévisions à la date du jour")
def publish_again(at: datetime) -> str:
    """What comes back, and when to prepare it, depends on the day: without this the pages would stay at the last import."""
    from dentelle.opendata.decp.dataset import MANIFEST, open_dataset
    from dentelle.opendata.marts.serving import build_serving

    folder, today = Path(settings.DENTELLE_DECP), timezone.localdate(at)
    if not (folder / MANIFEST).exists() or not open_dataset(folder).manifest.sources:
        return "Rien n’a été importé : rien à prévoir."
    if queries.is_published_as_of(today):
        return f"Déjà prévu au {table_date(today)} : rien n’a été refait."
    build_serving(folder, Path(settings.DENTELLE_GROUND), as_of=today, into=queries.store_path())
    meta = ServingStore(queries.store_path()).meta()
    return f"{plural(int(meta['contracts']), 'contrat ou lot', 'contrats ou lots')}, prévus au {table_date(today)}."


@job(
    "purchases.undo",
    label="Retirer un fichier des données d’achat",
    steps=("Assemblage", "Prévision", "Fichier de consultation"),
    asked_by=IMPORTERS,
)
def take_out(context: JobContext, sha256: str, today: str) -> dict[str, Any]:
    """Take one file out of the data set everybody reads, then rebuild what the pages read; the former stays until then."""
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew
    from dentelle.opendata.decp.importing import ImportBusy, ImportCancelled
    from dentelle.opendata.decp.undoing import SourceUnknown, undo_import

    folder = Path(settings.DENTELLE_DECP)
    context.progress(step="Assemblage", safe="Le jeu de données précédent reste en place jusqu’au bout.")
    entry = _sources(folder).get(sha256)
    try:
        # asked again after a crash, the file may be out already: the pages are then brought up to date all the same
        if entry is not None:
            undo_import([sha256], folder, progress=lambda heard: _tell(context, heard), cancelled=context.cancelled)
    except ImportCancelled as stopped:
        raise JobCancelled from stopped
    except (ImportBusy, DatasetMissing, DatasetTooNew, SourceUnknown) as refusal:
        raise JobRefused(_sentence(refusal)) from refusal
    left = _sources(folder)
    if left:
        rebuild(context, today)
    else:
        queries.store_path().unlink(missing_ok=True)
    name = f"« {entry.name} » est retiré" if entry else "Le fichier était déjà retiré"
    return {
        "message": f"{name} du jeu de données. "
        + (f"Il en reste {plural(len(left), 'fichier')}." if left else "Il n’en reste aucun fichier."),
        "figures": [{"label": "Enregistrements retirés", "value": number(entry.read if entry else 0)}],
        "next_url": reverse("purchases:import"),
        "next_label": "Voir le jeu de données",
    }


def _sources(folder: Path) -> dict[str, "SourceEntry"]:
    """Return the sources of the data set by digest, none when there is no data set yet."""
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew, open_dataset

    try:
        return {source.sha256: source for source in open_dataset(folder).manifest.sources}
    except (DatasetMissing, DatasetTooNew):
        return {}


def rebuild(context: JobContext, today: str) -> None:
    """Foresee again and put the new serving store in place."""
    from dentelle.opendata.ground import GroundMissing
    from dentelle.opendata.marts.serving import BuildCancelled, build_serving

    def told(name: str, done: int, total: int) -> None:
        context.progress(step="Prévision" if name == "prévision" else "Fichier de consultation", done=done, total=total)

    try:
        build_serving(
            Path(settings.DENTELLE_DECP),
            Path(settings.DENTELLE_GROUND),
            as_of=date.fromisoformat(today),
            into=queries.store_path(),
            progress=told,
            cancelled=context.cancelled,
        )
    except BuildCancelled as stopped:
        raise JobCancelled from stopped
    except GroundMissing as missing:
        raise JobRefused(f"Les fichiers sont importés, mais le référentiel des communes manque. {missing}") from missing


def _named_as_sent(folder: Path, files: list[str]) -> list[Path]:
    """Give stored files back the names people know them by, without copying them."""
    paths = []
    for rank, stored in enumerate(StoredFile.objects.filter(pk__in=files).order_by("name", "pk")):
        if stored.state == FileState.QUARANTINED:
            raise JobRefused(
                f"« {stored.name} » attend encore l’antivirus : relancez ce travail quand il aura répondu."
            )
        if stored.state == FileState.PURGED:
            raise JobRefused(f"« {stored.name} » a été supprimé : envoyez-le de nouveau.")
        place = folder / str(rank)
        place.mkdir()
        link = place / stored.name
        link.symlink_to(storage.full_path(stored.path))
        paths.append(link)
    if not paths:
        raise JobRefused("Aucun fichier à importer : envoyez-les de nouveau.")
    return paths


def _tell(context: JobContext, heard: Any) -> None:
    step = "Lecture des fichiers" if heard.step == "lecture" else "Assemblage"
    context.progress(step=step, done=heard.done, total=heard.total)


def _sentence(refusal: object) -> str:
    text = str(refusal).strip()
    return text[:1].upper() + text[1:]
