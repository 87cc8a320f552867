from django.conf import settings
from django.db import models

from dentelle.foundations.organisations.models import Structure


class SavedView(models.Model):
    """A list a person keeps under a name: the filters, order and columns of its address."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+", verbose_name="structure")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="personne"
    )
    name = models.CharField("nom", max_length=80)
    query = models.CharField("adresse", max_length=2000, blank=True)
    created_at = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "user", "name"], name="saved_view_name_once_per_person")
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """The columns a person last chose for the list, in one structure."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+", verbose_name="structure")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="personne"
    )
    columns = models.JSONField("colonnes", default=list)

    class Meta:
        verbose_name = "choix de colonnes"
        verbose_name_plural = "choix de colonnes"
        constraints = [
            models.UniqueConstraint(fields=["structure", "user"], name="column_choice_once_per_person_and_structure")
        ]

    def __str__(self) -> str:
        return ", ".join(self.columns)
