-- Trending is growth, not popularity: units of the last 7 days against what the 8 weeks before let expect, in standard
-- deviations of that expectation.
WITH demand AS (
  SELECT
    product_id,
    COUNTIF(created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 7 DAY)) AS units,
    COUNTIF(created_at < TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 7 DAY)) / 8
      AS usual_units
  FROM `bigquery-public-data.thelook_ecommerce.order_items`
  WHERE created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 63 DAY)
    AND created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
    AND status IN ('Complete', 'Shipped', 'Processing')
  GROUP BY product_id
),
expectation AS (
  SELECT
    product_id,
    units,
    -- A week in which the whole shop sells twice as much makes nothing trend.
    usual_units * IFNULL(SAFE_DIVIDE(SUM(units) OVER (), SUM(usual_units) OVER ()), 1) AS expected_units
  FROM demand
)
SELECT
  product.id AS productId,
  IFNULL(product.name, 'Unnamed product') AS name,
  IFNULL(product.brand, 'Unbranded') AS brand,
  IFNULL(product.category, 'Other') AS category,
  ROUND(product.retail_price, 2) AS price,
  -- Counts scatter by the square root of their mean; the added unit keeps a first sale ever from beating a real surge.
  ROUND(
    (expectation.units - expectation.expected_units) / SQRT(expectation.expected_units + 1),
    4
  ) AS score
FROM expectation
JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
  ON product.id = expectation.product_id
WHERE product.retail_price IS NOT NULL
  AND expectation.units > expectation.expected_units
ORDER BY score DESC, productId
LIMIT @limit
