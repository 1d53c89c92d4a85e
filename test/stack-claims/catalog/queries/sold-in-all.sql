SELECT COUNT(*) AS lines, SUM(units) AS units
FROM shop.sales
WHERE units >= @atLeast
