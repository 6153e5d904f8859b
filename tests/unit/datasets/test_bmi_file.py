"""A BMI file of one's own: what is welcome, and what is said about a bad one."""

import numpy as np
import pytest

from course_utils import load_bmi

GOOD = "Height,Weight,Index,Gender\n161,89,4,1\n179,127,4,1\n"


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return load_bmi(path=path, verbose=False)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n") + "\r\n\r\n",
        "\ufeff" + GOOD,
        "Gender, Index, Weight, Height\n1, 4, 89, 161\n1, 4, 127, 179.0\n",
    ],
    ids=["plain", "windows", "spreadsheet", "other order"],
)
def test_good_file(tmp_path, text):
    X, y = read(tmp_path, text)
    assert X.to_numpy().tolist() == [[161, 89, 1], [179, 127, 1]]
    assert y.tolist() == [4, 4]
    assert (X.dtypes == np.int64).all()
    assert X.attrs["source"] == "BMI data: your file mine.csv (2 rows)"


def test_fractions_of_a_centimetre_are_welcome(tmp_path):
    assert read(tmp_path, GOOD.replace("161", "161.5"))[0]["Height"].tolist() == [161.5, 179]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"mine\.csv is empty; it needs a header with 'Height', 'Weight', 'Index', 'Gender'"),
        ("\n\n", r"mine\.csv is empty"),
        ("Height,Weight,Index,Gender\n", r"has a header and no rows"),
        ("Height,Weight,Gender\n161,89,1\n", r"lacks 'Index'; it must have the columns 'Height',"),
        ("Height,Weight,Index,Gender,Age\n1,1,1,1,1\n", r"also has 'Age'; it must have"),
        ("height,Weight,Index,Gender\n1,1,1,1\n", r"lacks 'Height' and also has 'height'"),
        ("Height,Weight,Index,Gender,Height\n1,1,1,1,1\n", r"repeats 'Height'"),
        (GOOD.replace(",", ";"), r"lacks 'Height'.* separated by commas"),
        (GOOD.replace("127", "heavy"), r"row 3, column 'Weight' is 'heavy', which is not a number"),
        (GOOD.replace("127", "nan"), r"row 3, column 'Weight' is 'nan', which is not a number"),
        (GOOD.replace("127", "inf"), r"row 3, column 'Weight' is inf; Weight goes from 2 to 700"),
        (GOOD.replace("179", ""), r"row 3, column 'Height' is empty; fill it in or delete the row"),
        (GOOD.replace("1\n179", "1\n\n179"), r"row 3 has 0 cells and the header has 4"),
        (GOOD + "1,2,3\n", r"row 4 has 3 cells and the header has 4"),
        (GOOD + "1,2,3,4,5\n", r"row 4 has 5 cells and the header has 4"),
        (GOOD.replace("161", "1.61"), r"row 2, column 'Height' is 1\.61; Height .* 300 \(cm\)"),
        (GOOD.replace("4,1", "6,1"), r"row 2, column 'Index' is 6;.* 0 to 5.*\(2 such cells"),
        (GOOD.replace("4,1", "4.5,1"), r"row 2, column 'Index' is 4\.5; .*a whole number"),
        (GOOD.replace("4,1", "4,2"), r"row 2, column 'Gender' is 2; Gender goes from 0 to 1"),
    ],
)
def test_bad_file(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read(tmp_path, text)


def test_file_that_is_no_text(tmp_path):
    with pytest.raises(ValueError, match=r"mine\.csv is not a text file in UTF-8; save it as"):
        read(tmp_path, GOOD.replace("H", "Ö"), encoding="latin-1")


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file '.*mine\.csv'; check the name"):
        load_bmi(path=tmp_path / "mine.csv")
    with pytest.raises(FileNotFoundError, match="no file"):
        load_bmi(path=tmp_path)


def test_path_and_source_together():
    with pytest.raises(ValueError, match=r"source='real' and path='a\.csv'; give only one"):
        load_bmi("real", path="a.csv")
