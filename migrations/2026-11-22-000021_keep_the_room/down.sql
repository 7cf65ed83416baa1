DROP TABLE attempt_note;
DROP TABLE preference;
