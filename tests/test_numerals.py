"""Numbers in sentences: the decimals that are asked for, and more only for what would be rounded to nothing."""

from __future__ import annotations

import math

from core.numerals import fixed


def test_a_number_has_its_decimals_a_real_minus_sign_and_is_no_zero_that_it_is_not() -> None:
    numbers = (1.23456, -1.23456, 0.0, -0.0, 0.00049, -1e-12, math.inf, -math.inf, math.nan)
    texts = ["1.235", "−1.235", "0.000", "0.000", "4.9e−04", "−1.0e−12", "inf", "−inf", "nan"]
    assert [fixed(number, 3) for number in numbers] == texts
