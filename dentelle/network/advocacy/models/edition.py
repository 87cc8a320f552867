from django.db import models
from django.db.models import Q

from dentelle.foundations.documents.models import StoredFile
from dentelle.network.advocacy.models.paper import WhitePaper, network_key, user_key
from dentelle.network.advocacy.models.proposal import Proposal


class Edition(models.Model):
    """A white paper as it was one day: ``content`` says everything, the files print it. Nothing of it ever changes but its publication."""

    network = network_key()
    paper = models.ForeignKey(WhitePaper, on_delete=models.PROTECT, related_name="editions", verbose_name="livre blanc")
    number = models.PositiveSmallIntegerField("numéro")
    content = models.JSONField("contenu")
    sha256 = models.CharField("empreinte du contenu", max_length=64)
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="PDF")
    word = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="document Word")
    made_at = models.DateTimeField("éditée le")
    made_by = user_key("éditée par")
    published_on = models.DateField("publiée le", null=True)

    class Meta:
        verbose_name = "édition"
        ordering = ["paper", "-number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.paper}, édition {self.number}"


class Carried(models.Model):
    """The white paper was carried to somebody who may act on it: what they answered, what came of it."""

    network = network_key()
    paper = models.ForeignKey(WhitePaper, on_delete=models.PROTECT, related_name="carried", verbose_name="livre blanc")
    to_whom = models.CharField("à qui", max_length=200)
    carried_on = models.DateField("le")
    by_whom = models.CharField("par qui", max_length=200, blank=True)
    answer = models.TextField("réponse", max_length=2000, blank=True)
    answered_on = models.DateField("réponse le", null=True)
    outcome = models.TextField("ce qui en est sorti", max_length=2000, blank=True)

    class Meta:
        verbose_name = "remise du livre blanc"
        verbose_name_plural = "remises du livre blanc"
        ordering = ["carried_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="carried_answer_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return self.to_whom


class FollowUpState(models.TextChoices):
    UNANSWERED = "unanswered", "sans réponse"
    ENGAGED = "engaged", "engagée"
    TAKEN_UP = "taken_up", "reprise"
    REFUSED = "refused", "refusée"


class FollowUp(models.Model):
    """What became of a proposal, one day, and who says so."""

    network = network_key()
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="follow_ups", verbose_name="proposition"
    )
    state = models.CharField("suite", max_length=10, choices=FollowUpState)
    on = models.DateField("le")
    words = models.TextField("ce qui s’est passé", max_length=1500, blank=True)
    source = models.CharField("source", max_length=300)
    noted_at = models.DateTimeField("noté le")

    class Meta:
        verbose_name = "suite d’une proposition"
        verbose_name_plural = "suites de propositions"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FollowUpState.values), name="follow_up_state_known"),
            models.CheckConstraint(condition=~Q(source=""), name="follow_up_has_its_source"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
