"""Writing questionnaires, for the head of the network: begun, written part by part, looked at, published, copied, filed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import Saved, save_together
from dentelle.foundations.doors import network_heads
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.surveys import writing
from dentelle.network.surveys.access import questionnaire_of, questionnaires_of
from dentelle.network.surveys.documents import Wrong, as_file, document_of, read_file
from dentelle.network.surveys.forms import PartForm
from dentelle.network.surveys.models import Questionnaire
from dentelle.network.surveys.questionnaire_forms import (
    BeginForm,
    ControlForm,
    FileForm,
    PresentForm,
    QuestionForm,
    SectionForm,
    WritingForm,
    ask_initial,
    before_part,
    control_initial,
    when_initial,
)
from dentelle.network.surveys.reading import read
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.rules.questionnaires import CONTROLS, Control, Document, changes, flaws, told, told_condition


def head(request: HttpRequest) -> NetworkSeat:
    """Return who acts for the network: set by the middleware, checked by the door."""
    return request.network_seat  # type: ignore[attr-defined,no-any-return]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a questionnaire: blank, or copied from one there."""
    origins = [
        (str(each.pk), f"de « {each.title} », version {each.version}") for each in questionnaires_of(head(request))
    ]
    chosen = request.GET.get("copie", "")
    form = BeginForm(request.POST or None, origins=origins, initial={"origin": chosen})
    if request.method == "POST" and form.is_valid():
        origin = form.cleaned_data["origin"]
        try:
            made = writing.begin(
                head(request), form.cleaned_data["title"], origin=int(origin) if origin else None, at=timezone.now()
            )
        except writing.Flawed as refused:
            form.tell(refused.flaws)
        else:
            return redirect("surveys:write", pk=made.pk)
    context = {"form": form, "file_form": FileForm(), "wrong": []}
    return render(request, "surveys/begin.html", context, status=422 if form.errors else 200)


@network_heads()
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Begin a questionnaire from its file; what is wrong in it is told line by line."""
    form = FileForm(request.POST, request.FILES)
    wrong: list[Wrong] = []
    if form.is_valid():
        document, wrong = read_file(form.cleaned_data["file"].read())
        if document is not None and not wrong:
            made = writing.begin_from_file(head(request), document, at=timezone.now())
            return redirect("surveys:write", pk=made.pk)
    origins = [
        (str(each.pk), f"de « {each.title} », version {each.version}") for each in questionnaires_of(head(request))
    ]
    context = {"form": BeginForm(origins=origins), "file_form": form, "wrong": wrong[:50]}
    return render(request, "surveys/begin.html", context, status=422)


@network_heads()
@require_safe
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, part by part: what each question is, what is still missing, what changed since the version before."""
    return _write_page(request, _draft(request, pk))


def _draft(request: HttpRequest, pk: int) -> Questionnaire:
    """Return a draft; 404 for a version published, but to what is sent: the act refuses it, beside what was typed."""
    found = questionnaire_of(head(request), pk)
    if found.published_at is not None and request.method != "POST":
        raise Http404
    return found


def _gone(request: HttpRequest, pk: int, what: str, names: Sequence[str]) -> HttpResponse:
    """Go back to the draft without a piece another window took away, giving back what was typed of it; 404 to who only reads."""
    if request.method != "POST":
        raise Http404
    typed = ", ".join(f"«\u202f{text}\u202f»" for name in names if (text := request.POST.get(name, "").strip()))
    lost = f" Ce que vous écriviez n’est pas enregistré\u202f: {typed}." if typed else ""
    messages.warning(request, f"{what}, depuis une autre fenêtre.{lost}")
    return redirect("surveys:write", pk=pk)


