-- Customers. A user's number is his rank by age of account; the id is a shuffle of it. User 42 is an old and
-- loyal customer under every seed, so that examples have a history to show.

SET VARIABLE user_offset = (
  WITH known AS (SELECT getvariable('users') AS n, 8 * (getvariable('users') // 40) AS user_no)
  SELECT (41 - (user_no * 2147483647) % n + n) % n FROM known
);
CREATE MACRO user_id_of(user_no) AS shuffled(user_no, getvariable('users'), getvariable('user_offset')) + 1;

-- The number of users whose account is older than the start of a day.
CREATE MACRO users_before(day) AS floor(getvariable('users') * share_at(day / (getvariable('last_day') + 1), 2))::BIGINT;

-- What a user likes: one of twelve tastes, which decides favourite categories and style, and a department.
CREATE MACRO taste_of(user_no) AS roll(12, 'taste', user_no);
CREATE MACRO gender_of(user_no) AS CASE WHEN chance('gender', user_no) < 0.5 THEN 'F' ELSE 'M' END;

CREATE TABLE regions AS
SELECT row_number() OVER () - 1 AS region_no, *, sum(weight) OVER (ROWS UNBOUNDED PRECEDING)::BIGINT AS weight_until
FROM (VALUES
  ('China', 'Guangdong', 23.4, 113.4, 12), ('China', 'Zhejiang', 29.2, 120.1, 8), ('China', 'Shandong', 36.4, 118.2, 8), ('China', 'Hebei', 38.0, 115.5, 6),
  ('United States', 'California', 36.8, -119.4, 7), ('United States', 'Texas', 31.5, -99.3, 6), ('United States', 'New York', 42.9, -75.5, 4), ('United States', 'Ohio', 40.3, -82.8, 4),
  ('Brasil', 'São Paulo', -22.2, -48.7, 7), ('Brasil', 'Minas Gerais', -18.5, -44.6, 4), ('Brasil', 'Bahia', -12.6, -41.7, 3),
  ('South Korea', 'Gyeonggi-do', 37.4, 127.2, 3), ('South Korea', 'Seoul', 37.55, 126.99, 2),
  ('France', 'Île-de-France', 48.7, 2.5, 3), ('France', 'Occitanie', 43.7, 2.1, 2),
  ('United Kingdom', 'England', 52.6, -1.5, 5), ('Germany', 'Bayern', 48.9, 11.4, 3), ('Germany', 'Hessen', 50.6, 9.0, 2),
  ('Spain', 'Andalucía', 37.5, -4.7, 3), ('Spain', 'Galicia', 42.6, -8.0, 1), ('Japan', 'Tokyo', 35.69, 139.69, 2),
  ('Australia', 'New South Wales', -32.2, 147.0, 2), ('Belgium', 'Vlaanderen', 51.0, 4.3, 1), ('Poland', 'Mazowieckie', 52.3, 21.1, 1)
) AS list(country, state, latitude, longitude, weight);

CREATE TABLE cities AS
WITH lists AS (
  SELECT
    ['Ander', 'Bel', 'Cor', 'Dun', 'Esk', 'Fer', 'Glen', 'Hol', 'Ister', 'Kar', 'Lin', 'Mor', 'Nor', 'Osten', 'Pel', 'Rav'] AS firsts,
    ['bridge', 'ford', 'haven', 'mark', 'mouth', 'ora', 'stead', 'ton', 'vale', 'wick', 'ia', 'holm'] AS lasts
)
SELECT
  region_no, city_no, country, state,
  word(firsts, 'city first', region_no, b := city_no) || word(lasts, 'city last', region_no, b := city_no) AS city,
  latitude + between_chance(-1, 1, 'latitude', region_no, b := city_no) AS latitude,
  longitude + between_chance(-1, 1, 'longitude', region_no, b := city_no) AS longitude
FROM regions, range(9) AS numbers(city_no), lists;

CREATE TABLE region_draws AS
SELECT draw, min(region_no) AS region_no
FROM range((SELECT max(weight_until) FROM regions)) AS numbers(draw) JOIN regions ON draw < weight_until
GROUP BY draw;

CREATE TABLE members AS
SELECT
  user_no,
  user_id_of(user_no) AS user_id,
  gender_of(user_no) AS gender,
  86400 * floor((getvariable('last_day') + 1) * grown((user_no + 0.5) / getvariable('users'), 2))::BIGINT
    + second_of_day('account', user_no) AS created_second,
  cities.country, cities.state, cities.city,
  round(cities.latitude + between_chance(-0.1, 0.1, 'user latitude', user_no), 6) AS latitude,
  round(cities.longitude + between_chance(-0.1, 0.1, 'user longitude', user_no), 6) AS longitude,
  format('{:05d}', 10000 + roll(90000, 'postal code', user_no)) AS postal_code
FROM range(getvariable('users')) AS numbers(user_no)
JOIN region_draws ON draw = roll((SELECT count(*) FROM region_draws), 'region', user_no)
JOIN cities ON cities.region_no = region_draws.region_no AND city_no = zipf(chance('city', user_no), 9);

CREATE TABLE users AS
WITH named AS (
  SELECT *,
    CASE gender
      WHEN 'F' THEN word(['Amara', 'Birgit', 'Celia', 'Dora', 'Elif', 'Fenna', 'Greta', 'Hana', 'Ines', 'Jolene', 'Katya', 'Lucia', 'Maren', 'Noor', 'Oona', 'Petra', 'Rosalind', 'Signe', 'Tova', 'Yuna'], 'first', user_no)
      ELSE word(['Anders', 'Bruno', 'Cesar', 'Dario', 'Emil', 'Farid', 'Gustav', 'Hugo', 'Ivo', 'Jonas', 'Kenji', 'Lars', 'Mateo', 'Nils', 'Otto', 'Pavel', 'Rafael', 'Stefan', 'Tomas', 'Viktor'], 'first', user_no)
    END AS first_name,
    word(['Abbot', 'Birch', 'Castell', 'Drummond', 'Eklund', 'Farrow', 'Grieg', 'Holloway', 'Iversen', 'Jansen', 'Kowal', 'Lindqvist', 'Marlow', 'Novak', 'Okafor', 'Pereira', 'Quill', 'Rowan', 'Sato', 'Thorne', 'Ulrich', 'Vance', 'Whitlock', 'Yilmaz'], 'last', user_no) AS last_name
  FROM members
)
SELECT
  user_id AS id, first_name, last_name,
  lower(first_name || '.' || last_name || '.' || user_id) || '@example.' || word(['com', 'net', 'org'], 'mail', user_no) AS email,
  12 + roll(59, 'age', user_no) AS age,
  gender, state,
  (1 + roll(999, 'house', user_no)) || ' ' || word(['Orchard', 'Station', 'Mill', 'Chapel', 'Harbour', 'Poplar', 'Quarry', 'Meadow'], 'street', user_no)
    || ' ' || word(['Street', 'Road', 'Lane', 'Avenue', 'Close'], 'road', user_no) AS street_address,
  postal_code, city, country, latitude, longitude,
  word(['Search', 'Search', 'Search', 'Search', 'Organic', 'Facebook', 'Email', 'Display'], 'source', user_no) AS traffic_source,
  instant(created_second) AS created_at,
  format('POINT({} {})', longitude, latitude) AS user_geom
FROM named;
