"""Published sheets are sorted by their budget, time to set up, tools, transfer profile and first year, without being published again."""

from itertools import islice

from django.db import migrations

# as they were the day this was written; ``rules.practices`` has those of today
BUDGETS = ((20_000_000, "from_200k"), (5_000_000, "from_50k"), (1_000_000, "from_10k"), (0, "under_10k"))
SETUPS = ((12, "from_12"), (6, "from_6"), (3, "from_3"), (0, "under_3"))
EASY = 2
ADDED = ("budget", "setup", "with_tools", "transfer", "year")
AT_ONCE = 1_000


def _band(figure, bands):
    return next((code for least, code in bands if figure >= least), bands[-1][1])


def _pairs(content, profile):
    if content.get("budget_cents") is not None:
        yield "budget", _band(content["budget_cents"], BUDGETS)
    if content.get("setup_months") is not None:
        yield "setup", _band(content["setup_months"], SETUPS)
    if content.get("tools"):
        yield "with_tools", "yes"
    for code in ("context", "legal", "cost", "partners", "launch", "skills", "replicated"):
        if profile.get(code, 0) >= EASY:
            yield "transfer", code
    year = str(content.get("started_on", ""))[:4]
    if year.isdecimal():
        yield "year", year


def sort_more(apps, schema_editor):
    tag = apps.get_model("practices", "PracticeTag")
    live = apps.get_model("practices", "Practice").objects.filter(published__isnull=False, archived_on=None)
    tags = (
        tag(
            network_id=practice.network_id,
            practice_id=practice.pk,
            structure_id=practice.structure_id,
            facet=facet,
            value=value,
        )
        for practice in live.select_related("published").order_by("pk").iterator(AT_ONCE)
        for facet, value in _pairs(practice.published.content, practice.published.profile)
    )
    while some := list(islice(tags, AT_ONCE)):
        tag.objects.bulk_create(some, ignore_conflicts=True)


def sort_less(apps, schema_editor):
    apps.get_model("practices", "PracticeTag").objects.filter(facet__in=ADDED).delete()


class Migration(migrations.Migration):
    dependencies = [("practices", "0003_agreement_of_those_it_speaks_of")]
    operations = [migrations.RunPython(sort_more, sort_less)]
