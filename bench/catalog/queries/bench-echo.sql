-- As cheap as a question to a warehouse can be: whatever an answer takes beyond it is the way there and back.
SELECT @n AS n
