-- As cheap as the question of bench-echo: only how long its answer holds is another matter.
SELECT @n AS n
