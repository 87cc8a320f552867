"""An uploaded template is code and a document of a stranger: what it may not do, tried."""

import io
import zipfile
from typing import Any

import pytest

from dentelle.foundations.documents.actions import UploadRefused
from dentelle.thread.papers import sandbox
from dentelle.thread.papers.actions import look_at
from dentelle.thread.papers.building import shipped_template
from dentelle.thread.papers.catalogue import PAPERS
from dentelle.thread.papers.context import sample, schema
from dentelle.thread.papers.package import PackageRefused, check_package
from dentelle.thread.papers.rendering import unknown_in
from dentelle.thread.papers.sandbox import PaperEnvironment, TemplateRefused
from dentelle.thread.papers.trying import look
from tests.papers.making import replaced, template, with_part, written

RELS = "word/_rels/document.xml.rels"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def link(kind: bytes, target: bytes, mode: bytes = b"External") -> bytes:
    """A template with one more link."""
    one = (
        b'<Relationship Id="rId900" Type="' + OFFICE + kind + b'" Target="' + target + b'" TargetMode="' + mode + b'"/>'
    )
    return replaced(template("Bonjour"), RELS, b"</Relationships>", one + b"</Relationships>")


def field(*pieces: bytes) -> bytes:
    """A template whose first paragraph holds a field, its words cut in pieces."""
    runs = b"".join(b"<w:r><w:instrText>" + each + b"</w:instrText></w:r>" for each in pieces)
    inside = (
        b'<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + runs + b'<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    return replaced(template("Bonjour"), "word/document.xml", b"</w:p>", inside)


@pytest.mark.parametrize("kind", PAPERS, ids=lambda kind: kind.code)
def test_every_shipped_template_passes_its_own_examination(kind) -> None:
    assert look(shipped_template(kind.code)) == {"unknown": []}


@pytest.mark.parametrize("kind", PAPERS, ids=lambda kind: kind.code)
def test_a_shipped_template_is_the_same_bytes_each_time(kind) -> None:
    first = shipped_template(kind.code)
    shipped_template.cache_clear()
    assert shipped_template(kind.code) == first


@pytest.mark.parametrize(
    "written",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ marche.__class__ }}",
        "{{ marche['intitule'] }}",
        "{{ marche.intitule.upper() }}",
        "{{ marche.intitule|upper }}",
        "{{ marche.intitule|attr('format') }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum() }}",
        "{{ range(1000000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ marche.intitule ~ marche.intitule }}",
        "{{ 'a' if marche.signe else 'b' }}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'base' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for o in obligations recursive %}{{ loop(obligations) }}{% endfor %}",
        "{% for a, b in obligations %}{% endfor %}",
        "{% for o in obligations if o.stage %}{% endfor %}",
        "{% for o in [1, 2, 3] %}{% endfor %}",
        "{% for o in marche.intitule %}{% endfor %}",
        "{% for o in marche %}{% endfor %}",
        "{% raw %}{% endraw %}{% call marche() %}{% endcall %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% cellbg marche.intitule %}{{ loop.length * 2 }}",
        "{% if marche.signe == 'x' %}{% endif %}",
        "{% block a %}{% endblock %}",
        "{{ loop.cycle('a') }}",
    ],
)
def test_a_template_does_nothing_but_values_conditions_and_loops(written: str) -> None:
    found = look(template("Avant", written, "Après"))
    assert "refused" in found or found["unknown"], found


@pytest.mark.parametrize(
    "written", ["{{ marche.items }}", "{{ marche.keys }}", "{{ obligations.append }}", "{{ titre }}"]
)
def test_a_name_of_python_is_an_unknown_variable_and_reaches_nothing(written: str) -> None:
    found = unknown_in(template(written), sample())
    assert [each.name for each in found] == [written.strip("{} ")]
    assert "built-in" not in written_on_sample(written)


def written_on_sample(*lines: str) -> str:
    return written(template(*lines), sample())


def test_the_sandbox_holds_without_the_reading_of_the_tree() -> None:
    environment = PaperEnvironment(schema())
    for attack in ("{{ a.__class__ }}", "{{ a['b'] }}", "{{ a.items }}"):
        assert "n’existe pas" in super(PaperEnvironment, environment).from_string(attack).render(a={"b": "secret"})
    with pytest.raises(Exception, match="safely callable"):
        super(PaperEnvironment, environment).from_string("{{ a() }}").render(a=list)


def test_an_unknown_variable_is_told_with_its_paragraph_and_written_as_a_blank() -> None:
    lines = ("Le marché {{ marche.intitulé_long }} est notifié.",)
    (found,) = unknown_in(template(*lines), sample())
    assert found.name == "marche.intitulé_long"
    assert found.place == "Le marché {{ marche.intitulé_long }} est notifié."
    assert "[à compléter : la variable « intitulé_long » n’existe pas]" in written_on_sample(*lines)


def test_unknown_variables_are_found_inside_loops_conditions_and_the_footer() -> None:
    lines = (
        "% for o in obligations",
        "{{ o.heure }}",
        "% endfor",
        "% if comporte.rien",
        "x",
        "% endif",
        "{{ o.rang }}",
    )
    content = template(*lines)
    footer = next(
        name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "footer" in name and "rels" not in name
    )
    content = replaced(content, footer, b"structure.nom", b"structure.nome")
    assert {each.name for each in unknown_in(content, sample())} == {"o.heure", "comporte.rien", "o", "structure.nome"}


def test_loops_have_a_bounded_depth() -> None:
    lines = [f"% for {name} in obligations" for name in "abcd"]
    with pytest.raises(TemplateRefused, match="3 niveaux"):
        unknown_in(template(*lines, "x", *["% endfor"] * 4), sample())


