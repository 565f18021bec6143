"""What English says about time."""

from handlers.when.english.days import DAYS
from handlers.when.english.holidays import HOLIDAYS
from handlers.when.english.lengths import COUNTED, LENGTHS
from handlers.when.english.monthly import MONTHLY
from handlers.when.english.months import MONTHS, SHORT_YEARS
from handlers.when.english.ranges import RANGES
from handlers.when.english.rules import RULES
from handlers.when.english.times import TIMES

ENGLISH = (DAYS, MONTHS, HOLIDAYS, LENGTHS, COUNTED, TIMES, RULES, MONTHLY, RANGES, SHORT_YEARS)
