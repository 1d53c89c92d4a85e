SELECT noSuchColumn AS n
FROM shop.sales
WHERE product != @key
