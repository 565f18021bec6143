"""What English says about time."""

from handlers.when.english.days import DAYS
from handlers.when.english.lengths import LENGTHS
from handlers.when.english.rules import RULES
from handlers.when.english.times import TIMES

ENGLISH = (DAYS, LENGTHS, TIMES, RULES)
