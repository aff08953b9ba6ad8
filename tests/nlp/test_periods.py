"""Periods are written as EDTF and read back; what is none is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.edtf import Period


@pytest.mark.parametrize(
    "edtf", ["2023", "2023-02", "2024-02-29", "2023-11-06/2023-11-12", "2022-12-20/2023-01-05", "0001"]
)
def test_edtf_is_read_back(edtf: str) -> None:
    assert Period.parse(edtf).edtf == edtf


@pytest.mark.parametrize(
    "edtf", ["", "/", "2023-13", "2023-02-30", "2023-1-2", "2024/2023", "2021/2022/2023", "２０２３", "2023-11-06\n"]
)
def test_what_is_not_edtf_is_refused(edtf: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(edtf)


@given(st.dates(), st.dates())
def test_a_period_survives_edtf(one: date, other: date) -> None:
    period = Period(earliest=min(one, other), latest=max(one, other))
    assert Period.parse(period.edtf) == period
    assert Period.parse(Period.of(one.year, one.month).edtf) == Period.of(one.year, one.month)
    assert period.distance_days(Period.of(one.year)) == 0
