from django.urls import path

from . import seat_views, views

app_name = "intake"
urlpatterns = [
    path("depots/", views.drop_list, name="list"),
    path("depots/nouveau/<slug:purpose>", views.drop_new, name="new"),
    path("depots/<int:pk>", views.drop_grid, name="grid"),
    path("depots/<int:pk>/avancement", views.drop_progress, name="progress"),
    path("depots/<int:pk>/<slug:code>", views.drop_act, name="act"),
    path("mes-depots/nouveau/<slug:purpose>", seat_views.drop_new, name="seat-new"),
    path("mes-depots/<int:pk>", seat_views.drop_grid, name="seat-grid"),
    path("mes-depots/<int:pk>/avancement", seat_views.drop_progress, name="seat-progress"),
    path("mes-depots/<int:pk>/<slug:code>", seat_views.drop_act, name="seat-act"),
]
