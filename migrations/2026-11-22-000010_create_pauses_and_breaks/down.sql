DROP TABLE clock_state;
DROP TABLE attempt_break;
DROP TABLE sitting_pause;
