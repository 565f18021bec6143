"""What a customer is led through; no rules here."""
