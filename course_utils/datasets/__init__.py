"""The two data sets of the course as pandas objects: BMI and wine quality.

Both come with the course, simulated; the real wine data can be downloaded with `make data`. Two
environment variables choose between them:

``COURSE_DATA``
    ``auto`` (the default): the real wine data once they have been downloaded, else the bundled
    ones. ``real``: the real wine data or an error. ``bundled``: what comes with the course.
``COURSE_DATA_DIR``
    The folder of the real files, by default ``data/downloads``. A relative path starts at the
    folder of the project, wherever the notebook runs.

``data/README.md`` is the data sheet.
"""

from course_utils.datasets.download import download_wine_quality
from course_utils.datasets.loaders import load_bmi, load_wine_quality
from course_utils.datasets.sources import data_in_use

__all__ = ["data_in_use", "download_wine_quality", "load_bmi", "load_wine_quality"]
