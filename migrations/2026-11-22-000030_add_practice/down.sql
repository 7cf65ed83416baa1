DROP INDEX registration_practice;
DROP INDEX registration_active;
UPDATE registration SET state = 'cancelled' WHERE practice;
CREATE UNIQUE INDEX registration_active ON registration (person_id, track) WHERE state = 'active';
ALTER TABLE registration DROP COLUMN practice;
DROP TABLE practice_sitting;
