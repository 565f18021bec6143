"""Files of other programs, read row by row: nothing is written here, and nothing is remembered."""
