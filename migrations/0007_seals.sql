-- What decides about a login hangs from the head of the audit chain, which is under the key: the head
-- has the root of a tree of digests over all users, a user those of their open batches, a batch those
-- of its codes that can work. So no row can be changed, copied, swapped, or put back as it was.

-- For each batch that is active or pending: its number, its state and a digest of it.
ALTER TABLE users ADD COLUMN open_batches BLOB NOT NULL DEFAULT x'';

-- By position: a digest of each code that is active or invalidated, zeros for one that never works again.
ALTER TABLE batches ADD COLUMN code_digests BLOB NOT NULL DEFAULT x'';

-- Whether the hashes are bound to their place, as associated data of Argon2.
ALTER TABLE batches ADD COLUMN is_bound INTEGER NOT NULL DEFAULT 0 CHECK (is_bound IN (0, 1));

-- The tree: level * 2^48 + number of the node, and the digests of what lies below it, 32 at 32 bytes.
CREATE TABLE seals (
    id      INTEGER PRIMARY KEY,
    digests BLOB NOT NULL CHECK (length(digests) = 1024)
) STRICT;

-- The root of the tree and how many levels it has.
ALTER TABLE audit_head ADD COLUMN root BLOB;
ALTER TABLE audit_head ADD COLUMN height INTEGER;
-- Users up to this number are in the tree; there are others only while an older store is sealed.
ALTER TABLE audit_head ADD COLUMN sealed_to INTEGER;
-- A digest of the store's own row and of its keys.
ALTER TABLE audit_head ADD COLUMN world BLOB;
-- The latest moment the store has seen.
ALTER TABLE audit_head ADD COLUMN seen_at INTEGER;
