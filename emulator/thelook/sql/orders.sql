-- Orders and their items. What would happen after the dataset's last second has not happened yet.

CREATE TABLE orders_staged AS
WITH planned AS (
  SELECT
    visit_no AS order_no, visit_no + 1 AS order_id, user_no, day, ends_second AS created_second, looks AS num_of_item,
    chance('status', visit_no) AS fate,
    ends_second + 3600 + roll(3 * 86400, 'shipping', visit_no) AS ships_second
  FROM visits WHERE is_order
), timed AS (
  SELECT *, ships_second + 7200 + roll(5 * 86400, 'delivery', order_no) AS arrives_second FROM planned
), complete AS (
  SELECT *,
    arrives_second + 86400 + roll(9 * 86400, 'return', order_no) AS returns_second,
    86400 * (getvariable('last_day') + 1) AS end_second
  FROM timed
)
SELECT *,
  CASE
    WHEN fate < 0.13 THEN 'Cancelled'
    WHEN fate < 0.23 OR ships_second >= end_second THEN 'Processing'
    WHEN fate < 0.40 OR arrives_second >= end_second THEN 'Shipped'
    WHEN fate < 0.90 OR returns_second >= end_second THEN 'Complete'
    ELSE 'Returned'
  END AS status
FROM complete;

CREATE TABLE orders AS
SELECT
  order_id, user_id_of(user_no) AS user_id, status, gender_of(user_no) AS gender,
  instant(created_second) AS created_at,
  CASE WHEN status = 'Returned' THEN instant(returns_second) END AS returned_at,
  CASE WHEN status IN ('Shipped', 'Complete', 'Returned') THEN instant(ships_second) END AS shipped_at,
  CASE WHEN status IN ('Complete', 'Returned') THEN instant(arrives_second) END AS delivered_at,
  num_of_item
FROM orders_staged;

CREATE TABLE order_items_staged AS
SELECT
  row_number() OVER (ORDER BY visit_no, look) - 1 AS item_no,
  visit_no + 1 AS order_id,
  product_no, age, ends_second
FROM looks WHERE is_order;

SET VARIABLE sold = (SELECT count(*) FROM order_items_staged);
SET VARIABLE stock = (SELECT getvariable('sold') * 9 // 4);
CREATE MACRO inventory_id_of(stock_no) AS shuffled(stock_no, getvariable('stock'), 0) + 1;

CREATE TABLE order_items AS
SELECT
  item_no + 1 AS id, order_id, user_id, product_id, inventory_id_of(item_no) AS inventory_item_id,
  status, created_at, shipped_at, delivered_at, returned_at,
  greatest(0.5, round(retail_price * price_factor(product_no, rank, brand_no, category_no, category, age)
    * between_chance(0.99, 1.01, 'haggle', item_no), 2)) AS sale_price
FROM order_items_staged JOIN orders USING (order_id) JOIN stocked USING (product_no);

-- Every item sold was in stock for some time before; more was bought than has been sold.
CREATE VIEW inventory_items AS
WITH stock AS (
  SELECT item_no AS stock_no, product_no, ends_second - 3600 - roll(60 * 86400, 'in stock', item_no) AS created_second, ends_second AS sold_second
  FROM order_items_staged
  UNION ALL
  SELECT stock_no, roll(getvariable('products'), 'stocked', stock_no), roll(86400 * getvariable('last_day'), 'bought', stock_no), NULL
  FROM range(getvariable('sold'), getvariable('stock')) AS numbers(stock_no)
)
SELECT
  inventory_id_of(stock_no) AS id, product_id, instant(created_second) AS created_at, instant(sold_second) AS sold_at, products.cost,
  products.category AS product_category, products.name AS product_name, products.brand AS product_brand,
  products.retail_price AS product_retail_price, products.department AS product_department, sku AS product_sku,
  distribution_center_id AS product_distribution_center_id
FROM stock JOIN stocked USING (product_no) JOIN products ON products.id = product_id;
