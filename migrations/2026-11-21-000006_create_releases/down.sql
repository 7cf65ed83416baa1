DROP TABLE result;
DROP TABLE release;
