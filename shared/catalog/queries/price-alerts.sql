-- Average selling price per product, brand or category in the window against the four windows of the same length before
-- it. For a brand or a category the average moves with what is sold as well as with what it costs.
WITH sales AS (
  SELECT
    CASE @by
      WHEN 'product' THEN CAST(product.id AS STRING)
      WHEN 'brand' THEN product.brand
      ELSE product.category
    END AS key,
    product.id AS product_id,
    product.name,
    product.brand,
    product.category,
    -- Whole cents add up to the same sum in any order; floats do not, and the halves among averages would then flip.
    CAST(ROUND(item.sale_price * 100) AS INT64) AS cents,
    -- 0 is the window, 1 to 4 are those before; each with its first instant and without its last.
    DIV(
      UNIX_MICROS(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)) - UNIX_MICROS(item.created_at) - 1,
      CAST(RTRIM(@window, 'd') AS INT64) * 86400000000
    ) AS windows_ago
  FROM `bigquery-public-data.thelook_ecommerce.order_items` AS item
  JOIN `bigquery-public-data.thelook_ecommerce.products` AS product
    ON product.id = item.product_id
  -- Whole hours, so that two questions asked within an hour never contradict each other.
  WHERE item.created_at >= TIMESTAMP_SUB(
      TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR),
      INTERVAL (5 * CAST(RTRIM(@window, 'd') AS INT64)) DAY
    )
    AND item.created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
    -- What was sent back had been sold at its price; what was cancelled had not.
    AND item.status IN ('Complete', 'Shipped', 'Processing', 'Returned')
    AND item.sale_price IS NOT NULL
    AND (@category IS NULL OR product.category = @category)
    AND (@brand IS NULL OR product.brand = @brand)
),
windows AS (
  SELECT
    key,
    windows_ago,
    ANY_VALUE(product_id) AS product_id,
    ANY_VALUE(name) AS name,
    ANY_VALUE(brand) AS brand,
    ANY_VALUE(category) AS category,
    COUNT(*) AS units,
    SUM(cents) AS cents
  FROM sales
  WHERE key IS NOT NULL
  GROUP BY key, windows_ago
),
prices AS (
  SELECT
    key,
    ANY_VALUE(product_id) AS product_id,
    ANY_VALUE(name) AS name,
    ANY_VALUE(brand) AS brand,
    ANY_VALUE(category) AS category,
    SUM(IF(windows_ago = 0, units, 0)) AS units_now,
    SUM(IF(windows_ago > 0, units, 0)) AS units_before,
    SAFE_DIVIDE(SUM(IF(windows_ago = 0, cents, 0)), 100 * SUM(IF(windows_ago = 0, units, 0))) AS price_now,
    SAFE_DIVIDE(SUM(IF(windows_ago > 0, cents, 0)), 100 * SUM(IF(windows_ago > 0, units, 0))) AS price_before,
    AVG(IF(windows_ago > 0, cents / (100 * units), NULL)) AS mean_of_windows,
    STDDEV_SAMP(IF(windows_ago > 0, cents / (100 * units), NULL)) AS deviation_of_windows
  FROM windows
  GROUP BY key
),
changes AS (
  SELECT
    key,
    IF(@by = 'product', product_id, NULL) AS product_id,
    IF(@by = 'product', IFNULL(name, 'Unnamed product'), key) AS name,
    IF(@by = 'category', NULL, brand) AS brand,
    IF(@by = 'brand', NULL, category) AS category,
    price_now,
    price_before,
    ROUND(100 * SAFE_DIVIDE(price_now - price_before, price_before), 4) AS change_percent,
    units_now,
    units_before,
    -- Undefined where fewer than two windows before sold anything, or all at the same price: less than a cent is rounding.
    IF(
      deviation_of_windows >= 0.01,
      (price_now - mean_of_windows) / deviation_of_windows,
      NULL
    ) AS z_score
  FROM prices
  -- A few sales are noise: both sides of the comparison need a minimum of units.
  WHERE units_now >= @minUnits
    AND units_before >= @minUnits
)
SELECT
  key,
  product_id AS productId,
  name,
  brand,
  category,
  @window AS `window`,
  ROUND(price_now, 4) AS priceNow,
  ROUND(price_before, 4) AS priceBefore,
  change_percent AS changePercent,
  IF(change_percent > 0, 'up', 'down') AS direction,
  units_now AS unitsNow,
  units_before AS unitsBefore,
  ROUND(z_score, 4) AS zScore
FROM changes
WHERE change_percent != 0
  AND ABS(change_percent) >= @minChangePercent
  AND (@direction = 'any' OR @direction = IF(change_percent > 0, 'up', 'down'))
ORDER BY ABS(change_percent) DESC, key
LIMIT 5000
