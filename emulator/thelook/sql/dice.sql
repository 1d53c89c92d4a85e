-- Chance without state: every value is a hash of the seed, a salt that names the question and the
-- numbers that name the row, so threads, row order and machine make no difference.
-- Needs the variables seed, users, products, orders, visits, last_day and first_second.

-- A 64-bit number.
CREATE MACRO dice(salt, a, b := 0) AS hash(getvariable('seed'), salt, a, b);

-- A fraction in [0, 1).
CREATE MACRO chance(salt, a, b := 0) AS (dice(salt, a, b := b) >> 11)::DOUBLE / 9007199254740992.0;

-- A fraction in [low, high).
CREATE MACRO between_chance(low, high, salt, a, b := 0) AS low + (high - low) * chance(salt, a, b := b);

-- An integer in [0, sides).
CREATE MACRO roll(sides, salt, a, b := 0) AS (dice(salt, a, b := b) % sides::UBIGINT)::BIGINT;

-- One of the words of a list.
CREATE MACRO word(words, salt, a, b := 0) AS words[roll(len(words), salt, a, b := b) + 1];

-- Zipf's law with exponent 1 over [0, n): rank 0 is the most likely.
CREATE MACRO zipf(fraction, n) AS least(n - 1, floor(exp(fraction * ln(n + 1)))::BIGINT - 1);

-- The inverse of exponential growth: fractions spread over [0, 1) so that the density at 1 is exp(rate) times that at 0.
CREATE MACRO grown(fraction, rate) AS ln(1 + fraction * (exp(rate) - 1)) / rate;

-- The share of a growing population that exists at moment [0, 1]: undoes grown().
CREATE MACRO share_at(moment, rate) AS (exp(rate * moment) - 1) / (exp(rate) - 1);

-- A bijection of [0, n): the prime shares no factor with any n below it.
CREATE MACRO shuffled(i, n, offset_) AS ((i * 2147483647) % n + offset_) % n;

-- Seconds into a day, most likely about 13:00, never in the first hour: what precedes an order stays on its day.
CREATE MACRO second_of_day(salt, a) AS
  3600 + floor(82799 * (chance(salt, a) + chance(salt, a, b := 1)) / 2)::BIGINT;

-- The instant of a second counted from the start of the dataset's first day.
CREATE MACRO instant(second_) AS make_timestamptz((getvariable('first_second') + second_) * 1000000);
