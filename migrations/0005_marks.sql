-- What became of the plaintext of a batch, beside its one export and its one mail: whether its codes
-- were shown when they were issued, and what kind of file they were exported to. A batch of an
-- earlier version may have been shown without a mark.
ALTER TABLE batches ADD COLUMN shown_at INTEGER;
ALTER TABLE batches ADD COLUMN export_format TEXT CHECK (export_format IN ('txt', 'csv', 'pdf'));

UPDATE batches SET export_format = audit.details FROM audit
 WHERE audit.action = 'codes.exported' AND audit.batch = batches.name
   AND audit.details IN ('txt', 'csv', 'pdf') AND batches.exported_at IS NOT NULL;

-- When the batch or one of its codes last changed.
ALTER TABLE batches ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;

UPDATE batches SET changed_at = MAX(
    created_at, COALESCE(confirmed_at, 0), COALESCE(ended_at, 0), COALESCE(exported_at, 0),
    COALESCE(emailed_at, 0),
    COALESCE((SELECT MAX(ended_at) FROM codes WHERE batch_id = batches.id), 0));
