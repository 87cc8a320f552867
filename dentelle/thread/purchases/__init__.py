"""What is bought, what comes back, and the data it is read from.

In: the serving store built from open procurement data (``opendata.marts.serving``), a territory. Out: the list of purchases
coming back, the page of one contract, exports, and the import of new files. Decided here: how a person filters, orders, keeps
and takes away these lists; nothing about a contract itself. Purchases are public data, the same for every structure; only
saved views, chosen columns and jobs belong to one.
"""
