from django.urls import path

from . import views

app_name = "publications"
urlpatterns = [
    path("", views.publication_list, name="list"),
    path("<int:pk>", views.publication_detail, name="detail"),
    path("<int:pk>/confirmer", views.publication_confirm, name="confirm"),
    path("<int:pk>/refuser", views.publication_refuse, name="refuse"),
    path("<int:pk>/rouvrir", views.publication_reopen, name="reopen"),
]
