from django.urls import path

from . import link_views, network_views, views

app_name = "invitations"
urlpatterns = [
    path("invitations/", views.invitation_list, name="list"),
    path("invitations/<int:pk>/renvoyer/", views.send_again, name="send-again"),
    path("invitations/<int:pk>/retirer/", views.revoke, name="revoke"),
    path("reseau/invitations/", network_views.invitation_list, name="network-list"),
    path("reseau/invitations/<int:pk>/renvoyer/", network_views.send_again, name="network-send-again"),
    path("reseau/invitations/<int:pk>/retirer/", network_views.revoke, name="network-revoke"),
    path("invitation/<str:token>/", views.accept, name="accept"),
    path("lien/quitter/", link_views.leave, name="link-leave"),
    path("lien/<str:token>/", link_views.link, name="link"),
    path("lien/<str:token>/nouveau/", link_views.ask_again, name="link-again"),
]
