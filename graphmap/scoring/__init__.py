"""The number: pure functions from arrays and graphs to frames. No file, no clock, no database.

``formula`` holds the parameters, ``directory`` who worked where when, ``touches`` turns interactions into touches,
``ties`` decays and sums them at T, ``portfolio`` computes every account at once, ``account`` one account literally with
NetworkX (the definition), ``findings`` the rules, ``frames`` what leaves this room.
"""
