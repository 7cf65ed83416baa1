DROP TABLE attempt_page;
