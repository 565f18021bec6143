"""What Chinese says about time."""

from handlers.when.chinese.days import DAYS
from handlers.when.chinese.holidays import HOLIDAYS
from handlers.when.chinese.lengths import LENGTHS, MIXED
from handlers.when.chinese.rules import RULES
from handlers.when.chinese.times import TIMES

CHINESE = (DAYS, HOLIDAYS, TIMES, LENGTHS, MIXED, RULES)
