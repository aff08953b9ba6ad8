"""The builder's own tables: what it has read, and what it needs to find again which part of the graph a change touches.

They stand in the store's file beside the graph, so that both change in one transaction; nobody but the stages of
graph.build reads them.

    read_document   each document that the graph holds: the stamp of what was read, its sketch, near-original and facts
    fact            what documents say of entities and sources, counted
    entity_party    the party that an entity belongs to
    seen_entity     which documents name an entity, by the id that they give it
    band            sketches in bands, for near-duplicates
    named, alike    names of people and companies, and which of them are one by their names; joined: the outcome
    telling         statements with what decides which claim they tell; telling_key: words to find copies by
    stated_link     links between statements
    charge          claims with the parties that decide which dispute they are part of
    standing        which claims a dispute or a derivation rests on, with what decides how it stands
    change, mirror  records written since a mirroring store was last brought up to date
"""

import re

TABLES = """
create table if not exists read_document (
    id text primary key, stamp text not null, sketch text not null, sort text not null, origin text not null,
    facts text not null, named text not null
) without rowid;
create table if not exists fact (
    entity text not null, field text not null, value text not null, count integer not null,
    primary key (entity, field, value)
) without rowid;
create index if not exists fact_by_value on fact (value, field) where field in ('family', 'developer');
create table if not exists entity_party (entity text primary key, party text not null) without rowid;
create table if not exists seen_entity (
    entity text not null, document text not null, primary key (entity, document)
) without rowid;
create table if not exists band (key text not null, document text not null, primary key (key, document)) without rowid;
create table if not exists named (
    id text not null, kind text not null, names text not null, fixed integer not null, count integer not null,
    primary key (id, kind, names, fixed)
) without rowid;
create table if not exists named_key (
    key text not null, kind text not null, name text not null, id text not null, primary key (key, kind, name, id)
) without rowid;
create index if not exists named_key_by_id on named_key (id, kind);
create table if not exists alike (
    kind text not null, one text not null, other text not null, reason text not null, usual integer not null,
    primary key (kind, one, other, reason, usual)
) without rowid;
create index if not exists alike_by_other on alike (kind, other);
create table if not exists joined (id text primary key, canonical text not null) without rowid;
create table if not exists telling (
    statement text not null, document text not null, speaker text not null, "group" text not null,
    kind text not null, language text not null, sort text not null, anchor integer not null, first integer,
    last integer, published integer, words text not null, plain text not null, targets text not null,
    parties text not null, leader text not null, primary key (speaker, "group", anchor, statement)
) without rowid;
create unique index if not exists telling_statement on telling (statement);
create index if not exists telling_leader on telling (leader, sort);
create index if not exists telling_document on telling (document);
create index if not exists seen_entity_by_document on seen_entity (document);
create table if not exists telling_key (
    key integer not null, statement text not null, primary key (key, statement)
) without rowid;
create table if not exists stated_link (
    document text not null, source text not null, target text not null, type text not null, cue text not null,
    confidence real not null, primary key (source, target, type, cue)
) without rowid;
create index if not exists stated_link_by_target on stated_link (target);
create index if not exists stated_link_by_document on stated_link (document);
create table if not exists charge (
    claim text primary key, "group" text not null, accused text, origins text not null, speaker text, date text not null,
    words integer not null
) without rowid;
create index if not exists charge_by_accused on charge (accused, "group", date desc, claim);
create index if not exists charge_by_origins on charge (accused, "group", origins);
create index if not exists charge_by_speaker on charge (speaker, "group", date);
create table if not exists standing (
    owner text not null, claim text not null, side text not null, date text, primary key (claim, owner)
) without rowid;
create index if not exists standing_by_side on standing (owner, side, date);
create table if not exists main_origin (accused text primary key, origin text) without rowid;
create index if not exists node_derivation_by_models on node_derivation (model, origin);
create index if not exists node_dispute_by_accused on node_dispute (accused);
create index if not exists node_dispute_by_origin on node_dispute (origin);
create table if not exists builder_setting (name text primary key, value text not null) without rowid;
create table if not exists change (sequence integer primary key autoincrement, record text not null);
create table if not exists mirror (address text primary key, sequence integer not null) without rowid;
"""

BUILT = tuple(re.findall(r"create table if not exists (?!change\b|mirror\b)(\w+)", TABLES))  # all but the log


def statements() -> list[str]:
    """Return the statements that make the tables."""
    return [statement.strip() for statement in TABLES.split(";") if statement.strip()]
