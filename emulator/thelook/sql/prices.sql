-- What a product sells for on a day. Age is the number of days before the dataset's last day.

-- A promotion calendar: time is cut into periods; in some of them the first days are cheaper.
CREATE MACRO promoted(salt, key, age, period, likelihood, longest, deepest) AS CASE
  WHEN chance(salt, key, b := (age + key) // period) < likelihood
    AND period - 1 - (age + key) % period < 3 + roll(longest - 2, salt || ' length', key, b := (age + key) // period)
  THEN 1 - between_chance(deepest / 3, deepest, salt || ' depth', key, b := (age + key) // period)
  ELSE 1.0
END;

-- A sharp and lasting change in the last weeks: up or down by about a third for half of those that are hit.
CREATE MACRO shocked(salt, key, age, likelihood, longest, size) AS CASE
  WHEN chance(salt, key) < likelihood AND age < 2 + roll(longest - 1, salt || ' start', key)
  THEN CASE WHEN chance(salt || ' way', key) < 0.5
    THEN 1 + between_chance(size / 2, size, salt || ' size', key)
    ELSE 1 / (1 + between_chance(size / 2, size, salt || ' size', key)) END
  ELSE 1.0
END;

-- Whatever the seed, one category and one big brand are dearer for the last six days, and one of each cheaper.
SET VARIABLE dearer_category = (SELECT category FROM categories WHERE category_no = roll(9, 'dearer', 0));
SET VARIABLE cheaper_category = (SELECT category FROM categories WHERE category_no = 9 + roll(8, 'cheaper', 0));
CREATE MACRO news(category, brand_no, age) AS CASE WHEN age >= 6 THEN 1.0 ELSE
  CASE category
    WHEN getvariable('dearer_category') THEN 1.22
    WHEN getvariable('cheaper_category') THEN 0.8
    ELSE 1.0
  END * CASE brand_no
    WHEN roll(6, 'dearer brand', 0) THEN 1.18
    WHEN 6 + roll(6, 'cheaper brand', 0) THEN 0.84
    ELSE 1.0
  END
END;

CREATE MACRO price_factor(product_no, rank_, brand_no, category_no, category, age) AS
  (1 + between_chance(0.02, 0.07, 'season', category_no) * sin(2 * pi() * (age / 365 + chance('phase', category_no))))
  * (1 - between_chance(-0.03, 0.08, 'drift', category_no) * age / 365)
  * (1 + between_chance(-0.05, 0.05, 'level', product_no, b := (age + product_no) // 90))
  * promoted('brand promotion', brand_no, age, 42, 0.3, 12, 0.24)
  * promoted('product promotion', product_no, age, 63, 0.2, 9, 0.36)
  * shocked('product shock', product_no, age, CASE WHEN rank_ = 0 THEN 0.3 WHEN rank_ < 5 THEN 0.1 ELSE 0.03 END, 18, 0.7)
  * shocked('brand shock', brand_no, age, CASE WHEN brand_no < 24 THEN 0.25 ELSE 0.06 END, 10, 0.4)
  * news(category, brand_no, age);
