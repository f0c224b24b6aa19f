-- Which of a user's own writes a row holds, so that they can be waited for; and what users told us, to show it to them.

ALTER TABLE inbox_user ADD COLUMN heard varchar(200) NOT NULL DEFAULT '';

-- From topic profile.state: no tokens, no addresses. JSON is text here: the sink would need a type of its own for jsonb,
-- and nobody looks into it by SQL.
CREATE TABLE user_profile (
    tenant        varchar(32)  NOT NULL,
    user_id       varchar(128) NOT NULL,
    version       bigint       NOT NULL,
    preferences   text         NOT NULL,
    devices       text         NOT NULL,
    contacts      text         NOT NULL,
    subscriptions text         NOT NULL,
    heard         varchar(200) NOT NULL DEFAULT '',
    changed_at    timestamptz  NOT NULL,
    PRIMARY KEY (tenant, user_id)
) PARTITION BY HASH (tenant, user_id);

DO $$
DECLARE
    parts constant integer := 16;
BEGIN
    FOR part IN 0 .. parts - 1 LOOP
        EXECUTE format('CREATE TABLE user_profile_%s PARTITION OF user_profile FOR VALUES WITH (MODULUS %s, REMAINDER %s) '
            'WITH (fillfactor = 80)', lpad(part::text, 2, '0'), parts, part);
    END LOOP;
END
$$;

CREATE TRIGGER keep_newer BEFORE UPDATE ON user_profile
    FOR EACH ROW WHEN (NEW.version < OLD.version) EXECUTE FUNCTION keep_newer_row();

-- As before, and what the user told us.
CREATE FUNCTION forget_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM user_profile t USING (
        SELECT user_id FROM user_profile
        WHERE tenant = NEW.tenant AND user_id = NEW.user_id FOR UPDATE SKIP LOCKED) free
    WHERE t.tenant = NEW.tenant AND t.user_id = free.user_id;
    RETURN NEW;
END
$$;

-- Before the trigger that keeps the row out: triggers fire in the order of their names.
CREATE TRIGGER also_forget_profile BEFORE INSERT ON user_forgotten
    FOR EACH ROW EXECUTE FUNCTION forget_profile();
