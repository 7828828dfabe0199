-- Which slow hashes of another system it takes to try the codes of the batch, and how many of each. As long as
-- there are any, every attempt with such a text computes as many. It opens nothing, and is not sealed.
ALTER TABLE batches ADD COLUMN slow TEXT;

CREATE INDEX batches_slow ON batches (slow, expires_at)
    WHERE slow IS NOT NULL AND state IN ('active', 'pending') AND issued > used + invalidated + deleted;
