from django.db import models
from django.db.models import Q


class SearchEntry(models.Model):
    """The words under which one object is found. Rebuilt at will (``dentelle search rebuild``): nothing is known only here."""

    kind = models.CharField("sorte d’objet", max_length=30)
    object_id = models.BigIntegerField("clé")
    # « =korganisation =s0 »: the kind, then who may find it (s0 anybody of a structure, s12 structure 12, o7 organisation 7)
    scopes = models.TextField("portée")
    words = models.TextField("mots")  # lower case ASCII words, one space between two
    weight = models.PositiveIntegerField("poids")  # the lighter comes first: length of what is shown

    class Meta:
        verbose_name = "entrée de recherche"
        verbose_name_plural = "entrées de recherche"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry_per_object"),
            # PostgreSQL makes lexemes of them as they are, and refuses an empty one
            models.CheckConstraint(condition=~Q(words="") & ~Q(scopes=""), name="search_entry_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchText(models.Model):
    """The stems of one object people describe at length (a practice sheet): what it is looked for in whole sentences by.

    Kept beside its ``SearchEntry`` by kinds registered with a ``long_text``. Rebuilt at will, as the entries are.
    """

    kind = models.CharField("sorte d’objet", max_length=30)
    object_id = models.BigIntegerField("clé")
    scopes = models.TextField("portée")  # as in SearchEntry
    title = models.TextField("racines du titre")
    keys = models.TextField("racines des mots clés")
    body = models.TextField("racines du texte")

    class Meta:
        verbose_name = "texte cherché"
        verbose_name_plural = "textes cherchés"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_text_per_object"),
            models.CheckConstraint(condition=~Q(scopes=""), name="search_text_has_scopes"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
