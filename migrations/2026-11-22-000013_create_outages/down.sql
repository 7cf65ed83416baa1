DROP TABLE outage_decision;
DROP TABLE outage;
DROP TABLE heartbeat;
