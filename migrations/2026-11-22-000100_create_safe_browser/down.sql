DROP TABLE safe_browser_refusal;
DROP TABLE safe_browser_exemption;
DROP TABLE safe_browser_session;
DROP TABLE safe_browser;
