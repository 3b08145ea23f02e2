-- profiles.fields: {"path under _profile": ["value", "object type that wrote it"]}, so that deleting a type can scrub what it wrote;
-- in the type's place standard_profile.MANUAL for what the API wrote.
-- profile_keys.value: the index value of object_types.index_value; type_name for the same reason, or MANUAL, or
-- standard_profile.OWN_FIELDS for the keys that a profile has by its own fields.
-- objects.seq grows with every write, a replacement included: it is the objects' age and the order of every listing.
-- domain_sizes: what GetDomain answers, kept by triggers, so that a domain's rows are never counted. Nothing may write to
-- objects or profiles with OR REPLACE: its policy would become that of the triggers' own statements, too.
-- dead_letters: they wait to be sent, after the caller was answered.
-- pending: accepted with 200, not yet processed (only while an indexing delay is set).
CREATE TABLE IF NOT EXISTS domains (
    name TEXT PRIMARY KEY, document TEXT NOT NULL, created_at REAL NOT NULL, updated_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS object_types (
    domain TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, created_at REAL NOT NULL, updated_at REAL NOT NULL,
    PRIMARY KEY (domain, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS profiles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT NOT NULL, id TEXT NOT NULL, fields TEXT NOT NULL,
    UNIQUE (domain, id)
);
CREATE TABLE IF NOT EXISTS profile_keys (
    domain TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, profile_id TEXT NOT NULL, type_name TEXT NOT NULL,
    PRIMARY KEY (domain, name, value, profile_id, type_name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_of_profile ON profile_keys (domain, profile_id, type_name);
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT NOT NULL, type_name TEXT NOT NULL, unique_key TEXT NOT NULL,
    unique_values TEXT NOT NULL, profile_id TEXT NOT NULL, text TEXT NOT NULL, ingested_at REAL NOT NULL,
    expires_at REAL NOT NULL, UNIQUE (domain, type_name, unique_key)
);
CREATE INDEX IF NOT EXISTS objects_of_profile ON objects (domain, profile_id, type_name, seq);
CREATE TABLE IF NOT EXISTS pending (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT NOT NULL, type_name TEXT NOT NULL, text TEXT NOT NULL,
    accepted_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_expiry ON objects (expires_at);
CREATE TABLE IF NOT EXISTS dead_letters (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, queue_url TEXT NOT NULL, domain TEXT NOT NULL, type_name TEXT NOT NULL,
    text TEXT NOT NULL, accepted_at REAL NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS domain_sizes (
    domain TEXT PRIMARY KEY, profiles INTEGER NOT NULL, objects INTEGER NOT NULL, characters INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS object_added AFTER INSERT ON objects BEGIN
    INSERT INTO domain_sizes VALUES (new.domain, 0, 1, LENGTH(new.text))
        ON CONFLICT DO UPDATE SET objects = objects + 1, characters = characters + excluded.characters;
END;
CREATE TRIGGER IF NOT EXISTS object_removed AFTER DELETE ON objects BEGIN
    UPDATE domain_sizes SET objects = objects - 1, characters = characters - LENGTH(old.text) WHERE domain = old.domain;
END;
CREATE TRIGGER IF NOT EXISTS profile_added AFTER INSERT ON profiles BEGIN
    INSERT INTO domain_sizes VALUES (new.domain, 1, 0, 0) ON CONFLICT DO UPDATE SET profiles = profiles + 1;
END;
CREATE TRIGGER IF NOT EXISTS profile_removed AFTER DELETE ON profiles BEGIN
    UPDATE domain_sizes SET profiles = profiles - 1 WHERE domain = old.domain;
END;
