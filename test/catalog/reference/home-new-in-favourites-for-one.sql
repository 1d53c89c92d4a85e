-- The newest products of the three categories that somebody bought most from of late.
WITH favourites AS (
  SELECT
    product.category,
    -- A purchase counts half as much after every 90 days (7,776,000 seconds).
    SUM(
      POW(0.5, (UNIX_SECONDS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_SECONDS(item.created_at)) / 7776000)
    ) AS affinity
  FROM `bigquery-public-data.thelook_ecommerce.order_items` AS item
  JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
    ON product.id = item.product_id
  WHERE item.user_id = @userId
    AND item.created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 730 DAY)
    AND item.created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
    AND item.status IN ('Complete', 'Shipped', 'Processing')
    AND product.category IS NOT NULL
  GROUP BY product.category
  ORDER BY ROUND(affinity, 9) DESC, category
  LIMIT 3
),
shares AS (
  SELECT
    category,
    SAFE_DIVIDE(affinity, SUM(affinity) OVER ()) AS share
  FROM favourites
),
-- Products have no date of their own: a product is as new as the first item of it that reached an inventory.
arrivals AS (
  SELECT
    product_id,
    -- Of all time: within a bound on time every restocked product would look new.
    MIN(created_at) AS arrived_at
  FROM `bigquery-public-data.thelook_ecommerce.inventory_items`
  WHERE created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
  GROUP BY product_id
),
owned AS (
  -- Without a bound on time on purpose: what somebody ordered once is never news to him.
  SELECT DISTINCT product_id
  FROM `bigquery-public-data.thelook_ecommerce.order_items`
  WHERE user_id = @userId
)
SELECT
  product.id AS productId,
  IFNULL(product.name, 'Unnamed product') AS name,
  IFNULL(product.brand, 'Unbranded') AS brand,
  IFNULL(product.category, 'Other') AS category,
  ROUND(product.retail_price, 2) AS price,
  -- Newness, half after every 180 days (15,552,000 seconds), by the category's share in what was bought.
  ROUND(
    IFNULL(shares.share, 0)
      * POW(
        0.5,
        (UNIX_SECONDS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_SECONDS(arrivals.arrived_at)) / 15552000
      ),
    6
  ) AS score
FROM arrivals
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = arrivals.product_id
LEFT JOIN shares
  ON shares.category = product.category
LEFT JOIN owned
  ON owned.product_id = arrivals.product_id
WHERE product.retail_price IS NOT NULL
  AND owned.product_id IS NULL
-- The newest of all other categories (score 0) fill the list of somebody without favourites.
ORDER BY score DESC, arrivals.arrived_at DESC, productId
LIMIT @limit
