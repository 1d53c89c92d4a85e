-- What most people buy: different buyers of the last 28 days. Buyers rather than units, so that one bulk order does not
-- make a product popular.
WITH demand AS (
  SELECT
    product_id,
    COUNT(DISTINCT user_id) AS buyers
  FROM `bigquery-public-data.thelook_ecommerce.order_items`
  -- Whole hours, so that everybody gets the same list within an hour.
  WHERE created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 28 DAY)
    AND created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
    AND status IN ('Complete', 'Shipped', 'Processing')
  GROUP BY product_id
)
SELECT
  product.id AS productId,
  IFNULL(product.name, 'Unnamed product') AS name,
  IFNULL(product.brand, 'Unbranded') AS brand,
  IFNULL(product.category, 'Other') AS category,
  ROUND(product.retail_price, 2) AS price,
  CAST(demand.buyers AS FLOAT64) AS score
FROM demand
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = demand.product_id
WHERE product.retail_price IS NOT NULL
ORDER BY score DESC, productId
LIMIT @limit
