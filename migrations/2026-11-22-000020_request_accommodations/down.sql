DROP TABLE accommodation_request;
DROP INDEX accommodation_by_person;
ALTER TABLE accommodation DROP COLUMN spell_check;
ALTER TABLE accommodation DROP COLUMN reader_layout;
ALTER TABLE accommodation DROP COLUMN larger_type;
