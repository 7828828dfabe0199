-- Which runs of a purge took codes of a batch is asked for each batch that is looked at or deleted.
CREATE INDEX purged_batches_by_batch ON purged_batches (batch_id);
