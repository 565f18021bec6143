"""What staff type and press, one file a noun; no rules here."""
