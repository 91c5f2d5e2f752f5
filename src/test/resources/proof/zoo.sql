-- Every kind of column and constraint that both databases know, each in a table of a user's. One table per paragraph.

CREATE TYPE mood AS ENUM ('good', 'so so', 'it''s bad');

CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, CHECK (email LIKE '%@%'));

CREATE TABLE scalars (
    id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    a_bool boolean NOT NULL, a_int2 int2 NOT NULL, a_int4 int4 NOT NULL, a_int8 int8 NOT NULL, a_float4 float4 NOT NULL,
    a_float8 float8 NOT NULL, a_numeric numeric NOT NULL, a_text text NOT NULL, a_name name NOT NULL, a_char "char" NOT NULL,
    a_bytea bytea NOT NULL, a_uuid uuid NOT NULL, a_jsonb jsonb NOT NULL, a_date date NOT NULL, a_time time NOT NULL,
    a_timetz timetz NOT NULL, a_timestamp timestamp NOT NULL, a_timestamptz timestamptz NOT NULL, an_interval interval NOT NULL,
    an_inet inet NOT NULL, an_oid oid NOT NULL, a_mood mood NOT NULL);

CREATE TABLE sized (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    c1 char(1) NOT NULL, c3 char(3) NOT NULL, v1 varchar(1) NOT NULL, v7 varchar(7) NOT NULL UNIQUE, n52 numeric(5, 2) NOT NULL,
    n11 numeric(1, 1) NOT NULL, n10 numeric(10) NOT NULL, b1 bit NOT NULL, b9 bit(9) NOT NULL, vb5 varbit(5) NOT NULL,
    ts0 timestamp(0) NOT NULL);

CREATE TABLE arrays (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ints int4[] NOT NULL, texts text[] NOT NULL, moods mood[] NOT NULL, uuids uuid[] NOT NULL, times timestamptz[] NOT NULL,
    CHECK (array_length(ints, 1) = 2), CHECK (array_length(texts, 1) >= 1));

CREATE TABLE computed (
    id int4 NOT NULL, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, year int4 NOT NULL, month int4 NOT NULL,
    ordinal int4 NOT NULL GENERATED ALWAYS AS (year * 12 + month) STORED, PRIMARY KEY (id), CHECK (month BETWEEN 1 AND 12),
    CHECK (ordinal > 24000));

CREATE TABLE unique_columns (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, code varchar(2) NOT NULL UNIQUE, low int2 NOT NULL UNIQUE,
    day date NOT NULL UNIQUE, mail text NOT NULL DEFAULT 'same@example.org' UNIQUE, state text NOT NULL DEFAULT 'open',
    a int4 NOT NULL, b int4 NOT NULL, UNIQUE (a, b), address inet NOT NULL UNIQUE);
CREATE UNIQUE INDEX one_open ON unique_columns (state, b) WHERE state = 'open';

CREATE TABLE checked_texts (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    status text NOT NULL CHECK (status IN ('draft', 'final')),
    tier varchar(20) NOT NULL DEFAULT 'wrong' CHECK (tier = ANY (ARRAY['free', 'paid'])),
    code text NOT NULL CHECK (code ~ '^[A-Z]{2}-[0-9]{3,5}$'),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) BETWEEN 10 AND 40),
    phone text NOT NULL CHECK (phone LIKE '+49%'),
    word text NOT NULL CHECK (word = lower(word) AND word <> '' AND length(word) >= 20),
    shout text NOT NULL CHECK (upper(shout) = shout AND char_length(shout) < 6),
    other text NOT NULL CHECK (other NOT IN ('a', 'b') AND other <> 'c'));

CREATE TABLE checked_numbers (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    percent int4 NOT NULL CHECK (percent >= 0 AND percent <= 100), rating numeric(3, 1) NOT NULL CHECK (rating BETWEEN 1.5 AND 4.5),
    even int4 NOT NULL CHECK (even % 2 = 0 AND even > 10), low int4 NOT NULL, high int4 NOT NULL, CHECK (low < high),
    starts_on date NOT NULL, ends_on date NOT NULL, CHECK (starts_on < ends_on),
    total numeric(10, 2) NOT NULL, paid numeric(10, 2) NOT NULL, CHECK (paid <= total AND total > 500),
    negative int4 NOT NULL CHECK (negative < -5), odd_one int4 NOT NULL CHECK (odd_one = 7 OR odd_one = 9 OR odd_one > 1000));

CREATE TABLE checked_nulls (
    id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, mail text, phone text, done boolean NOT NULL,
    done_at timestamptz, kind text NOT NULL, card text, iban text, CHECK ((mail IS NULL) <> (phone IS NULL)),
    CHECK ((done AND done_at IS NOT NULL) OR (NOT done AND done_at IS NULL)),
    CHECK (CASE WHEN kind = 'card' THEN card IS NOT NULL AND iban IS NULL WHEN kind = 'iban' THEN iban IS NOT NULL ELSE false END));

-- A row has one target: each foreign key gets a row of its own.
CREATE TABLE posts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), author_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);

CREATE TABLE comments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE, answers_id uuid REFERENCES comments (id) ON DELETE CASCADE);

