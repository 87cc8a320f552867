"""What was sent stands, beside what is being changed; a campaign says when it was closed; what names somebody is marked.

Answers that were reopened before this, and went back to drafts, are asked for again. Of an anonymous campaign, what said whose
an answer was is erased, as its respondents were told.
"""

from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone


def say_what_was_sent(apps, schema_editor):
    alias = schema_editor.connection.alias
    responses = apps.get_model("surveys", "Response").objects.using(alias)
    invitees = apps.get_model("surveys", "Invitee").objects.using(alias)
    reopened = responses.filter(state="draft", submitted_on__isnull=False)
    invitees.filter(response__in=reopened.values("pk")).update(answered_on=None)
    reopened.update(submitted_on=None)
    responses.exclude(state="draft").update(version=1)
    for returned in responses.filter(state="returned").exclude(invitee=None).exclude(submitted_on=None):
        invitees.filter(pk=returned.invitee_id).update(answered_on=returned.submitted_on)


def say_when_it_closed(apps, schema_editor):
    alias = schema_editor.connection.alias
    entries = apps.get_model("journal", "Entry").objects.using(alias)
    closed = apps.get_model("surveys", "Campaign").objects.using(alias).filter(state="closed")
    closed.update(closed_on=F("closes_on"))
    for campaign in closed:
        acts = entries.filter(object_type="surveys.campaign", object_id=str(campaign.pk), act="campaign.closed")
        last = acts.order_by("-id").first()
        if last is not None:
            closed.filter(pk=campaign.pk).update(closed_on=timezone.localdate(last.at))


def mark_what_names_somebody(apps, schema_editor):
    alias = schema_editor.connection.alias
    questions = apps.get_model("surveys", "Question").objects.using(alias)
    names = Q(sheet_field__in=("host", "contact_name")) | Q(questionnaire__code="tour", code="place")
    questions.filter(names).update(identifies=True)
    answers = apps.get_model("surveys", "Answer").objects.using(alias)
    answers.filter(question__identifies=True, response__campaign__anonymous=True).exclude(
        response__state="draft"
    ).delete()


class Migration(migrations.Migration):
    # rows are changed before constraints are added: one transaction each on PostgreSQL
    atomic = False

    dependencies = [("surveys", "0001_initial"), ("journal", "0001_initial")]

    operations = [
        migrations.AddField("campaign", "closed_on", models.DateField(null=True, verbose_name="close le")),
        migrations.AddField(
            "campaign",
            "reopened_because",
            models.CharField(blank=True, default="", max_length=300, verbose_name="rouverte parce que"),
            preserve_default=False,
        ),
        migrations.AddField(
            "question",
            "identifies",
            models.BooleanField(default=False, verbose_name="dit de qui vient la réponse"),
        ),
        migrations.AddField(
            "response", "version", models.PositiveSmallIntegerField(default=0, verbose_name="version envoyée")
        ),
        migrations.AddField("response", "working", models.JSONField(null=True, verbose_name="changements à envoyer")),
        migrations.AddField(
            "response", "former", models.JSONField(default=list, verbose_name="versions envoyées avant")
        ),
        migrations.RunPython(say_what_was_sent, migrations.RunPython.noop, atomic=True),
        migrations.RunPython(say_when_it_closed, migrations.RunPython.noop, atomic=True),
        migrations.RunPython(mark_what_names_somebody, migrations.RunPython.noop, atomic=True),
        migrations.AddConstraint(
            "campaign",
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="closed_campaign_says_since_when",
            ),
        ),
        migrations.AddConstraint(
            "response",
            models.CheckConstraint(
                condition=Q(state="draft", version=0, working__isnull=True) | (~Q(state="draft") & Q(version__gte=1)),
                name="sent_response_has_a_version",
            ),
        ),
    ]
