"""Customers as files for other programs: CSV, Excel, vCard and JSON, written row by row."""
