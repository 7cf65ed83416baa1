DROP TABLE screening_finding;
DROP TABLE script_original;
