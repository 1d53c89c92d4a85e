SELECT
  id AS productId,
  IFNULL(name, 'Unnamed product') AS name,
  IFNULL(brand, 'Unbranded') AS brand,
  IFNULL(category, 'Other') AS category,
  IFNULL(department, 'Other') AS department,
  ROUND(IFNULL(retail_price, 0), 2) AS price
FROM `bigquery-public-data.thelook_ecommerce.products`
ORDER BY productId
LIMIT @limit
