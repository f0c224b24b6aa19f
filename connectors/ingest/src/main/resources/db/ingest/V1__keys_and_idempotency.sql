-- What ingest keeps, in the schema that Flyway is told; beside the tables of the inbox, or in a database of its own.

-- The secret of a key is 256 random bits, and kept only as its SHA-256.
CREATE TABLE api_key (
    id         varchar(32)  NOT NULL PRIMARY KEY,
    tenant     varchar(32)  NOT NULL,
    name       varchar(100) NOT NULL,
    scopes     text[]       NOT NULL,
    per_second integer      NOT NULL CHECK (per_second > 0),
    burst      integer      NOT NULL CHECK (burst > 0),
    hash       bytea        NOT NULL CHECK (octet_length(hash) = 32),
    created_at timestamptz  NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- A row from the first request with an idempotency key on; status and answer once it is answered. Until leased_until no
-- second request with the key runs; after it, the first one's process is taken for dead.
CREATE TABLE idempotency (
    tenant       varchar(32)  NOT NULL,
    caller       varchar(160) NOT NULL,
    key          varchar(255) NOT NULL,
    request_hash bytea        NOT NULL CHECK (octet_length(request_hash) = 32),
    attempt      uuid         NOT NULL,
    leased_until timestamptz  NOT NULL,
    status       integer,
    answer       text,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, caller, key)
) WITH (fillfactor = 80);

CREATE INDEX idempotency_created ON idempotency (created_at);
