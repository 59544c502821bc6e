"""How far the number can be trusted: invented worlds with a known truth, and what the number makes of their records.

``python -m graphmap.research validate`` prints the tables of docs/validation.md.
"""
