"""Task 3: four products. Square inputs let a wrong one through by its shape; the values tell them apart."""

import pytest
import torch

pytestmark = pytest.mark.task(3)

# Sums of at most seven products of standard normals: another order of summation moves them by about 1e-6.


@pytest.mark.points(0.25)
@pytest.mark.hint("Which operator multiplies place by place, and which one rows by columns?")
def test_elementwise_product_multiplies_place_by_place(student, reference, draw, compare):
    """elementwise_product multiplies the elements that stand in the same place."""
    for n, m in [(4, 4), (2, 5)]:
        a, b = draw.normal((n, m)), draw.normal((n, m))
        compare.close(student.elementwise_product(a, b), reference.elementwise_product(a, b), what="the product")
        compare.unchanged(student, "elementwise_product", a, b)


@pytest.mark.points(0.25)
@pytest.mark.hint("Element (i, j) is row i of a times column j of b, added up.")
def test_matrix_product_is_rows_by_columns(student, reference, draw, compare):
    """matrix_product multiplies the rows of the first matrix by the columns of the second."""
    for n, k, m in [(4, 4, 4), (2, 7, 3), (5, 1, 2)]:
        a, b = draw.normal((n, k)), draw.normal((k, m))
        compare.close(student.matrix_product(a, b), reference.matrix_product(a, b), what="the product")
        compare.unchanged(student, "matrix_product", a, b)


@pytest.mark.points(0.5)
@pytest.mark.hint("NumPy finds a common dtype by itself. PyTorch's `@` does not: who converts the vector?")
def test_matrix_vector_product_takes_a_vector_of_any_dtype(student, reference, draw, compare):
    """matrix_vector_product gives a vector, for vectors of float32, of float64 and of integers."""
    for n, m in [(4, 4), (3, 6)]:
        a = draw.normal((n, m))
        for v in [draw.normal(m), draw.normal(m, torch.float64), draw.integers(1, 9, m)]:
            what = f"the product with a vector of dtype {str(v.dtype).removeprefix('torch.')}"
            compare.close(student.matrix_vector_product(a, v), reference.matrix_vector_product(a, v), what=what)
            compare.unchanged(student, "matrix_vector_product", a, v)


@pytest.mark.points(0.5)
@pytest.mark.hint("Rows belong to u, columns to v: which shape has each of them to have before they are multiplied?")
def test_outer_product_is_a_table_of_all_products(student, reference, draw, compare):
    """outer_product gives the table of all products, a row for each element of u, a column for each of v."""
    for n, m in [(4, 4), (5, 3)]:
        u, v = draw.normal(n), draw.normal(m)
        compare.close(student.outer_product(u, v), reference.outer_product(u, v), what="the table")
        compare.unchanged(student, "outer_product", u, v)
