"""Task 2: the vector-Jacobian product. Jacobians are not symmetric, and v is never all ones."""

import pytest

pytestmark = pytest.mark.task(2)


@pytest.mark.points(1)
@pytest.mark.hint("Entry j of the result adds up v[i] · ∂f[i]/∂x[j] over i: v stands to the left of the Jacobian.")
def test_vector_jacobian_product_weights_the_rows_of_the_jacobian(student, reference, draw, compare):
    """vector_jacobian_product gives vᵀ · J, for Jacobians that are square and for others."""
    for m, n in [(4, 4), (5, 3), (2, 6)]:
        weight, bias, x, v = draw.normal((m, n)), draw.normal(m), 0.3 * draw.normal(n), draw.uniform(2, 4, m)
        expected = reference.vector_jacobian_product(reference.layer(weight, bias), x, v)
        f = student.layer(weight, bias)
        actual = student.vector_jacobian_product(f, x, v)
        compare.close(actual, expected, what=f"the product with a Jacobian of shape ({m}, {n})")
        compare.unchanged(student, "vector_jacobian_product", f, x, v)


@pytest.mark.points(0.5)
@pytest.mark.hint("v has the shape of f(x), also where that is a table: each output has a weight of its own.")
def test_vector_jacobian_product_of_a_table_of_outputs(student, reference, draw, compare):
    """vector_jacobian_product weights each output of a table by its own entry of v."""
    for m, n in [(3, 3), (4, 2)]:
        weight, x, v = draw.normal((m, n)), draw.uniform(1, 2, n), draw.normal((m, n)) + 3
        expected = reference.vector_jacobian_product(reference.grid(weight), x, v)
        compare.close(student.vector_jacobian_product(student.grid(weight), x, v), expected, what="the product")
