"""Publications: what was promised in a contract, and what open data say was promised.

In: the signed contracts of ``contracts`` and the awards of the serving store. Out: for each contract the value to publish,
the award that is the same contract with the reason why, and what is missing or different with its next step. Decided here:
what a clause is called in open purchasing data, and when two records are the same contract: by the buyer's SIRET and
number, or else by facts a person confirms.
"""
