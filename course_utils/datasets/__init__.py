"""The two data sets of the course, BMI and wine quality; ``data/README.md`` is their data sheet.

Both come with the course, simulated; `make data` downloads the real wine data. Two environment
variables choose between them:

``COURSE_DATA``
    ``auto`` (the default): the real wine data once they have been downloaded, else the bundled
    ones. ``real``: the real wine data or an error. ``bundled``: what comes with the course.
``COURSE_DATA_DIR``
    The folder of the real files, by default ``data/downloads``. A relative path starts at the
    folder of the project, wherever the notebook runs.
"""
