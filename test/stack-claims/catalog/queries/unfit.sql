SELECT @key AS n
