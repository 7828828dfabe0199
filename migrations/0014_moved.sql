-- Where everything that was in this store is by now, if it was moved: nothing works here any more.
ALTER TABLE store ADD COLUMN moved_to TEXT;
