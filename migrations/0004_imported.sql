-- Where the codes of a batch were issued, if not here. What is typed is then read as that place
-- reads it: its hints and hashes are of a digest, not of the code itself.
ALTER TABLE batches ADD COLUMN imported_from TEXT;

-- Under which key of the Django application; an id as in keys, so a wrong key is recognised.
ALTER TABLE store ADD COLUMN django_key TEXT;

-- Every batch that was ever taken over from elsewhere. Its user may be removed; what was used must
-- not come back with the next import.
CREATE TABLE imported (
    batch TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
