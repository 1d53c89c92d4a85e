-- The shop: departments, categories, shelves (a category in one style), brands and products.

CREATE TABLE categories AS
SELECT row_number() OVER () - 1 AS category_no, *, (sum(styles) OVER (ROWS UNBOUNDED PRECEDING) - styles)::BIGINT AS first_shelf
FROM (VALUES
  ('Women', 'Dresses', 'Dress', 68.0, 6),
  ('Women', 'Tops & Tees', 'Blouse', 34.0, 6),
  ('Women', 'Jeans', 'Jeans', 79.0, 5),
  ('Women', 'Sweaters', 'Cardigan', 62.0, 5),
  ('Women', 'Fashion Hoodies & Sweatshirts', 'Hoodie', 51.0, 5),
  ('Women', 'Outerwear & Coats', 'Coat', 138.0, 4),
  ('Women', 'Blazers & Jackets', 'Blazer', 92.0, 3),
  ('Women', 'Skirts', 'Skirt', 44.0, 4),
  ('Women', 'Pants & Capris', 'Capris', 49.0, 4),
  ('Women', 'Leggings', 'Leggings', 27.0, 4),
  ('Women', 'Shorts', 'Shorts', 38.0, 4),
  ('Women', 'Jumpsuits & Rompers', 'Jumpsuit', 57.0, 3),
  ('Women', 'Active', 'Training Top', 48.0, 5),
  ('Women', 'Swim', 'Swimsuit', 54.0, 5),
  ('Women', 'Sleep & Lounge', 'Pyjama Set', 41.0, 5),
  ('Women', 'Intimates', 'Camisole', 32.0, 6),
  ('Women', 'Socks & Hosiery', 'Tights', 14.0, 3),
  ('Women', 'Accessories', 'Scarf', 36.0, 5),
  ('Men', 'Tops & Tees', 'T-Shirt', 32.0, 6),
  ('Men', 'Jeans', 'Jeans', 84.0, 5),
  ('Men', 'Sweaters', 'Pullover', 66.0, 5),
  ('Men', 'Fashion Hoodies & Sweatshirts', 'Hoodie', 55.0, 5),
  ('Men', 'Outerwear & Coats', 'Parka', 146.0, 4),
  ('Men', 'Suits & Sport Coats', 'Sport Coat', 168.0, 3),
  ('Men', 'Pants', 'Chinos', 58.0, 5),
  ('Men', 'Shorts', 'Shorts', 42.0, 5),
  ('Men', 'Active', 'Running Shirt', 46.0, 5),
  ('Men', 'Swim', 'Swim Trunks', 39.0, 4),
  ('Men', 'Sleep & Lounge', 'Lounge Pants', 37.0, 4),
  ('Men', 'Underwear', 'Boxer Briefs', 24.0, 4),
  ('Men', 'Socks', 'Crew Socks', 12.0, 3),
  ('Men', 'Accessories', 'Belt', 40.0, 5)
) AS list(department, category, noun, base_price, styles);

SET VARIABLE shelves = (SELECT sum(styles)::BIGINT FROM categories);
SET VARIABLE women_categories = (SELECT count(*) FROM categories WHERE department = 'Women');
SET VARIABLE men_categories = (SELECT count(*) FROM categories WHERE department = 'Men');

CREATE TABLE shelves AS
SELECT first_shelf + slot AS shelf, category_no, (category_no + slot) % 6 AS style
FROM categories, range(styles) AS slots(slot);

-- Brand b belongs to style b % 6; within a style, a lower number is a bigger brand.
CREATE TABLE brands AS
WITH lists AS (
  SELECT
    ['Alder', 'Bramble', 'Cinder', 'Dovetail', 'Ember', 'Fallow', 'Garnet', 'Harrow', 'Isling', 'Juniper',
     'Kelp', 'Lantern', 'Marrow', 'Nettle', 'Ochre', 'Pebble', 'Quarry', 'Rushlight'] AS firsts,
    ['Vale', 'Works', 'Thread', 'Harbour', 'Loom', 'Row', 'Mill', 'Atelier', 'North', 'Supply',
     '& Finch', '& Wren', 'Union', 'Yard', 'House', 'Cove', 'Studio', 'Lane'] AS lasts
)
SELECT b AS brand_no, firsts[shuffled(b, 324, 7) // 18 + 1] || ' ' || lasts[shuffled(b, 324, 7) % 18 + 1] AS brand
FROM range(324) AS numbers(b), lists;

-- A product's number is its rank on its shelf times the number of shelves, plus the shelf, so that a
-- rank picks a product without a search.
CREATE MACRO shelf_size(shelf) AS (getvariable('products') - shelf - 1) // getvariable('shelves') + 1;
CREATE MACRO product_number(shelf, rank_) AS rank_ * getvariable('shelves') + shelf;
CREATE MACRO product_id_of(product_no) AS shuffled(product_no, getvariable('products'), 0) + 1;

CREATE TABLE stocked AS
WITH numbered AS (
  SELECT
    product_no,
    product_id_of(product_no) AS product_id,
    product_no // getvariable('shelves') AS rank,
    category_no,
    style + 6 * zipf(chance('brand', product_no), 54) AS brand_no
  FROM range(getvariable('products')) AS numbers(product_no)
  JOIN shelves ON shelf = product_no % getvariable('shelves')
)
SELECT
  numbered.*,
  brand,
  department,
  category,
  concat_ws(' ',
    brand,
    word(['Relaxed', 'Slim', 'Classic', 'Cropped', 'Tapered', 'Oversized', 'Tailored', 'Everyday', 'Weekend', 'Reversible'], 'cut', product_no),
    word(['Linen', 'Merino', 'Cotton', 'Corduroy', 'Jersey', 'Bamboo', 'Flannel', 'Twill', 'Ribbed', 'Fleece'], 'cloth', product_no),
    noun, 'in',
    word(['Slate', 'Moss', 'Rust', 'Ivory', 'Ink', 'Clay', 'Plum', 'Sand', 'Pine', 'Ash', 'Saffron', 'Teal'], 'colour', product_no)
  ) AS name,
  round(base_price * exp(between_chance(-0.8, 0.8, 'price', product_no)) * exp(between_chance(-0.25, 0.25, 'brand price', brand_no)), 2)
    AS retail_price
FROM numbered JOIN categories USING (category_no) JOIN brands USING (brand_no);

CREATE TABLE distribution_centers AS
SELECT id::BIGINT AS id, name, latitude::DOUBLE AS latitude, longitude::DOUBLE AS longitude, format('POINT({} {})', longitude, latitude) AS distribution_center_geom
FROM (VALUES
  (1, 'Denver CO', 39.74, -104.99), (2, 'Columbus OH', 39.96, -83.0), (3, 'Portland OR', 45.52, -122.68),
  (4, 'Tucson AZ', 32.22, -110.97), (5, 'Omaha NE', 41.26, -95.93), (6, 'Albany NY', 42.65, -73.76),
  (7, 'Richmond VA', 37.54, -77.44), (8, 'Tulsa OK', 36.15, -95.99), (9, 'Boise ID', 43.62, -116.2),
  (10, 'Macon GA', 32.84, -83.63)
) AS list(id, name, latitude, longitude);

CREATE TABLE products AS
SELECT
  product_id AS id,
  round(retail_price * between_chance(0.35, 0.6, 'cost', product_no), 2) AS cost,
  category, name, brand, retail_price, department,
  upper(md5(concat_ws('/', getvariable('seed'), product_no))) AS sku,
  1 + roll(10, 'centre', product_no) AS distribution_center_id
FROM stocked;
