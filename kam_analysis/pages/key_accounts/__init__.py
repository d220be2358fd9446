"""Which accounts are key, why, and what should we do with each?"""
