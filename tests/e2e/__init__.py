"""Journeys in a real browser: Debian's Chromium driven by Playwright, pages checked by axe, nothing asked of other machines."""
