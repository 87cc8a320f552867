from django.urls import path

from . import link_views, share_views, views

app_name = "clauses"

urlpatterns = [
    path("", views.calibration_list, name="list"),
    path("nouveau", views.calibration_new, name="new"),
    path("apercu", views.calibration_preview, name="preview"),
    path("<int:pk>/", views.calibration_detail, name="detail"),
    path("<int:pk>/modifier", views.calibration_edit, name="edit"),
    path("<int:pk>/recalculer", views.calibration_recompute, name="recompute"),
    path("<int:pk>/dupliquer", views.calibration_duplicate, name="duplicate"),
    path("<int:pk>/note.pdf", views.note_as_pdf, name="note-pdf"),
    path("<int:pk>/note.docx", views.note_as_word, name="note-word"),
    path("<int:pk>/partages", share_views.share_create, name="share"),
    path("<int:pk>/partages/<int:share_pk>/fermer", share_views.share_revoke, name="share-revoke"),
    path("<int:pk>/destinataires", link_views.link_send, name="link-send"),
    path("<int:pk>/destinataires/<int:link_pk>/fermer", link_views.link_close, name="link-close"),
    path("recu/", link_views.received, name="received"),
    path("recu/note.pdf", link_views.received_note, name="received-note"),
    path("partage/<str:token>/", share_views.shared_calibration, name="shared"),
    path("partage/<str:token>/note.pdf", share_views.shared_note, name="shared-note"),
]
