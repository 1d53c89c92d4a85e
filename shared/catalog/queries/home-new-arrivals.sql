-- Products have no date of their own: a product is as new as the first item of it that reached an inventory.
WITH arrivals AS (
  SELECT
    product_id,
    -- Of all time: within a bound on time every restocked product would look new.
    MIN(created_at) AS arrived_at
  FROM `bigquery-public-data.thelook_ecommerce.inventory_items`
  WHERE created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
  GROUP BY product_id
)
SELECT
  product.id AS productId,
  IFNULL(product.name, 'Unnamed product') AS name,
  IFNULL(product.brand, 'Unbranded') AS brand,
  IFNULL(product.category, 'Other') AS category,
  ROUND(product.retail_price, 2) AS price,
  -- Half after every 180 days (15,552,000 seconds).
  ROUND(
    POW(
      0.5,
      (UNIX_SECONDS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_SECONDS(arrivals.arrived_at)) / 15552000
    ),
    6
  ) AS score
FROM arrivals
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = arrivals.product_id
WHERE product.retail_price IS NOT NULL
ORDER BY score DESC, arrivals.arrived_at DESC, productId
LIMIT @limit
