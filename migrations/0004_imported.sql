-- Where the codes of a batch were issued, if not here. What is typed is then read as that place
-- reads it: its hints and hashes are of a digest, not of the code itself.
ALTER TABLE batches ADD COLUMN imported_from TEXT;
