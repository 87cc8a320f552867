from django.urls import path

from . import received_views, views

app_name = "spaces"
urlpatterns = [
    path("mes-contrats/", views.contract_list, name="home"),
    path("mes-contrats/<int:pk>", views.contract_detail, name="contract"),
    path("mes-contrats/<int:pk>/pieces/<uuid:uuid>", views.contract_file, name="file"),
    path("mes-contrats/<int:pk>/<slug:code>", views.contract_act, name="act"),
    path("mes-pieces/", views.file_list, name="files"),
    path("mes-indicateurs/", views.indicator_list, name="indicators"),
    path("mes-indicateurs/<slug:code>", views.indicator_lines, name="indicator"),
    path("recu/", received_views.received, name="received"),
    path("recu/pieces/<uuid:uuid>", received_views.received_file, name="received-file"),
    path("recu/<slug:code>", received_views.received_act, name="received-act"),
]
