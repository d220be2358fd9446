"""What would losing a key account cost us, and how long would recovery take?"""
