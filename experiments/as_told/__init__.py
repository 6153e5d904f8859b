"""The experiments as they are told: plain scikit-learn and Keras, one file each.

``run(data, seed, short)`` returns a table. What today's libraries need before the code runs at all
is a comment at its line; so is what is not told and had to be chosen.
"""
