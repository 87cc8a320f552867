"""One line per room; each room keeps its own addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("dentelle.web.urls")),
    path("", include("dentelle.foundations.signin.urls")),
    path("api/v1/", include("dentelle.web.api.urls")),
    path("", include("dentelle.foundations.digests.urls")),
    path("courriels/", include("dentelle.foundations.messages.urls")),
    path("", include("dentelle.foundations.invitations.urls")),
    path("a-faire/", include("dentelle.foundations.awaiting.urls")),
    path("", include("dentelle.foundations.structures.urls")),
    path("structure/jetons/", include("dentelle.foundations.tokens.urls")),
    path("structure/donnees/", include("dentelle.foundations.takeout.urls")),
    path("", include("dentelle.foundations.intake.urls")),
    path("", include("dentelle.thread.purchases.urls")),
    path("", include("dentelle.thread.plans.urls")),
    path("territoire/", include("dentelle.thread.territory.urls")),
    path("", include("dentelle.web.spaces.urls")),
    path("contrats/", include("dentelle.thread.contracts.urls")),
    path("pieces/", include("dentelle.thread.papers.urls")),
    path("publications/", include("dentelle.thread.publications.urls")),
    path("", include("dentelle.network.agreements.urls")),
    path("gouvernance/", include("dentelle.network.governance.urls")),
    path("", include("dentelle.network.members.urls")),
    path("bibliotheque/", include("dentelle.network.library.urls")),
    path("calibrages/", include("dentelle.thread.clauses.urls")),
    path("", include("dentelle.network.surveys.urls")),
    path("", include("dentelle.network.practices.urls")),
    path("", include("dentelle.network.advocacy.urls")),
    path("", include("dentelle.network.tour.urls")),
    path("organisations/", include("dentelle.foundations.directory.urls")),
    path("recherche/", include("dentelle.foundations.search.urls")),
    path("travaux/", include("dentelle.foundations.jobs.urls")),
    path("fichiers/", include("dentelle.foundations.documents.urls")),
]

handler400 = "dentelle.web.views.bad_request"
handler404 = "dentelle.web.views.not_found"
handler429 = "dentelle.web.views.too_many"  # asked for by allauth's rate limits
handler500 = "dentelle.web.views.server_error"
