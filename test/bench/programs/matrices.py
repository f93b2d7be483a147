"""Matrices: nested lists, nested loops, comprehensions."""

SIZE = 380


def matrix(rows, columns, seed):
    return [[(row * seed + column * 7) % 13 - 6 for column in range(columns)] for row in range(rows)]


def multiply(left, right):
    rows, inner, columns = len(left), len(right), len(right[0])
    result = [[0] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            total = 0
            for index in range(inner):
                total += left[row][index] * right[index][column]
            result[row][column] = total % 1009
    return result


def transpose(values):
    return [list(row) for row in zip(*values)]


def life(grid):
    height, width = len(grid), len(grid[0])
    fresh = []
    for y in range(height):
        row = []
        for x in range(width):
            around = 0
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    if dx or dy:
                        around += grid[(y + dy) % height][(x + dx) % width]
            row.append(1 if around == 3 or (around == 2 and grid[y][x]) else 0)
        fresh.append(row)
    return fresh


def main(size):
    total = 0
    product = matrix(20, 20, 3)
    for number in range(size):
        product = multiply(product, transpose(matrix(20, 20, number + 5)))
        total += sum(map(sum, product))
    grid = [[1 if (x * x + y * 5) % 7 < 3 else 0 for x in range(24)] for y in range(24)]
    for _ in range(size):
        grid = life(grid)
    return total, sum(map(sum, grid))
