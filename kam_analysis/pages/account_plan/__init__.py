"""What do we do with this account?"""
