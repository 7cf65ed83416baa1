DROP TABLE proctor_closing;
DROP TABLE incident_resolution;
