"""What the journal says of invitations and links."""

from dentelle.foundations.journal.sentences import register

register(
    {
        "invitation.sent": "a envoyé l’invitation",
        "invitation.sent_again": "a renvoyé l’invitation",
        "invitation.revoked": "a retiré l’invitation",
        "invitation.accepted": "a accepté l’invitation",
        "link.sent": "a envoyé le lien d’accès n° {link}",
        "link.opened": "a vu s’ouvrir le lien d’accès n° {link}",
        "link.renewed": "a renvoyé, sur demande du destinataire, le lien d’accès n° {link}",
        "link.revoked": "a fermé le lien d’accès n° {link}",
    }
)
