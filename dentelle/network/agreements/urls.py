from django.urls import path

from . import map_views, seat_views, views

app_name = "agreements"
urlpatterns = [
    path("conventions/", views.agreement_list, name="list"),
    path("conventions/nouvelle", views.new, name="new"),
    path("conventions/exemple-2020", views.load_example, name="load-example"),
    path("conventions/cote-a-cote", views.compare, name="compare"),
    path("conventions/<int:pk>", views.detail, name="detail"),
    path("conventions/<int:pk>/modifier", views.edit, name="edit"),
    path("conventions/<int:pk>/bilan/<int:year>", views.review, name="review"),
    path("conventions/<int:pk>/texte.docx", views.document, name="document"),
    path("conventions/<int:pk>/exemplaire-signe.pdf", views.signed_file, name="signed-file"),
    path("conventions/<int:pk>/<slug:code>", views.act, name="act"),
    path("qui-fait-quoi/", map_views.who_does_what, name="map"),
    path("qui-fait-quoi/ajouter", map_views.service_new, name="service-new"),
    path("qui-fait-quoi/<int:pk>/retirer", map_views.service_end, name="service-end"),
    path("mes-conventions/", seat_views.agreement_list, name="seat-list"),
    path("mes-conventions/qui-fait-quoi", map_views.seat_who_does_what, name="seat-map"),
    path("mes-conventions/cote-a-cote", seat_views.compare, name="seat-compare"),
    path("mes-conventions/<int:pk>", seat_views.detail, name="seat-detail"),
    path("mes-conventions/<int:pk>/bilan/<int:year>", seat_views.review, name="seat-review"),
    path("mes-conventions/<int:pk>/texte.docx", seat_views.document, name="seat-document"),
    path("mes-conventions/<int:pk>/exemplaire-signe.pdf", seat_views.signed_file, name="seat-signed-file"),
    path("mes-conventions/<int:pk>/<slug:code>", seat_views.act, name="seat-act"),
]
