"""The form of a zone's code: four digits, the first two being the region, or 00 when the zone spans several."""

import re

ZONE_CODE = re.compile(r"\d{4}")
ZONE_CODE_WIDTH = 4
