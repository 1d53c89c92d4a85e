-- What people with the same taste bought, for many users at once. Taste is a set of traits: each product, brand and
-- category somebody bought. Sharing a trait counts the more, the fewer people have it (Adamic and Adar 2003), so one rare
-- product in common says more than a category that everybody buys.
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
bought AS (
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
baskets AS (
  SELECT
    user_id,
    COUNT(*) AS products
  FROM bought
  GROUP BY user_id
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
    user_id,
    trait,
    MAX(recency) AS recency
  FROM traits
  WHERE user_id IN UNNEST(@userId)
  GROUP BY user_id, trait
),
-- Everybody's traits, as far as they are traits of somebody who asks.
held_traits AS (
  SELECT
    traits.user_id,
    traits.trait,
    -- By the size of the basket, or whoever buys everything would be everybody's neighbour.
    MAX(traits.recency) / SQRT(MAX(baskets.products)) AS weight
  FROM traits
  JOIN baskets
    ON baskets.user_id = traits.user_id
  WHERE traits.trait IN (SELECT trait FROM own_traits)
  GROUP BY traits.user_id, traits.trait
),
holders AS (
  SELECT
    trait,
    COUNT(*) AS people
  FROM held_traits
  GROUP BY trait
),
weighted_traits AS (
  SELECT
    own_traits.user_id,
    own_traits.trait,
    -- One of the people is the user himself.
    own_traits.recency / LN(1 + holders.people) AS weight
  FROM own_traits
  JOIN holders
    ON holders.trait = own_traits.trait
),
pairs AS (
  SELECT
    weighted_traits.user_id,
    held_traits.user_id AS neighbour_id,
    SUM(weighted_traits.weight * held_traits.weight) AS closeness
  FROM weighted_traits
  JOIN held_traits
    ON held_traits.trait = weighted_traits.trait
  WHERE held_traits.user_id != weighted_traits.user_id
  GROUP BY weighted_traits.user_id, held_traits.user_id
),
-- A first cut leaves the order among equals open, so that nothing has to sort every pair; the next one settles it.
near_pairs AS (
  SELECT
    user_id,
    neighbour_id,
    closeness
  FROM pairs
  QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY ROUND(closeness, 9) DESC) <= 1000
),
neighbours AS (
  SELECT
    user_id,
    neighbour_id,
    closeness
  FROM near_pairs
  QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY ROUND(closeness, 9) DESC, neighbour_id) <= 200
),
demand AS (
  SELECT
    product_id,
    SUM(recency) AS popularity
  FROM bought
  GROUP BY product_id
),
popular AS (
  SELECT
    demand.product_id,
    ROW_NUMBER() OVER (ORDER BY ROUND(demand.popularity, 6) DESC, demand.product_id) AS place
  FROM demand
  JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
    ON product.id = demand.product_id
  WHERE product.retail_price IS NOT NULL
),
-- Where taste says nothing (score 0: somebody new, or all neighbours' products shown), what is popular fills the list.
fillers AS (
  SELECT
    asked.user_id,
    popular.product_id
  FROM asked
  JOIN popular
    ON popular.place <= asked.depth
  WHERE popular.place <= (SELECT MAX(depth) FROM asked)
),
votes AS (
  SELECT
    neighbours.user_id,
    bought.product_id,
    neighbours.closeness * bought.recency AS vote
  FROM neighbours
  JOIN bought
    ON bought.user_id = neighbours.neighbour_id
  UNION ALL
  SELECT
    user_id,
    product_id,
    0.0 AS vote
  FROM fillers
),
scores AS (
  SELECT
    user_id,
    product_id,
    ROUND(SUM(vote), 6) AS score
  FROM votes
  GROUP BY user_id, product_id
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
JOIN popular
  ON popular.product_id = scores.product_id
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = scores.product_id
LEFT JOIN owned
  ON owned.user_id = scores.user_id
  AND owned.product_id = scores.product_id
WHERE owned.product_id IS NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY scores.user_id ORDER BY scores.score DESC, popular.place) <= @limit
ORDER BY userId, scores.score DESC, popular.place
