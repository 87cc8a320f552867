"""What is sent once acts once.

In: the key every form of the site carries (``{% form_key %}``), seen by the door of the view. Out: the answer of the first
sending, given again to the second. Decided here: two sendings are the same when the person, the address, the key and all that
was typed are, under the same hat; a refused form may be sent again, a corrected one is another form. Nobody calls this:
``doors`` does, for whoever acts as somebody.
"""
