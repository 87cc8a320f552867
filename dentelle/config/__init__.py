"""Settings, URLs and the WSGI door. Every setting has a default that works; ``docs/deploy.md`` lists them."""
