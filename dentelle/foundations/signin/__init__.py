"""How people prove who they are, and how they look after their account.

In: a password, a code of an authenticator app, a passkey, a recovery code. Out: a session (``request.user``), and in the
journal every change of a way of signing in. Decided here: which addresses of django-allauth are served (nobody signs up
alone), how attempts are limited, and that no answer tells whether an account exists. Who the person is lives in ``accounts``.
"""
