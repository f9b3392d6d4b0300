"""What rounding explains passes, whatever way a value was computed; what it does not explain fails by far."""

from types import ModuleType

import pytest
import torch

from autograder.judge.calibration import allowance
from autograder.judge.compare import Compare
from autograder.judge.reference import Reference
from autograder.judge.verdict import Mismatch


def given(**functions: object) -> Reference:
    """A reference with these functions."""
    module = ModuleType("given")
    for name, function in functions.items():
        setattr(module, name, function)
    return Reference(module)


def numbers(*shape: int, scale: float = 1.0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(7)) * scale


def total(x: torch.Tensor) -> torch.Tensor:
    return x.sum(dim=1)


def nearly_zero() -> torch.Tensor:
    """Rows whose sums are small beside their parts, so that the order of summation shows."""
    x = numbers(4, 2000, scale=10.0)
    return torch.cat([x, -x.flip(1) + 0.001], dim=1)


def one_by_one(x: torch.Tensor) -> torch.Tensor:
    return torch.stack([row.cumsum(0)[-1] for row in x])


def in_chunks(x: torch.Tensor) -> torch.Tensor:
    return torch.stack([part.sum(1) for part in x.split(100, dim=1)]).sum(0)


def backwards(x: torch.Tensor) -> torch.Tensor:
    return x.flip(1).sum(1)


def as_a_product(x: torch.Tensor) -> torch.Tensor:
    return x @ torch.ones(x.shape[1])


@pytest.mark.parametrize("another_way", [one_by_one, in_chunks, backwards, as_a_product])
def test_another_order_of_summation_passes_where_the_tolerance_of_the_dtype_does_not_suffice(
    another_way: object,
) -> None:
    x = nearly_zero()
    expected = given(total=total).total(x)
    Compare().close(another_way(x), expected)


def test_without_the_references_own_error_the_same_values_would_fail() -> None:
    x = nearly_zero()
    with pytest.raises(Mismatch):
        Compare().close(backwards(x), total(x))


def test_float64_in_place_of_float32_passes() -> None:
    x = nearly_zero()
    Compare().close(total(x.double()), given(total=total).total(x))


def test_a_wrong_formula_fails_by_a_wide_margin() -> None:
    x = nearly_zero()
    expected = given(total=total).total(x)
    rounding = allowance(expected)
    assert rounding is not None
    for wrong in (total(x) * 1.1, total(x[:, 1:]), x.mean(1), -total(x)):
        assert bool(((wrong - expected).abs() > 20 * rounding).any())
        with pytest.raises(Mismatch):
            Compare().close(wrong, expected)


def test_parts_of_what_the_reference_returns_know_their_own_rounding() -> None:
    x = nearly_zero()
    expected = given(both=lambda x: {"sums": [total(x), x.mean(1)]}).both(x)
    assert allowance(expected["sums"][0]) is not None
    Compare().close({"sums": [backwards(x), x.mean(1)]}, expected)


def test_where_the_reference_draws_numbers_of_its_own_nothing_more_is_allowed() -> None:
    def noisy(x: torch.Tensor) -> torch.Tensor:
        torch.manual_seed(0)
        return x + torch.randn(x.shape)

    expected = given(noisy=noisy).noisy(numbers(30, 40))
    state = torch.random.get_rng_state()
    assert allowance(expected) is None, "in float64 other numbers are drawn, which is no rounding"
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_default_dtype() is torch.float32


def test_a_reference_that_cannot_compute_in_float64_leaves_the_tolerance_of_the_dtype() -> None:
    def only_float32(x: torch.Tensor) -> torch.Tensor:
        return x @ torch.ones(x.shape[1], dtype=torch.float32)

    assert allowance(given(f=only_float32).f(numbers(2, 3))) is None


def test_what_the_reference_changed_in_its_arguments_is_not_computed_from_a_second_time() -> None:
    def in_place(x: torch.Tensor) -> torch.Tensor:
        return x.mul_(1 / 3)

    rounding = allowance(given(f=in_place).f(numbers(5)))
    assert rounding is not None
    assert float(rounding.max()) < 1e-6


def test_what_is_no_longer_as_the_reference_returned_it_is_held_to_its_dtype() -> None:
    expected = given(total=total).total(nearly_zero())
    assert allowance(expected + 0) is None
    assert allowance(torch.ones(3)) is None
    assert allowance(given(f=lambda x: x.double()).f(numbers(3))) is None


def test_a_tolerance_that_is_given_is_the_only_one() -> None:
    x = nearly_zero()
    expected = given(total=total).total(x)
    with pytest.raises(Mismatch):
        Compare().close(backwards(x), expected, rtol=1e-6, atol=1e-6)


def test_gradients_are_computed_again_with_what_requires_grad() -> None:
    def slope(x: torch.Tensor) -> torch.Tensor:
        return torch.autograd.grad((x**3).sum(), x)[0]

    expected = given(slope=slope).slope(numbers(6).requires_grad_())
    assert allowance(expected) is not None
