from django.urls import path

from . import link_views, views

app_name = "invitations"
urlpatterns = [
    path("invitations/", views.invitation_list, name="list"),
    path("invitations/<int:pk>/renvoyer/", views.send_again, name="send-again"),
    path("invitations/<int:pk>/retirer/", views.revoke, name="revoke"),
    path("invitation/<str:token>/", views.accept, name="accept"),
    path("lien/quitter/", link_views.leave, name="link-leave"),
    path("lien/<str:token>/", link_views.link, name="link"),
    path("lien/<str:token>/nouveau/", link_views.ask_again, name="link-again"),
]
