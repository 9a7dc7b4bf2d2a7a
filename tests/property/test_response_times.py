"""Median and 90th percentile, against the standard library and their definitions."""

from __future__ import annotations

import statistics
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from processor.reports.queues import response_times

WAITS = st.lists(st.integers(0, 10**12), min_size=1, max_size=60)  # microseconds


@given(WAITS)
def test_the_median_is_that_of_the_standard_library(waits: list[int]) -> None:
    median = response_times([timedelta(microseconds=wait) for wait in waits]).median
    assert median is not None
    assert abs(median / timedelta(microseconds=1) - statistics.median(waits)) <= 0.5


@given(WAITS)
def test_nine_of_ten_waited_no_longer_and_no_shorter_wait_says_as_much(waits: list[int]) -> None:
    ninetieth = response_times([timedelta(microseconds=wait) for wait in waits]).ninetieth
    assert ninetieth is not None
    limit = ninetieth // timedelta(microseconds=1)
    assert limit in waits
    assert sum(wait <= limit for wait in waits) * 10 >= len(waits) * 9
    assert sum(wait < limit for wait in waits) * 10 < len(waits) * 9
