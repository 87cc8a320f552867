"""The form of a committee's code: CLPE, the department, a rank (CLPE01001, CLPE2A001, CLPE97104).

In the Rhône the rank begins with D (department) or M (metropolis of Lyon): CLPE69D02, CLPE69M06.
"""

import re

COMMITTEE_CODE = re.compile(r"CLPE(?:\d{2}|2[AB])[\dDM]\d{2}")
