DROP TABLE receipt_amendment;
DROP TABLE late_decision;
