"""A board made of one row three times over."""


def make_board(size):
    row = [0] * size
    return [row for _ in range(size)]


def place(board, x, y, mark):
    board[y][x] = mark


board = make_board(3)
place(board, 1, 0, 7)
assert board[2] == [0, 0, 0], board
