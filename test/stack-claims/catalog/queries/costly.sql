SELECT COUNT(*) AS n
FROM shop.sales
WHERE product != @key
