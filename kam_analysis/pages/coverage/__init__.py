"""Who owns these relationships, and what is at risk if an account manager leaves?"""
