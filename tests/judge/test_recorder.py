"""An answer that stands in an argument is found, however it is put there; a coincidence is not taken for one."""

import pytest
import torch

from autograder.judge.recorder import holds_answer

DRAWN = torch.tensor([0.31, -1.2, 0.77, 2.5, -0.04, 1.9])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (DRAWN, DRAWN.double()),
        (DRAWN, DRAWN.flip(0)),
        (DRAWN.reshape(2, 3), DRAWN),
        (torch.cat([torch.zeros(3), DRAWN]), DRAWN),
        (torch.stack([DRAWN, DRAWN + 1], dim=1), DRAWN),
        (torch.tensor(0.3137), torch.tensor(0.3137)),
        (torch.tensor([2, 0, 1, 1]), torch.tensor([2, 0, 1, 1])),
        (torch.tensor([4, 0, 3, 1]), torch.tensor([0, 1, 3, 4])),
        (torch.tensor([1, 1] + [0, 1, 2] * 5), torch.tensor([0, 1, 2] * 5)),
    ],
)
def test_an_answer_is_found(sent: torch.Tensor, expected: torch.Tensor) -> None:
    assert holds_answer(sent, expected)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (DRAWN, DRAWN + 1e-6),
        (DRAWN, DRAWN[0]),
        (DRAWN[:3], DRAWN),
        (torch.tensor(1), torch.tensor(1.0)),
        (torch.zeros(4), torch.zeros(4)),
        (torch.tensor([0, 1, 2, 3, 0, 1]), torch.tensor([0, 1, 2, 3])),
        (torch.tensor([2, 0, 1, 1]), torch.tensor([1, 2, 0, 1])),
        (DRAWN, torch.empty(0)),
        (DRAWN.to(torch.complex64), DRAWN),
    ],
)
def test_a_coincidence_is_none(sent: torch.Tensor, expected: torch.Tensor) -> None:
    assert not holds_answer(sent, expected)
