"""Every rule of this CRM is a function here or a method of a record.

If you find one elsewhere, move it.
"""