def _write_page(
    request: HttpRequest, draft: Questionnaire, form: FileForm | None = None, wrong: list[Wrong] | None = None
) -> HttpResponse:
    document = document_of(draft)
    former = writing.former_of(head(request), draft.code)
    context = {
        "questionnaire": draft,
        "parts": [
            {
                "part": part,
                "when": told_condition(part.only_if, document),
                "asks": [(ask, told_condition(ask.only_if, document)) for ask in part.asks],
            }
            for part in document.parts
        ],
        "controls": [told(control, document) for control in document.controls],
        "missing": [flaw.sentence for flaw in flaws(document, former)],
        "changes": changes(former[0][1], document) if former else [],
        "former": former[0][0] if former else None,
        "count": sum(1 for _ in document.asks()),
        "file_form": form or FileForm(),
        "wrong": wrong or [],
        "kinds": CONTROLS,
    }
    return render(request, "surveys/write.html", context, status=422 if form is not None else 200)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the title, the presentation and the source."""
    draft = _draft(request, pk)
    now = {"title": draft.title, "intro": draft.intro, "source": draft.source}

    def keep(form: PresentForm) -> None:
        writing.present(head(request), pk, **form.cleaned_data, at=timezone.now())

    saved = save_together(request, PresentForm, now, keep, _accepted)
    return _form_page(request, draft, saved, "Présentation du questionnaire")


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    """Write a part: its title, how many times it is answered, when it is asked."""
    draft = _draft(request, pk)
    document = document_of(draft)
    known = document.part(code)
    if code and known is None:
        return _gone(request, pk, "Cette partie a été retirée du brouillon", ("title", "intro", "item"))
    now: dict[str, object] = {}
    if known is not None:
        now = {"title": known.title, "intro": known.intro, "most": known.most, "item": known.item}
        now["when"] = when_initial(known.only_if)

    def build(data: QueryDict | None = None, *, initial: dict[str, object]) -> SectionForm:
        form = SectionForm(data, initial=initial)
        form.may_depend_on(before_part(document, code))
        return form

    def keep(form: SectionForm) -> str:
        return writing.write_part(head(request), pk, form.part(code), at=timezone.now())

    removal = None
    if known is not None:
        count = len(known.asks)
        with_it = f" et ses {count} questions" if count > 1 else " et sa question" if count else ""
        removal = ("partie", code, f"Retire la partie{with_it} de ce brouillon.")
    title = f"Partie «\u202f{known.title}\u202f»" if known else "Nouvelle partie"
    return _form_page(request, draft, save_together(request, build, now, keep, _accepted), title, removal)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int, code: str = "", part_code: str = "") -> HttpResponse:
    """Write a question: its words, how it is answered, when it is asked."""
    draft = _draft(request, pk)
    document = document_of(draft)
    known = document.ask(code) if code else None
    there = document.part_of(code) if code else document.part(part_code)
    if there is None:
        what = "Cette question a été retirée du brouillon" if code else "La partie a été retirée du brouillon"
        return _gone(request, pk, what, ("label", "help", "options", "unit"))

    def build(data: QueryDict | None = None, *, initial: dict[str, object]) -> QuestionForm:
        return QuestionForm(data, initial=initial, document=document, ask=known)

    def keep(form: QuestionForm) -> str:
        return writing.write_ask(
            head(request), pk, form.cleaned_data["part"], form.written(), new=known is None, at=timezone.now()
        )  # fmt: skip

    removal = None
    if known is not None:
        asked = any(document.ask(code) for _, document in writing.former_of(head(request), draft.code))
        kept = " Ce qui a été répondu dans les versions précédentes reste." if asked else ""
        removal = ("question", code, f"Retire la question de ce brouillon.{kept}")
    title = "Question" if known else f"Nouvelle question dans «\u202f{there.title}\u202f»"
    now = ask_initial(known, there.code)
    saved = save_together(request, build, now, keep, _accepted, tied=QuestionForm.TIED)
    return _form_page(request, draft, saved, title, removal)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def control(request: HttpRequest, pk: int, rank: int | None = None) -> HttpResponse:
    """Write a control: what makes an answer doubtful."""
    draft = _draft(request, pk)
    document = document_of(draft)
    known = document.controls[rank] if rank is not None and rank < len(document.controls) else None
    if rank is not None and (known is None or request.POST.get("controle", _named(known)) != _named(known)):
        return _gone(request, pk, "Ce contrôle a été retiré ou remplacé", ("low", "high", "percent"))
    kind = known.kind if known else request.GET.get("nature", "")
    if kind not in CONTROLS:
        return redirect("surveys:write", pk=pk)

    def build(data: QueryDict | None = None, *, initial: dict[str, object]) -> ControlForm:
        return ControlForm(data, initial=initial, kind=kind, document=document)

    def keep(form: ControlForm) -> None:
        writing.write_control(head(request), pk, form.control(), rank=rank, at=timezone.now())

    removal = ("controle", str(rank), "Retire ce contrôle de ce brouillon.") if known else None
    saved = save_together(request, build, control_initial(kind, known), keep, _accepted)
    hidden = {"controle": _named(known)} if known else {}
    return _form_page(request, draft, saved, f"Contrôle\u202f: {CONTROLS[kind]}", removal, hidden)


def _named(control: Control) -> str:
    """What a control is about: its rank in a draft may become another's."""
    return f"{control.kind}:{control.value}"


def _accepted(form: WritingForm, act: Callable[[], object]) -> bool:
    """Do an act when a form is right; what the rules refuse is told at its field."""
    if not form.is_valid():
        return False
    try:
        act()
    except writing.Flawed as refused:
        form.tell(refused.flaws)
    except SurveyRefused as refused:
        form.add_error(None, str(refused))
    else:
        return True
    return False


