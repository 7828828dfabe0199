-- Whether a code of the batch can be guessed with fewer than 64 bits. Then attempts at its user are counted
-- from everywhere, and never forgotten (NIST SP 800-63B-4 section 3.2.2).
ALTER TABLE batches ADD COLUMN is_weak INTEGER NOT NULL DEFAULT 0 CHECK (is_weak IN (0, 1));

-- What another system mixed into its digest of a code, where it did. Without it, what is typed does not
-- lead to the digest.
ALTER TABLE codes ADD COLUMN salt TEXT;

-- Batches whose codes are no longer than what is typed elsewhere: while there are any, everybody may type such.
CREATE INDEX batches_moved ON batches (state) WHERE imported_from <> 'django';
CREATE INDEX batches_weak ON batches (user_id) WHERE is_weak = 1;