CREATE TABLE reactions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), post_id uuid REFERENCES posts (id) ON DELETE CASCADE,
    comment_id uuid REFERENCES comments (id) ON DELETE CASCADE, CHECK ((post_id IS NULL) <> (comment_id IS NULL)));

-- Nobody is a friend of oneself: it takes a third user.
CREATE TABLE friendships (
    a_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, b_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (a_id, b_id), CHECK (a_id <> b_id));

-- Lookup tables, one of them with a column that every row needs for itself, and one that names itself.
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL UNIQUE);

CREATE TABLE categories (id int4 PRIMARY KEY, root_id int4 NOT NULL REFERENCES categories (id));

CREATE TABLE addresses (
    id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    country char(2) NOT NULL DEFAULT 'DE' REFERENCES countries (code), category_id int4 NOT NULL UNIQUE REFERENCES categories (id),
    checked_by int4 REFERENCES categories (id), CHECK (checked_by IS NOT NULL OR country = 'XX'));

-- A cycle with a column that may be NULL.
CREATE TABLE accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, main_card_id uuid);

CREATE TABLE cards (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE);
ALTER TABLE accounts ADD FOREIGN KEY (main_card_id) REFERENCES cards (id);

-- Keys of several columns, shared by foreign keys.
CREATE TABLE tenants (id int4 PRIMARY KEY);

CREATE TABLE projects (
    tenant_id int4 NOT NULL REFERENCES tenants (id), id int4 NOT NULL, owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, id));

CREATE TABLE tasks (
    tenant_id int4 NOT NULL, project_id int4 NOT NULL, n int4 NOT NULL, PRIMARY KEY (tenant_id, project_id, n),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id) ON DELETE CASCADE);

CREATE TABLE task_links (
    tenant_id int4 NOT NULL, project_id int4 NOT NULL, from_n int4 NOT NULL, to_n int4, note text NOT NULL,
    FOREIGN KEY (tenant_id, project_id, from_n) REFERENCES tasks (tenant_id, project_id, n) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, project_id, to_n) REFERENCES tasks (tenant_id, project_id, n) ON DELETE CASCADE);

-- Neither a key nor a default, and nothing but a link.
CREATE TABLE keyless (user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, what jsonb NOT NULL, note text);

-- A referenced column that may be NULL and is not the key.
CREATE TABLE devices (
    id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, serial_number text UNIQUE);

CREATE TABLE readings (id serial PRIMARY KEY, device text NOT NULL REFERENCES devices (serial_number) ON DELETE CASCADE);

CREATE TABLE "Odd ""Names"".x" (
    "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "der Nutzer" uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    "select" text NOT NULL CHECK ("select" IN ('it''s', 'a "b"')), "Größe" int4 NOT NULL CHECK ("Größe" > 5));

-- Columns that depend on each other.
CREATE TABLE compared (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, a int4 NOT NULL, b int4 NOT NULL, c int4 NOT NULL,
    CHECK (a < b AND b < c AND a > 10), low int4 NOT NULL, v int4 NOT NULL, high int4 NOT NULL, CHECK (v BETWEEN low AND high),
    CHECK (low > 50), CHECK (high < 55), first_day date NOT NULL, last_day date NOT NULL,
    CHECK (first_day < last_day AND last_day <= '2019-03-05'), narrow float8 NOT NULL CHECK (narrow > 0.25 AND narrow < 0.26));

CREATE TABLE calculated (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, double_n int4 NOT NULL, n int4 NOT NULL CHECK (n > 7),
    CHECK (double_n = n * 2), net numeric(10, 2) NOT NULL CHECK (net > 0), tax numeric(10, 2) NOT NULL CHECK (tax > 3),
    gross numeric(10, 2) NOT NULL, CHECK (gross = net + tax), a int4 NOT NULL, b int4 NOT NULL, CHECK (a + b = 100),
    p int4 NOT NULL, q int4 NOT NULL, CHECK (least(p, q) > 3 AND greatest(p, q) < 10));

CREATE TABLE odd_texts (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    no_dash text NOT NULL CHECK (no_dash NOT LIKE '%-%' AND no_dash NOT LIKE '%x%' AND no_dash <> ''),
    letters text NOT NULL CHECK (letters !~ '[0-9]'), mail text NOT NULL CHECK (strpos(mail, '@') > 1),
    number text NOT NULL CHECK (number::int4 > 5), ends text NOT NULL CHECK (right(ends, 2) = 'yz' AND ends LIKE 'ab%'),
    like_sql text NOT NULL CHECK (like_sql SIMILAR TO '(ab|cd)%[0-9]{2}'), long_one text NOT NULL CHECK (long_one LIKE 'usr\_%' AND length(long_one) = 30),
    net inet NOT NULL CHECK (net << '192.168.0.0/16'), tags text[] NOT NULL CHECK (tags <@ ARRAY['a', 'b'] AND array_length(tags, 1) > 1),
    tagged text[] NOT NULL CHECK ('x' = ANY (tagged)));

CREATE TABLE computed_unique (
    id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, n int4 NOT NULL,
    last_digit int4 NOT NULL GENERATED ALWAYS AS (n % 10) STORED, UNIQUE (last_digit));
