DROP TABLE system_check;
