from django.urls import path

from . import network_views, people_views, structure_views, views

app_name = "structures"
urlpatterns = [
    path("agir-pour/", views.wear_hat, name="wear"),
    path("structure/", structure_views.structure, name="structure"),
    path("structure/identite/", structure_views.identity, name="identity"),
    path("structure/dispositifs/nouveau/", structure_views.device_new, name="device-new"),
    path("structure/dispositifs/<int:pk>/fermer/", structure_views.device_close, name="device-close"),
    path("structure/territoire/", structure_views.coverage, name="coverage"),
    path("structure/personnes/<int:pk>/", people_views.person, name="person"),
    path("structure/personnes/<int:pk>/role/", people_views.change_role, name="person-role"),
    path("structure/personnes/<int:pk>/transmettre/", people_views.hand_over, name="person-hand-over"),
    path("structure/personnes/<int:pk>/retirer/", people_views.remove, name="person-remove"),
    path("reseau/", network_views.network, name="network"),
    path("reseau/nouvelle/", network_views.structure_new, name="network-structure-new"),
    path("reseau/<int:pk>/", network_views.network_structure, name="network-structure"),
    path("reseau/<int:pk>/agreer/", network_views.approve, name="network-approve"),
    path("reseau/<int:pk>/refuser/", network_views.refuse, name="network-refuse"),
    path("reseau/<int:pk>/fermer/", network_views.close, name="network-close"),
]
