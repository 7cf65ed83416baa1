-- When a script's result was released; empty while it is not, and again after a recall. A reviewer's own figures rest on
-- released scripts alone, and their queries must not follow script.attempt_id to find out.
ALTER TABLE settlement ADD COLUMN released_at BIGINT;

UPDATE settlement SET released_at = (
    SELECT MAX(release.approved_at)
    FROM script
    JOIN attempt ON attempt.id = script.attempt_id
    JOIN result ON result.registration_id = attempt.registration_id
    JOIN release ON release.id = result.release_id
    WHERE script.id = settlement.script_id AND release.state = 'released'
);
