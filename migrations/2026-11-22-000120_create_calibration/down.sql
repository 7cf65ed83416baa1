DROP TABLE planting;
DROP TABLE planted_reading;
DROP TABLE admission;
DROP TABLE calibration_reading;
DROP TABLE calibration_set;
DROP TABLE benchmark;
