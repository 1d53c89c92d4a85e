SELECT COUNT(*) AS lines
FROM shop.sales
WHERE units >= @atLeast
