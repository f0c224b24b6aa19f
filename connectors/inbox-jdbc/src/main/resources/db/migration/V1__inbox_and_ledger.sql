-- The inbox and the ledger as rows. Connect writes them from the topics inbox.item, inbox.mark, inbox.user and
-- ledger.state; column names are the field names of those schemas, and text limits are those of their docs (PostgreSQL
-- counts characters, Herald UTF-16 units, so what intake lets through always fits).
--
-- Each table is cut by user into 16 hash partitions: a user's rows are together, indexes and vacuums stay small. The
-- primary key is also the index for "the latest of one user", read backwards, and for "the unread of one user", which
-- are those of his items, at most the newest 100, whose mark does not say otherwise.

CREATE TABLE inbox_item (
    tenant          varchar(32)   NOT NULL,
    user_id         varchar(128)  NOT NULL,
    seq             bigint        NOT NULL,
    notification_id uuid          NOT NULL,
    category        varchar(64)   NOT NULL,
    actor           varchar(128),
    title           varchar(200)  NOT NULL,
    body            varchar(2000) NOT NULL,
    link            varchar(2048),
    created_at      timestamptz   NOT NULL,
    expires_at      timestamptz   NOT NULL,
    PRIMARY KEY (tenant, user_id, seq)
) PARTITION BY HASH (tenant, user_id);

CREATE TABLE inbox_mark (
    tenant     varchar(32)  NOT NULL,
    user_id    varchar(128) NOT NULL,
    seq        bigint       NOT NULL,
    version    bigint       NOT NULL,
    seen       boolean      NOT NULL,
    read       boolean      NOT NULL,
    archived   boolean      NOT NULL,
    changed_at timestamptz  NOT NULL,
    PRIMARY KEY (tenant, user_id, seq)
) PARTITION BY HASH (tenant, user_id);

CREATE TABLE inbox_user (
    tenant     varchar(32)  NOT NULL,
    user_id    varchar(128) NOT NULL,
    version    bigint       NOT NULL,
    last_seq   bigint       NOT NULL,
    unread     integer      NOT NULL,
    seen_up_to bigint       NOT NULL,
    read_up_to bigint       NOT NULL,
    epoch      integer      NOT NULL,
    changed_at timestamptz  NOT NULL,
    PRIMARY KEY (tenant, user_id)
) PARTITION BY HASH (tenant, user_id);

CREATE TABLE ledger_state (
    tenant            varchar(32)   NOT NULL,
    user_id           varchar(128)  NOT NULL,
    notification_id   uuid          NOT NULL,
    source            varchar(64)   NOT NULL,
    event_id          varchar(128)  NOT NULL,
    category          varchar(64)   NOT NULL,
    state             varchar(16)   NOT NULL,
    seq               bigint,
    accepted          integer       NOT NULL,
    skipped           integer       NOT NULL,
    dead              integer       NOT NULL,
    expired           integer       NOT NULL,
    cancelled         integer       NOT NULL,
    open              integer       NOT NULL,
    reasons           varchar(1000) NOT NULL,
    decided_at        timestamptz   NOT NULL,
    ended_at          timestamptz,
    mailbox_partition integer       NOT NULL,
    mailbox_offset    bigint        NOT NULL,
    PRIMARY KEY (tenant, user_id, notification_id)
) PARTITION BY HASH (tenant, user_id);

-- Rows of marks, users and the ledger are rewritten in place: room in the page keeps those updates out of the indexes.
DO $$
DECLARE
    parts constant integer := 16;
BEGIN
    FOR part IN 0 .. parts - 1 LOOP
        EXECUTE format('CREATE TABLE inbox_item_%s PARTITION OF inbox_item FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
            lpad(part::text, 2, '0'), parts, part);
        EXECUTE format('CREATE TABLE inbox_mark_%s PARTITION OF inbox_mark FOR VALUES WITH (MODULUS %s, REMAINDER %s) '
            'WITH (fillfactor = 80)', lpad(part::text, 2, '0'), parts, part);
        EXECUTE format('CREATE TABLE inbox_user_%s PARTITION OF inbox_user FOR VALUES WITH (MODULUS %s, REMAINDER %s) '
            'WITH (fillfactor = 80)', lpad(part::text, 2, '0'), parts, part);
        EXECUTE format('CREATE TABLE ledger_state_%s PARTITION OF ledger_state FOR VALUES WITH (MODULUS %s, REMAINDER %s) '
            'WITH (fillfactor = 80)', lpad(part::text, 2, '0'), parts, part);
    END LOOP;
END
$$;

-- An inbox as people see it. Items that nothing was done to have no mark.
CREATE VIEW inbox AS
SELECT i.tenant, i.user_id, i.seq, i.notification_id, i.category, i.actor, i.title, i.body, i.link, i.created_at,
    i.expires_at, coalesce(m.seen, false) AS seen, coalesce(m.read, false) AS read,
    coalesce(m.archived, false) AS archived
FROM inbox_item i
LEFT JOIN inbox_mark m ON m.tenant = i.tenant AND m.user_id = i.user_id AND m.seq = i.seq;

-- "What was decided for this user lately", and "what became of this event".
CREATE INDEX ledger_state_recent ON ledger_state (tenant, user_id, decided_at DESC);
CREATE INDEX ledger_state_event ON ledger_state (tenant, event_id);

-- A connector that starts over, or a replay, writes old versions again. They must not undo what the user did since.
CREATE FUNCTION keep_newer_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NULL;
END
$$;

CREATE TRIGGER keep_newer BEFORE UPDATE ON inbox_mark
    FOR EACH ROW WHEN (NEW.version < OLD.version) EXECUTE FUNCTION keep_newer_row();

CREATE TRIGGER keep_newer BEFORE UPDATE ON inbox_user
    FOR EACH ROW WHEN (NEW.version < OLD.version) EXECUTE FUNCTION keep_newer_row();