def test_loops_inside_loops_stop_turning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_TURNS", 10)
    lines = [f"% for {name} in obligations" for name in "abc"]
    with pytest.raises(TemplateRefused, match="tournent trop"):
        unknown_in(template(*lines, "x", *["% endfor"] * 3), sample())


def test_a_document_made_enormous_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_WRITTEN", 20_000)
    lines = ["% for o in obligations", *["mots " * 200] * 20, "% endfor"]
    with pytest.raises(TemplateRefused, match="démesuré"):
        unknown_in(template(*lines), sample())


def test_a_tag_left_open_is_said_with_its_place() -> None:
    found = look(template("Bonjour {% if marche.signe %} monde"))
    assert "n’est pas refermée" in found["refused"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 rien", "broken"),
        (b"", "broken"),
        (with_part(template("a"), "word/vbaProject.bin", b"x"), "active"),
        (with_part(template("a"), "word/embeddings/oleObject1.bin", b"x"), "active"),
        (with_part(template("a"), "word/activeX/activeX1.xml", b"<a/>"), "active"),
        (with_part(template("a"), "../../etc/cron.d/x", b"x"), "path"),
        (with_part(template("a"), "/etc/x", b"x"), "path"),
        (with_part(template("a"), "word/media/a.png", b"\0" * 50_000_000), "bomb"),
        (with_part(template("a"), "word/header9.xml", b" " * 4_000_000), "bomb"),
        (
            replaced(
                template("a"),
                "[Content_Types].xml",
                b"wordprocessingml.document.main",
                b"wordprocessingml.template.main",
            ),
            "not_word",
        ),
        (
            replaced(
                template("a"),
                "[Content_Types].xml",
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
            "macros",
        ),
        (link(b"attachedTemplate", b"http://ailleurs.example/x.dotm"), "external"),
        (link(b"attachedTemplate", b"file:///C:/modeles/x.dotx"), "external"),
        (link(b"image", b"http://ailleurs.example/pixel.png"), "external"),
        (link(b"oleObject", b"mhtml:http://ailleurs.example!x"), "external"),
        (link(b"frame", b"http://ailleurs.example/"), "external"),
        (link(b"hyperlink", b"javascript:alert(1)"), "external"),
        (link(b"hyperlink", b"file://serveur/partage"), "external"),
        (link(b"aFChunk", b"/word/autre.html", b"Internal"), "link"),
        (link(b"package", b"/word/autre.xlsx", b"Internal"), "link"),
        (field(b" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "), "field"),
        (field(b" INCLUDE", b"PICTURE http://ailleurs.example/x "), "field"),
        (field(b" INCLUDETEXT //serveur/partage/x.docx "), "field"),
        (field(b" MACROBUTTON Ouvrir "), "field"),
        (
            replaced(template("a"), "word/document.xml", b"<w:body>", b'<w:body><w:altChunk r:id="rId1"/>'),
            "link",
        ),
        (
            with_part(
                template("a"),
                "word/document.xml",
                b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            ),
            "doctype",
        ),
        (
            with_part(
                template("a"),
                "word/settings.xml",
                b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>',
            ),
            "doctype",
        ),
    ],
)
def test_only_a_plain_word_document_comes_in(content: bytes, code: str) -> None:
    with pytest.raises(PackageRefused) as refused:
        check_package(content)
    assert refused.value.code == code


def test_a_link_somebody_may_click_is_kept() -> None:
    check_package(link(b"hyperlink", b"https://www.legifrance.gouv.fr/"))


def test_the_fields_of_a_letter_are_kept() -> None:
    check_package(field(b" PA", b"GE \\* MERGEFORMAT "))


def test_a_part_that_lies_about_its_size_is_measured_as_it_unfolds() -> None:
    content = bytearray(with_part(template("a"), "word/media/a.png", b"\0" * 50_000_000))
    place = content.rindex(b"word/media/a.png")  # in the central directory, its size lies 22 bytes before its name
    content[place - 22 : place - 18] = (1000).to_bytes(4, "little")
    with pytest.raises(PackageRefused):
        check_package(bytes(content))


def test_a_part_given_twice_is_refused() -> None:
    written = io.BytesIO(template("a"))
    with zipfile.ZipFile(written, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<a/>")
    with pytest.raises(PackageRefused) as refused:
        check_package(written.getvalue())
    assert refused.value.code == "twice"


def test_the_examination_runs_apart_and_answers_the_same() -> None:
    assert look_at(template("Bonjour {{ inconnu }}")) == [["inconnu", "Bonjour {{ inconnu }}"]]
    with pytest.raises(UploadRefused, match="n’a droit qu’aux variables"):
        look_at(template("{{ range(3) }}"))


@pytest.mark.parametrize("answer", [{"returncode": -9, "stdout": b""}, {"returncode": 0, "stdout": b"???"}])
def test_an_examination_that_dies_refuses_the_template(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> None:
    class Done:
        returncode, stdout = answer["returncode"], answer["stdout"]

    monkeypatch.setattr("dentelle.thread.papers.actions.subprocess.run", lambda *args, **known: Done())
    with pytest.raises(UploadRefused, match="trop de temps ou de mémoire"):
        look_at(b"")


def test_a_document_made_to_be_slow_is_stopped() -> None:
    # cells opened and never closed: what the patterns of the library read again and again
    cells = b"<w:tc ><w:tcPr /><w:p ><w:r ><w:t>{% " * 60_000
    content = replaced(template("a"), "word/document.xml", b"<w:body>", b"<w:body><!--" + cells + b"-->")
    with pytest.raises(UploadRefused):
        look_at(content)
