"""Practices: what somebody tried, told so that others may try it too, failures included.

In: sheets written by members or by the head of the network, an answer to a survey, a spreadsheet through ``intake``.
Out: sheets found by sentences, facets and likeness of territory (``queries.find``), those near a calibration or a contract
(``queries.related`` and its panel), what happened to whoever tried again. Decided here: draft → submitted → reviewed →
published, version by version; that nobody reviews what they wrote; that the head alone publishes. What a sheet must say and
when it grows old is in ``rules/practices``.
"""
