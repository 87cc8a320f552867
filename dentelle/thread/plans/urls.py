from django.urls import path

from . import seat_views, views

app_name = "plans"
urlpatterns = [
    path("programmations/", views.plan_list, name="list"),
    path("programmations/<int:pk>", views.plan, name="plan"),
    path("programmations/<int:pk>/tableur", views.workbook, name="workbook"),
    path("programmations/<int:pk>/page", views.paper, name="paper"),
    path("programmations/achat/<int:pk>", views.line, name="line"),
    path("programmations/achat/<int:pk>/metier", views.line_act, name="line-act"),
    path("programmations/<int:pk>/<slug:code>", views.plan_act, name="act"),
    path("mes-programmations/", seat_views.plan_list, name="seat-list"),
    path("mes-programmations/<int:pk>", seat_views.plan, name="seat-plan"),
    path("mes-programmations/<int:pk>/tableur", seat_views.workbook, name="seat-workbook"),
    path("mes-programmations/<int:pk>/page", seat_views.paper, name="seat-paper"),
    path("mes-programmations/achat/<int:pk>", seat_views.line, name="seat-line"),
    path("mes-programmations/achat/<int:pk>/metier", seat_views.line_act, name="seat-line-act"),
    path("mes-programmations/<int:pk>/<slug:code>", seat_views.plan_act, name="seat-act"),
]
