-- The newest products of the three categories that somebody bought most from of late, for many users at once.
WITH owned AS (
  -- Without a bound on time on purpose: what somebody ordered once is never news to him.
  SELECT DISTINCT user_id, product_id
  FROM `bigquery-public-data.thelook_ecommerce.order_items`
  WHERE user_id IN UNNEST(@userId)
),
asked AS (
  SELECT
    asked_id AS user_id,
    -- Among so many products, whatever their order, there are @limit that the user does not own.
    @limit + COUNT(owned.product_id) AS depth
  FROM UNNEST(@userId) AS asked_id
  LEFT JOIN owned
    ON owned.user_id = asked_id
  GROUP BY asked_id
),
affinities AS (
  SELECT
    item.user_id,
    product.category,
    -- A purchase counts half as much after every 90 days (7,776,000 seconds).
    SUM(
      POW(0.5, (UNIX_SECONDS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_SECONDS(item.created_at)) / 7776000)
    ) AS affinity
  FROM `bigquery-public-data.thelook_ecommerce.order_items` AS item
  JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
    ON product.id = item.product_id
  WHERE item.user_id IN UNNEST(@userId)
    AND item.created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 730 DAY)
    AND item.created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
    AND item.status IN ('Complete', 'Shipped', 'Processing')
    AND product.category IS NOT NULL
  GROUP BY item.user_id, product.category
),
favourites AS (
  SELECT
    user_id,
    category,
    affinity
  FROM affinities
  QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY ROUND(affinity, 9) DESC, category) <= 3
),
shares AS (
  SELECT
    user_id,
    category,
    SAFE_DIVIDE(affinity, SUM(affinity) OVER (PARTITION BY user_id)) AS share
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
newest AS (
  SELECT
    product.id AS product_id,
    product.category,
    -- Half after every 180 days (15,552,000 seconds).
    POW(
      0.5,
      (UNIX_SECONDS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_SECONDS(arrivals.arrived_at)) / 15552000
    ) AS newness,
    ROW_NUMBER() OVER (ORDER BY arrivals.arrived_at DESC, product.id) AS place
  FROM arrivals
  JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
    ON product.id = arrivals.product_id
  WHERE product.retail_price IS NOT NULL
),
newest_of_category AS (
  SELECT
    product_id,
    category,
    ROW_NUMBER() OVER (PARTITION BY category ORDER BY place) AS place
  FROM newest
  WHERE category IN (SELECT category FROM favourites)
),
candidates AS (
  SELECT
    asked.user_id,
    newest_of_category.product_id
  FROM asked
  JOIN favourites
    ON favourites.user_id = asked.user_id
  JOIN newest_of_category
    ON newest_of_category.category = favourites.category
    AND newest_of_category.place <= asked.depth
  -- The newest of all other categories (score 0) fill the list of somebody without favourites.
  UNION DISTINCT
  SELECT
    asked.user_id,
    newest.product_id
  FROM asked
  JOIN newest
    ON newest.place <= asked.depth
  WHERE newest.place <= (SELECT MAX(depth) FROM asked)
),
scores AS (
  SELECT
    candidates.user_id,
    candidates.product_id,
    newest.place,
    -- Newness by the category's share in what was bought.
    ROUND(IFNULL(shares.share, 0) * newest.newness, 6) AS score
  FROM candidates
  JOIN newest
    ON newest.product_id = candidates.product_id
  LEFT JOIN shares
    ON shares.user_id = candidates.user_id
    AND shares.category = newest.category
)
SELECT
  scores.user_id AS userId,
  product.id AS productId,
  IFNULL(product.name, 'Unnamed product') AS name,
  IFNULL(product.brand, 'Unbranded') AS brand,
  IFNULL(product.category, 'Other') AS category,
  ROUND(product.retail_price, 2) AS price,
  scores.score
FROM scores
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = scores.product_id
LEFT JOIN owned
  ON owned.user_id = scores.user_id
  AND owned.product_id = scores.product_id
WHERE owned.product_id IS NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY scores.user_id ORDER BY scores.score DESC, scores.place) <= @limit
ORDER BY userId, scores.score DESC, scores.place
