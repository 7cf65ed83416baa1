DROP TABLE incident;
DROP TABLE score;
DROP TABLE late_answer;
DROP TABLE answer_history;
DROP TABLE answer;
DROP TABLE clock_term;
DROP TABLE attempt;
