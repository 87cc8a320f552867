"""Components: what each promises on screen."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template

from dentelle.web.templatetags.dentelle import STATUSES
from dentelle.web.thread import STATIONS, stations_until


def shown(source: str, **context: object) -> str:
    """The text of a template in one line, tags kept."""
    return " ".join(Template(source).render(Context(context)).replace("\u202f", " ").replace("&#8239;", " ").split())


def test_a_figure_opens_to_its_lines() -> None:
    html = shown('{% figure 1214 counts="marchés reviennent" compared="198 il y a un an" url="/achats/" %}')
    assert '<a href="/achats/"> 1 214' in html
    assert "198 il y a un an" in html


@pytest.mark.parametrize("value", [None, ""])
def test_an_unknown_figure_is_never_zero_nor_blank(value: object) -> None:
    html = shown('{% figure value unit="h" counts="taux" unknown=0.37 %}', value=value)
    assert "non renseigné (37 %)" in html
    assert "figure-unit" not in html


def test_a_known_figure_says_the_share_that_is_not_stated() -> None:
    assert "non renseigné : 37 %" in shown('{% figure 12 counts="marchés" unknown=0.37 %}')


def test_zero_is_a_figure() -> None:
    html = shown('{% figure 0 counts="marchés" %}')
    assert "> 0 <" in html
    assert "non renseigné" not in html


@pytest.mark.parametrize("code", STATUSES)
def test_a_status_is_a_word_and_a_shape_besides_its_colour(code: str) -> None:
    word, shape, _ = STATUSES[code]
    html = shown("{% status code %}", code=code)
    assert word in html
    assert f'aria-hidden="true">{shape}<' in html


def test_an_unknown_status_is_an_error() -> None:
    with pytest.raises(KeyError):
        shown('{% status "perhaps" %}')


def test_filters_read_as_a_sentence_and_can_be_taken_away() -> None:
    chips = [{"label": "obligatoires", "remove_url": "?a"}, {"label": "CA du Bocage"}]
    html = shown('{% filter_sentence chips "Marchés" clear_url="?" %}', chips=chips)
    assert html.count("chip-remove") == 1
    assert "retirer le filtre « obligatoires »" in html
    assert "Tout effacer" in html


def test_the_thread_is_filled_as_far_as_the_contract_has_come() -> None:
    stations = stations_until("clause", {"territory": "/territoire/", "hours": "/heures/"})
    assert [station.state for station in stations] == ["passed", "skipped", "current"] + ["ahead"] * 4
    assert [station.url for station in stations if station.url] == ["/territoire/"]
    html = shown('{% thread "clause" %}')
    assert html.count("<li") == len(STATIONS)
    assert html.count('aria-current="step"') == 1


def test_an_empty_place_says_what_why_and_the_next_step() -> None:
    html = shown('{% empty_state "Vos calibrages" why="Rien encore." step="Choisir un marché" url="/achats/" %}')
    assert "data-empty-state" in html
    assert "Rien encore." in html
    assert 'href="/achats/">Choisir un marché' in html


def test_the_pager_offers_only_pages_that_exist() -> None:
    html = shown('{% pager next_url="?apres=12" position="1 à 50 sur 214" %}')
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html
    assert shown("{% pager %}") == ""


def test_a_sorted_column_tells_its_order() -> None:
    html = shown('{% sort_header "Montant" url="?tri=-montant" direction="asc" number=True %}')
    assert 'aria-sort="ascending"' in html
    assert "aria-sort" not in shown('{% sort_header "Objet" url="?tri=objet" %}')


def test_the_page_itself_ends_the_breadcrumb() -> None:
    html = shown('{% breadcrumb "Achats" "/achats/" "Marché 2024-31" %}')
    assert '<a href="/achats/">Achats</a>' in html
    assert 'aria-current="page">Marché 2024-31' in html


class AmountForm(forms.Form):
    amount = forms.IntegerField(label="Montant", help_text="Hors taxes.")
    kind = forms.ChoiceField(label="Nature", choices=[("w", "Travaux")], widget=forms.RadioSelect, required=False)


def test_a_wrong_field_ties_its_help_and_error_to_the_box() -> None:
    html = shown('{% field form.amount unit="€ HT" %}', form=AmountForm({"amount": "abc"}))
    assert 'aria-describedby="id_amount-help id_amount-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="abc"' in html
    assert "€ HT" in html


def test_a_group_of_choices_is_named_and_says_it_is_optional() -> None:
    html = shown("{% field form.kind %}", form=AmountForm())
    assert 'role="group" aria-labelledby="id_kind-label"' in html
    assert "(facultatif)" in html


def test_an_explanation_shows_sources() -> None:
    steps = [
        "1 000 000 € × 50 %",
        {"text": "Part", "source": "Article L2112-2-1", "status": "certain", "url": "/source"},
    ]
    html = shown("{% explanation steps %}", steps=steps)
    assert "1 000 000 € × 50 %" in html
    assert '<a href="/source">Article L2112-2-1</a>' in html


def test_figures_say_their_source_date_and_coverage() -> None:
    html = shown('{% provenance "DECP" as_of="2026-11-03" coverage="61 % des marchés" %}')
    assert "Source : DECP, état au 3 novembre 2026. Couverture : 61 % des marchés." in html


def test_an_instant_is_shown_at_the_time_of_the_site() -> None:
    assert shown("{{ at|table_date }}", at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC)) == "22/11/2026"


def test_counted_takes_an_irregular_plural() -> None:
    assert shown('{{ 2|counted:"bail,baux" }}') == "2 baux"


def test_the_keyboard_help_lists_its_keys() -> None:
    html = shown('{% keyboard_help "j" "ligne suivante" %}')
    assert "<kbd>j</kbd>" in html
    assert 'data-opened-by-key="?"' in html


class Told(forms.Form):
    story = forms.CharField(max_length=3_000, help_text="Ce qui s’est passé.", widget=forms.Textarea)
    title = forms.CharField(max_length=160)
    free = forms.CharField(widget=forms.Textarea)


def test_a_long_text_says_its_limit_and_is_never_cut_by_the_browser() -> None:
    html = shown("{% field form.story %}", form=Told())
    box = html[html.index("<textarea") : html.index("</textarea>")]
    assert "maxlength" not in box
    assert 'data-limit="3000"' in box
    assert 'aria-describedby="id_story-help id_story-limit"' in box
    assert 'id="id_story-limit"> 3 000 caractères au plus.' in html
    assert 'role="status" id="id_story-left"' in html


def test_a_line_and_a_text_without_limit_say_no_limit() -> None:
    assert "caractères au plus" not in shown("{% field form.title %}{% field form.free %}", form=Told())


def test_a_text_too_long_is_refused_with_its_length_and_kept_whole() -> None:
    form = Told({"story": "m" * 3_001, "title": "Un", "free": "Deux"})
    html = shown("{% field form.story %}", form=form)
    assert not form.is_valid()
    assert "3001" in html[html.index("field-error") :]
    assert "m" * 3_001 in html