def _form_page(
    request: HttpRequest,
    draft: Questionnaire,
    saved: Saved[Any],
    title: str,
    removal: tuple[str, str, str] | None = None,
    hidden: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show one form of a draft, or go back to the draft once what it says is kept."""
    if saved.done:
        return redirect("surveys:write", pk=draft.pk)
    context = {"questionnaire": draft, "title": title, "removal": removal, "hidden": (hidden or {}).items()}
    context |= saved.shown
    return render(request, "surveys/write_form.html", context, status=saved.status)


Act = Callable[[HttpRequest, int, datetime], HttpResponse]


def _publish(request: HttpRequest, pk: int, at: datetime) -> HttpResponse:
    made = writing.publish(head(request), pk, at=at)
    messages.success(
        request, f"Version {made.version} publiée\u00a0: elle ne change plus, une campagne peut commencer."
    )
    return redirect("surveys:questionnaire", pk=pk)


def _next(request: HttpRequest, pk: int, at: datetime) -> HttpResponse:
    made = writing.prepare_next(head(request), pk, at=at)
    return redirect("surveys:write", pk=made.pk)


def _shipped(request: HttpRequest, pk: int, at: datetime) -> HttpResponse:
    made = writing.prepare_next(head(request), pk, at=at, from_shipped=True)
    return redirect("surveys:write", pk=made.pk)


def _drop(request: HttpRequest, pk: int, at: datetime) -> HttpResponse:
    writing.drop(head(request), pk, at=at)
    messages.success(request, "Brouillon abandonné.")
    return redirect("surveys:campaigns")


def _move(by: int) -> Act:
    def moved(request: HttpRequest, pk: int, at: datetime) -> HttpResponse:
        what, code = _what(request)
        if what == "controle":
            raise Http404
        writing.move(head(request), pk, what, code, by=by, at=at)
        return redirect(f"{reverse('surveys:write', kwargs={'pk': pk})}#{what}-{code}")

    return moved


def _remove(request: HttpRequest, pk: int, at: datetime) -> HttpResponse:
    what, code = _what(request)
    writing.remove(head(request), pk, what, code, at=at)
    return redirect("surveys:write", pk=pk)


def _what(request: HttpRequest) -> tuple[str, str]:
    what, _, code = request.POST.get("quoi", "").partition(":")
    if what not in ("partie", "question", "controle") or not code:
        raise Http404
    return what, code


ACTS: dict[str, Act] = {
    "publier": _publish,
    "suivante": _next,
    "trame": _shipped,
    "abandonner": _drop,
    "monter": _move(-1),
    "descendre": _move(1),
    "retirer": _remove,
}


@network_heads()
@require_POST
def writing_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Publish, prepare the next version, drop a draft; move or remove a part, a question, a control."""
    if code not in ACTS:
        raise Http404
    found = questionnaire_of(head(request), pk)
    try:
        return ACTS[code](request, pk, timezone.now())
    except SurveyRefused as refused:
        messages.error(request, str(refused))
    return redirect("surveys:questionnaire" if found.published_at else "surveys:write", pk=pk)


@network_heads()
@require_POST
def upload_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what a file says in the place of a draft; what is wrong in it is told line by line."""
    draft = _draft(request, pk)
    form = FileForm(request.POST, request.FILES)
    wrong: list[Wrong] = []
    if form.is_valid():
        document, wrong = read_file(form.cleaned_data["file"].read(), writing.former_of(head(request), draft.code))
        if document is not None and not wrong:
            try:
                writing.replace_by(head(request), pk, document, at=timezone.now())
            except SurveyRefused as refused:
                form.add_error("file", str(refused))
            else:
                messages.success(request, "Le brouillon est celui du fichier.")
                return redirect("surveys:write", pk=pk)
    return _write_page(request, draft, form, wrong[:50])


@network_heads()
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A questionnaire as who answers sees it; nothing typed is kept."""
    found = questionnaire_of(head(request), pk)
    whole = read(found)
    if not whole.blocks:
        messages.info(request, "Il n’y a encore rien à voir\u00a0: ajoutez une partie.")
        return redirect("surveys:write", pk=pk)
    code = request.GET.get("partie", whole.blocks[0].code)
    block = whole.block(code)
    if block is None:
        raise Http404
    here = reverse("surveys:preview", kwargs={"pk": pk})
    document = document_of(found)
    shown = document.part(code)
    rank = whole.blocks.index(block)
    context = {
        "questionnaire": found,
        "form": PartForm(block),
        "part": block,
        "when": told_condition(shown.only_if if shown else None, document),
        "elsewhere": _elsewhere(document, code),
        "rank": rank + 1,
        "of": len(whole.blocks),
        "steps": [(each, f"{here}?partie={each.code}") for each in whole.blocks],
        "next_url": f"{here}?partie={whole.blocks[rank + 1].code}" if rank + 1 < len(whole.blocks) else "",
    }
    return render(request, "surveys/preview.html", context)


def _elsewhere(document: Document, code: str) -> list[tuple[str, str]]:
    """Return the questions of a part that depend on an answer given in another one, and on which."""
    part = document.part(code)
    own = {ask.code for ask in part.asks} if part else set()
    return [
        (ask.label, told_condition(ask.only_if, document))
        for ask in (part.asks if part else ())
        if ask.only_if is not None and ask.only_if.question not in own
    ]


@network_heads()
@require_safe
def questionnaire_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A questionnaire as its YAML file."""
    found = questionnaire_of(head(request), pk)
    response = HttpResponse(as_file(document_of(found)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}-v{found.version}.yaml"'
    response["Cache-Control"] = "private, no-store"
    return response
