"""The same experiments through ``course_utils``, each with ten seeds.

A module has ``TITLE`` and ``TOLD`` (what is told), and four functions: ``train`` is the experiment
itself, which is timed against the tutorial's code; ``control`` is what has to be known besides;
``judge`` gives the table and the verdicts, ``draw`` the picture.
"""
