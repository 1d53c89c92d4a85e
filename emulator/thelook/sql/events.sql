-- The web log: each visit is a session of home, department, product, cart and purchase or cancel.

CREATE TABLE sessions AS
WITH closed AS (
  SELECT *,
    CASE WHEN is_order THEN 3 ELSE 2 END AS steps_per_look,
    CASE
      WHEN is_order THEN ['purchase']
      WHEN chance('cart', visit_no) < 0.08 THEN ['cart', 'cancel']
      WHEN chance('cart', visit_no) < 0.35 THEN ['cart']
      ELSE []
    END AS closing
  FROM visits
), counted AS (
  SELECT *, 1 + looks * steps_per_look + len(closing) AS steps_in_all FROM closed
)
SELECT
  counted.*,
  (sum(steps_in_all) OVER (ORDER BY visit_no ROWS UNBOUNDED PRECEDING) - steps_in_all)::BIGINT AS events_before,
  CASE WHEN is_order OR chance('known', visit_no) < 0.4 THEN user_id END AS shown_user_id,
  md5(concat_ws('/', getvariable('seed'), 'session', visit_no))::UUID AS session_id,
  concat_ws('.', 10, roll(256, 'ip', user_no, b := 1), roll(256, 'ip', user_no, b := 2), roll(256, 'ip', user_no, b := 3)) AS ip_address,
  city, state, postal_code,
  word(['Chrome', 'Chrome', 'Chrome', 'Firefox', 'Safari', 'Safari', 'IE', 'Other'], 'browser', user_no) AS browser,
  word(['Adwords', 'Adwords', 'Email', 'Email', 'Email', 'Facebook', 'Organic', 'YouTube'], 'event source', visit_no) AS traffic_source
FROM counted JOIN members USING (user_no);

CREATE MACRO slug(text_) AS regexp_replace(lower(text_), '[^a-z&]', '', 'g');

CREATE TABLE product_pages AS
SELECT
  product_no,
  '/product/' || product_id AS product_uri,
  concat('/department/', slug(department), '/category/', slug(category), '/brand/', slug(brand)) AS department_uri
FROM stocked;

CREATE TABLE steps AS
SELECT visit_no, 1 AS sequence_number, 'home' AS event_type, NULL AS product_no FROM sessions
UNION ALL
SELECT visit_no, 2 + look * steps_per_look + step, ['department', 'product', 'cart'][step + 1], product_no
FROM looks JOIN sessions USING (visit_no), range(steps_per_look) AS numbers(step)
UNION ALL
SELECT visit_no, 1 + looks * steps_per_look + place, closing[place], NULL
FROM sessions, range(1, len(closing) + 1) AS numbers(place);

DROP TABLE looks;
DROP TABLE visits;

-- A view, so that the widest rows exist only on their way to the file.
CREATE VIEW events AS
SELECT
  events_before + sequence_number AS id,
  shown_user_id AS user_id,
  sequence_number::BIGINT AS sequence_number,
  session_id::VARCHAR AS session_id,
  instant(ends_second - (steps_in_all - sequence_number) * pace_seconds
    - CASE WHEN sequence_number = steps_in_all THEN 0 ELSE roll(pace_seconds, 'pause', visit_no, b := sequence_number) END) AS created_at,
  ip_address, city, state, postal_code, browser, traffic_source,
  CASE event_type
    WHEN 'department' THEN department_uri
    WHEN 'product' THEN product_uri
    ELSE '/' || event_type
  END AS uri,
  event_type
FROM steps JOIN sessions USING (visit_no) LEFT JOIN product_pages USING (product_no);
