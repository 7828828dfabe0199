-- The language of a user's sheets and letters (BCP 47). It opens nothing, and is not sealed.
ALTER TABLE users ADD COLUMN language TEXT;
