-- What people with the same taste bought. Taste is a set of traits: each product, brand and category somebody bought.
-- Sharing a trait counts the more, the fewer people have it (Adamic and Adar 2003), so one rare product in common says
-- more than a category that everybody buys.
WITH bought AS (
  SELECT
    item.user_id,
    item.product_id,
    product.brand,
    product.category,
    -- A purchase counts half as much after every 90 days (7,776,000 seconds).
    MAX(
      POW(0.5, (UNIX_SECONDS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_SECONDS(item.created_at)) / 7776000)
    ) AS recency
  FROM `bigquery-public-data.thelook_ecommerce.order_items` AS item
  JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
    ON product.id = item.product_id
  WHERE item.created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 365 DAY)
    AND item.created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
    AND item.status IN ('Complete', 'Shipped', 'Processing')
  GROUP BY item.user_id, item.product_id, product.brand, product.category
),
traits AS (
  SELECT
    bought.user_id,
    bought.recency,
    trait
  FROM bought,
    UNNEST([
      CONCAT('product ', CAST(bought.product_id AS STRING)),
      CONCAT('brand ', bought.brand),
      CONCAT('category ', bought.category)
    ]) AS trait
  -- Two products without a brand have no brand in common.
  WHERE trait IS NOT NULL
),
own_traits AS (
  SELECT
    trait,
    MAX(recency) AS recency
  FROM traits
  WHERE user_id = @userId
  GROUP BY trait
),
shared_traits AS (
  SELECT
    traits.user_id,
    traits.trait,
    MAX(traits.recency) * MAX(own_traits.recency) AS recency
  FROM traits
  JOIN own_traits
    ON own_traits.trait = traits.trait
  WHERE traits.user_id != @userId
  GROUP BY traits.user_id, traits.trait
),
weighted_traits AS (
  SELECT
    user_id,
    recency / LN(2 + COUNT(*) OVER (PARTITION BY trait)) AS weight
  FROM shared_traits
),
baskets AS (
  SELECT
    user_id,
    COUNT(*) AS products
  FROM bought
  GROUP BY user_id
),
neighbours AS (
  SELECT
    weighted_traits.user_id,
    -- By the size of the basket, or whoever buys everything would be everybody's neighbour.
    SUM(weighted_traits.weight) / SQRT(MAX(baskets.products)) AS closeness
  FROM weighted_traits
  JOIN baskets
    ON baskets.user_id = weighted_traits.user_id
  GROUP BY weighted_traits.user_id
  ORDER BY ROUND(closeness, 9) DESC, user_id
  LIMIT 200
),
votes AS (
  SELECT
    bought.product_id,
    SUM(IFNULL(neighbours.closeness, 0) * bought.recency) AS score,
    SUM(bought.recency) AS popularity
  FROM bought
  LEFT JOIN neighbours
    ON neighbours.user_id = bought.user_id
  GROUP BY bought.product_id
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
  ROUND(votes.score, 6) AS score
FROM votes
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = votes.product_id
LEFT JOIN owned
  ON owned.product_id = votes.product_id
WHERE product.retail_price IS NOT NULL
  AND owned.product_id IS NULL
-- Where taste says nothing (score 0: somebody new, or all neighbours' products shown), what is popular fills the list.
ORDER BY score DESC, ROUND(votes.popularity, 6) DESC, productId
LIMIT @limit
