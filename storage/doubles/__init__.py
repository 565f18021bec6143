"""Whether two records mean the same person: compared, weighed and explained."""
