SELECT SUM(pieces) AS pieces
FROM shop.stock
WHERE pieces >= @atLeast
