-- Everything that people do in the shop: visits, and in each the products looked at. Every order is the end of a visit.

CREATE TABLE visits AS
WITH dated AS (
  SELECT
    visit_no,
    visit_no < getvariable('orders') AS is_order,
    30 + floor((getvariable('last_day') - 29) * grown(chance('day', visit_no), 2.5))::BIGINT AS day
  FROM range(getvariable('visits')) AS numbers(visit_no)
), visited AS (
  SELECT *, floor(chance('who', visit_no) * greatest(users_before(day), 1))::BIGINT AS somebody FROM dated
)
SELECT
  visit_no, is_order, day,
  -- Every eighth user is loyal and gets half of the visits.
  CASE WHEN chance('loyal', visit_no) < 0.5 THEN somebody - somebody % 8 ELSE somebody END AS user_no,
  86400 * day + second_of_day('visit', visit_no) AS ends_second,
  20 + roll(160, 'pace', visit_no) AS pace_seconds,
  CASE
    WHEN chance('looks', visit_no) < 0.7 THEN 1
    WHEN chance('looks', visit_no) < 0.88 THEN 2
    WHEN chance('looks', visit_no) < 0.95 THEN 3
    ELSE 4
  END + CASE WHEN is_order THEN 0 ELSE roll(2, 'longer', visit_no) END AS looks
FROM visited;

-- Which category and style a look goes to: mostly what the user's taste and department say.
CREATE TABLE looks AS
WITH single AS (
  SELECT
    visit_no, is_order, day, user_no, ends_second, look,
    getvariable('last_day') - day AS age,
    taste_of(user_no) AS taste,
    (gender_of(user_no) = 'F') = (chance('for whom', visit_no, b := look) < 0.93) AS for_women
  FROM visits, range(looks) AS numbers(look)
), aimed AS (
  SELECT *,
    CASE WHEN for_women THEN getvariable('women_categories') ELSE getvariable('men_categories') END AS choices,
    least(zipf(chance('favourite', visit_no, b := look), 6), 3) AS favourite
  FROM single
), chosen AS (
  SELECT *,
    CASE WHEN for_women THEN 0 ELSE getvariable('women_categories') END
      + CASE
        WHEN favourite < 3 THEN roll(choices, 'favourite category', taste, b := favourite)
        ELSE zipf(chance('any category', visit_no, b := look), choices)
      END AS category_no,
    CASE
      WHEN chance('in style', visit_no, b := look) < 0.7 THEN roll(6, 'favourite style', taste)
      ELSE roll(6, 'any style', visit_no, b := look)
    END AS style
  FROM aimed
), shelved AS (
  SELECT chosen.* EXCLUDE (category_no), first_shelf + style % styles AS shelf
  FROM chosen JOIN categories USING (category_no)
)
SELECT
  visit_no, look, is_order, day, age, user_no, ends_second,
  -- Waves of eight days: in each, twenty-four products that everybody suddenly wants.
  CASE WHEN chance('wave', visit_no, b := look) < 0.15
    THEN roll(getvariable('products'), 'hot', age // 8, b := zipf(chance('hotter', visit_no, b := look), 24))
    ELSE product_number(shelf, zipf(chance('product', visit_no, b := look), shelf_size(shelf)))
  END AS product_no
FROM shelved;
