-- What the user dismissed, how far broadcasts are, and how a user is forgotten.

ALTER TABLE inbox_mark ADD COLUMN dismissed boolean NOT NULL DEFAULT false;

CREATE OR REPLACE VIEW inbox AS
SELECT i.tenant, i.user_id, i.seq, i.notification_id, i.category, i.actor, i.title, i.body, i.link, i.created_at,
    i.expires_at, coalesce(m.seen, false) AS seen, coalesce(m.read, false) AS read,
    coalesce(m.archived, false) AS archived, coalesce(m.dismissed, false) AS dismissed
FROM inbox_item i
LEFT JOIN inbox_mark m ON m.tenant = i.tenant AND m.user_id = i.user_id AND m.seq = i.seq;

-- From topic broadcast.state: a row for each broadcast and partition of the mailbox, few and often rewritten.
CREATE TABLE broadcast_state (
    tenant            varchar(32)  NOT NULL,
    source            varchar(64)  NOT NULL,
    broadcast_id      varchar(128) NOT NULL,
    mailbox_partition integer      NOT NULL,
    category          varchar(64)  NOT NULL,
    phase             varchar(16)  NOT NULL,
    looked            bigint       NOT NULL,
    notified          bigint       NOT NULL,
    failed            bigint       NOT NULL,
    started_at        timestamptz,
    ended_at          timestamptz,
    changed_at        timestamptz  NOT NULL,
    PRIMARY KEY (tenant, source, broadcast_id, mailbox_partition)
) WITH (fillfactor = 80);

CREATE TRIGGER keep_newer BEFORE UPDATE ON broadcast_state
    FOR EACH ROW WHEN (NEW.changed_at < OLD.changed_at) EXECUTE FUNCTION keep_newer_row();

-- Who was forgotten, by hash alone: rows of theirs that are still on their way must not be kept. The hash is that of
-- topic erased: of each text its length in four bytes and then its UTF-8, SHA-256, the first 16 bytes.
CREATE TABLE forgotten (
    user_hash bytea       NOT NULL PRIMARY KEY,
    at        timestamptz NOT NULL
);

CREATE FUNCTION user_hash(tenant text, user_id text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substring(sha256(
    int4send(octet_length(convert_to(tenant, 'UTF8'))) || convert_to(tenant, 'UTF8')
    || int4send(octet_length(convert_to(user_id, 'UTF8'))) || convert_to(user_id, 'UTF8')) FROM 1 FOR 16);

-- From topic user.forgotten. It never holds a row: whoever is written here is removed from everywhere, and not kept.
CREATE TABLE user_forgotten (
    tenant  varchar(32)  NOT NULL,
    user_id varchar(128) NOT NULL,
    at      timestamptz  NOT NULL,
    PRIMARY KEY (tenant, user_id)
);

-- The other sinks write meanwhile, and stop for good at a deadlock. So this waits for nothing: a row that is being
-- written at this moment is left to the next time, and the router says everything again an hour later.
CREATE FUNCTION forget_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO forgotten VALUES (user_hash(NEW.tenant, NEW.user_id), NEW.at) ON CONFLICT DO NOTHING;
    DELETE FROM inbox_item t USING (
        SELECT seq FROM inbox_item
        WHERE tenant = NEW.tenant AND user_id = NEW.user_id FOR UPDATE SKIP LOCKED) free
    WHERE t.tenant = NEW.tenant AND t.user_id = NEW.user_id AND t.seq = free.seq;
    DELETE FROM inbox_mark t USING (
        SELECT seq FROM inbox_mark
        WHERE tenant = NEW.tenant AND user_id = NEW.user_id FOR UPDATE SKIP LOCKED) free
    WHERE t.tenant = NEW.tenant AND t.user_id = NEW.user_id AND t.seq = free.seq;
    DELETE FROM inbox_user t USING (
        SELECT user_id FROM inbox_user
        WHERE tenant = NEW.tenant AND user_id = NEW.user_id FOR UPDATE SKIP LOCKED) free
    WHERE t.tenant = NEW.tenant AND t.user_id = free.user_id;
    DELETE FROM ledger_state t USING (
        SELECT notification_id FROM ledger_state
        WHERE tenant = NEW.tenant AND user_id = NEW.user_id FOR UPDATE SKIP LOCKED) free
    WHERE t.tenant = NEW.tenant AND t.user_id = NEW.user_id AND t.notification_id = free.notification_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget BEFORE INSERT ON user_forgotten
    FOR EACH ROW EXECUTE FUNCTION forget_user();

-- The router removes an inbox by tombstones, which come behind its rows in the same topics. Of the ledger it knows only
-- what is open: rows of what has ended may come after the user was forgotten, from a sink that is hours behind. Nothing is
-- decided about a user who is erased, so a row that comes within half an hour is there when the router says "forget" for
-- the second time, an hour later; only older ones need to be looked at, which costs as much as writing them.
CREATE FUNCTION keep_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM forgotten WHERE user_hash = user_hash(NEW.tenant, NEW.user_id)) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER keep_forgotten BEFORE INSERT ON ledger_state
    FOR EACH ROW WHEN (NEW.decided_at < now() - interval '30 minutes') EXECUTE FUNCTION keep_forgotten();
