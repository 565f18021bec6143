"""Every question to the database, one file a noun; each takes the work that it belongs to."""
