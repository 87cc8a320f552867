from django.urls import path

from . import contact_views, views

app_name = "directory"

urlpatterns = [
    path("", views.organisation_list, name="list"),
    path("proposees", views.organisation_options, name="options"),
    path("organisations.csv", views.organisation_export, name="export"),
    path("nouvelle", views.organisation_new, name="new"),
    path("avis-de-non-remise", contact_views.delivery_status, name="delivery-status"),
    path("<int:pk>/", views.organisation_detail, name="detail"),
    path("<int:pk>/modifier", views.organisation_edit, name="edit"),
    path("<int:pk>/natures", views.organisation_kinds, name="kinds"),
    path("<int:pk>/fusionner", views.organisation_merge, name="merge"),
    path("<int:pk>/contacts/nouveau", contact_views.contact_new, name="contact-new"),
    path("contacts/<int:pk>/modifier", contact_views.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/clore", contact_views.contact_close, name="contact-close"),
    path("contacts/<int:pk>/adresses", contact_views.email_add, name="email-add"),
    path("adresses/<int:pk>/clore", contact_views.email_close, name="email-close"),
    path("adresses/<int:pk>/rebondit", contact_views.email_bounced, name="email-bounced"),
    path("adresses/<int:pk>/fonctionne", contact_views.email_works, name="email-works"),
]
