"""How dependent are we on our largest customers?"""
