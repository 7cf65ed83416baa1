DROP TABLE agreement;
DROP TABLE blueprint;
DROP TABLE vignette;
DROP TABLE item;
