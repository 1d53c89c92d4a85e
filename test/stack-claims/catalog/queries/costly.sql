SELECT SUM(units) AS n
FROM shop.sales
WHERE product != @key
