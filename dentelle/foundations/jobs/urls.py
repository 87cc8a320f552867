from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("<uuid:uuid>/", views.detail, name="detail"),
    path("<uuid:uuid>/avancement/", views.progress, name="progress"),
    path("<uuid:uuid>/annuler/", views.cancel, name="cancel"),
    path("<uuid:uuid>/relancer/", views.retry, name="retry"),
]
