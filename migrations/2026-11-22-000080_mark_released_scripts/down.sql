ALTER TABLE settlement DROP COLUMN released_at;
