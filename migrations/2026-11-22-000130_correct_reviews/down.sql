DROP TABLE result_basis;
DROP TABLE settlement_basis;
DROP TABLE review_correction;
