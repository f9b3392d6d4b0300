"""Hidden inputs: the same for everybody on one attempt, and nothing that can be looked up."""

import inspect

import pytest
import torch

from autograder.judge.draw import Draw, seed_for

SECRET = b"s" * 32
NAMES = ("inputs", "slug", "digest", "1", "test_a")


def test_a_seed_is_the_same_for_the_same_names() -> None:
    assert seed_for(SECRET, *NAMES) == seed_for(SECRET, *NAMES)
    assert 0 <= seed_for(SECRET, *NAMES) < 2**63


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_a_seed_changes_with_each_name(place: int) -> None:
    other = [*NAMES]
    other[place] += "1"
    assert seed_for(SECRET, *NAMES) != seed_for(SECRET, *other)


def test_a_seed_changes_with_the_secret_and_not_with_where_a_name_ends() -> None:
    assert seed_for(SECRET, *NAMES) != seed_for(b"t" * 32, *NAMES)
    assert seed_for(SECRET, "ab", "c") != seed_for(SECRET, "a", "bc")


@pytest.mark.parametrize("shape", [5, (5,), (2, 3), [2, 3], ()])
def test_draws_have_the_shape_and_dtype_asked_for(shape: int | tuple[int, ...]) -> None:
    expected = torch.Size([shape] if isinstance(shape, int) else shape)
    draw = Draw(1)
    assert draw.normal(shape).shape == draw.uniform(0, 1, shape).shape == draw.integers(0, 9, shape).shape == expected
    assert draw.normal(shape).dtype == draw.uniform(0, 1, shape).dtype == torch.float32
    assert draw.normal(shape, torch.float64).dtype == torch.float64
    assert draw.integers(0, 9, shape).dtype == torch.int64


def test_draws_are_of_the_distribution_that_they_are_named_after() -> None:
    draw = Draw(1)
    normal, uniform, integers = draw.normal(10_000), draw.uniform(2, 3, 10_000), draw.integers(-1, 2, 1000)
    assert abs(float(normal.mean())) < 0.1 and abs(float(normal.std()) - 1) < 0.1
    assert float(uniform.min()) >= 2 and float(uniform.max()) <= 3 and abs(float(uniform.mean()) - 2.5) < 0.1
    assert sorted(set(integers.tolist())) == [-1, 0, 1]
    assert sorted(draw.permutation(20).tolist()) == list(range(20))
    assert {draw.choice("abc") for _ in range(100)} == {"a", "b", "c"}
    assert 0 <= draw.seed() < 2**31


def test_draws_depend_on_the_seed_alone() -> None:
    torch.manual_seed(1)
    first = Draw(7).normal(3)
    torch.manual_seed(2)
    assert torch.equal(Draw(7).normal(3), first)
    assert not torch.equal(Draw(8).normal(3), first)


def test_every_draw_moves_the_generator() -> None:
    draw = Draw(1)
    assert not torch.equal(draw.normal(5), draw.normal(5))
    assert draw.seed() != draw.seed()


def test_the_manual_names_every_draw() -> None:
    assert [name for name, _ in inspect.getmembers(Draw, inspect.isfunction) if not name.startswith("_")] == [
        *("choice", "integers", "normal", "permutation", "seed", "uniform")
    ]
