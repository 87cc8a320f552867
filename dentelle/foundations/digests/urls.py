from django.urls import path

from . import views

app_name = "digests"
urlpatterns = [
    path("compte/recapitulatif/", views.days, name="days"),
    path("courriels/recapitulatif/", views.preview, name="preview"),
    path("recapitulatif/arreter/<str:token>/", views.stop, name="stop"),
]
