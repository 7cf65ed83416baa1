DROP TABLE registration;
DROP TABLE form_entry;
DROP TABLE form;
DROP TABLE sitting;
DROP TABLE authorisation;
