-- Mempalace, the memory back end behind MEMORY_BACKEND=mempalace. All of its tables are in this file, and no
-- other file may depend on them: the schema has to work with and without it.

-- The palace: wings have rooms; drawers keep memories verbatim, closets keep them compressed.
CREATE TABLE memory_wings (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid        NOT NULL,
    name         text        NOT NULL,
    description  text        NOT NULL DEFAULT '',
    domains      text[]      NOT NULL DEFAULT '{}',
    drawer_count bigint      NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memory_wings_user_id_name_key UNIQUE (user_id, name),
    CONSTRAINT memory_wings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE memory_rooms (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    wing_id      uuid        NOT NULL,
    name         text        NOT NULL,
    description  text        NOT NULL DEFAULT '',
    halls        text[]      NOT NULL DEFAULT '{}',
    drawer_count bigint      NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memory_rooms_wing_id_name_key UNIQUE (wing_id, name),
    CONSTRAINT memory_rooms_wing_id_fkey FOREIGN KEY (wing_id) REFERENCES memory_wings (id) ON DELETE CASCADE
);

CREATE TABLE memory_drawers (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    room_id     uuid        NOT NULL,
    wing_id     uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    hall        text        NOT NULL,
    content     text        NOT NULL,
    metadata    jsonb       NOT NULL DEFAULT '{}',
    source_type text        NOT NULL,
    source_id   text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memory_drawers_room_id_fkey FOREIGN KEY (room_id) REFERENCES memory_rooms (id) ON DELETE CASCADE,
    CONSTRAINT memory_drawers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT memory_drawers_wing_id_fkey FOREIGN KEY (wing_id) REFERENCES memory_wings (id) ON DELETE CASCADE
);
CREATE INDEX idx_memory_drawers_room_id ON memory_drawers (room_id);
CREATE INDEX idx_memory_drawers_user_id ON memory_drawers (user_id);
CREATE INDEX idx_memory_drawers_wing_id ON memory_drawers (wing_id);

CREATE TABLE memory_closets (
    id                 uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    room_id            uuid        NOT NULL,
    wing_id            uuid        NOT NULL,
    user_id            uuid        NOT NULL,
    compressed_content text        NOT NULL,
    source_drawer_ids  uuid[]      NOT NULL DEFAULT '{}',
    drawer_count       bigint      NOT NULL DEFAULT 0,
    token_count        bigint      NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memory_closets_room_id_fkey FOREIGN KEY (room_id) REFERENCES memory_rooms (id) ON DELETE CASCADE,
    CONSTRAINT memory_closets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT memory_closets_wing_id_fkey FOREIGN KEY (wing_id) REFERENCES memory_wings (id) ON DELETE CASCADE
);
CREATE INDEX idx_memory_closets_room_id ON memory_closets (room_id);
CREATE INDEX idx_memory_closets_user_id ON memory_closets (user_id);

CREATE TABLE memory_tunnels (
    id                 uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id            uuid             NOT NULL,
    topic              text             NOT NULL,
    connected_room_ids uuid[]           NOT NULL DEFAULT '{}',
    connected_wing_ids uuid[]           NOT NULL DEFAULT '{}',
    strength           double precision NOT NULL DEFAULT 1.0,
    created_at         timestamptz      NOT NULL DEFAULT now(),
    updated_at         timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT memory_tunnels_user_id_topic_key UNIQUE (user_id, topic),
    CONSTRAINT memory_tunnels_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

-- The knowledge graph.
CREATE TABLE knowledge_entities (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     uuid        NOT NULL,
    name        text        NOT NULL,
    entity_type text        NOT NULL,
    properties  jsonb       NOT NULL DEFAULT '{}',
    aliases     text[]      NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_entities_user_id_name_entity_type_key UNIQUE (user_id, name, entity_type),
    CONSTRAINT knowledge_entities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE knowledge_triples (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid        NOT NULL,
    subject          text        NOT NULL,
    predicate        text        NOT NULL,
    object           text        NOT NULL,
    valid_from       timestamptz NOT NULL DEFAULT now(),
    valid_to         timestamptz,
    confidence       text        NOT NULL DEFAULT 'medium',
    source_closet_id uuid,
    source_drawer_id uuid,
    extracted_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_triples_source_closet_id_fkey FOREIGN KEY (source_closet_id) REFERENCES memory_closets (id),
    CONSTRAINT knowledge_triples_source_drawer_id_fkey FOREIGN KEY (source_drawer_id) REFERENCES memory_drawers (id),
    CONSTRAINT knowledge_triples_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_knowledge_triples_user_id_subject ON knowledge_triples (user_id, subject);

CREATE TABLE entity_codes (
    id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id   uuid NOT NULL,
    code      text NOT NULL,
    full_name text NOT NULL,
    entity_id uuid,
    CONSTRAINT entity_codes_user_id_code_key UNIQUE (user_id, code),
    CONSTRAINT entity_codes_entity_id_fkey FOREIGN KEY (entity_id) REFERENCES knowledge_entities (id),
    CONSTRAINT entity_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

-- What happened, and how useful it was to remember it.
CREATE TABLE episodic_memories (
    id                uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid             NOT NULL,
    situation_summary text             NOT NULL,
    domain            text             NOT NULL,
    situation_type    text             NOT NULL,
    context_snapshot  jsonb            NOT NULL DEFAULT '{}',
    action_taken      text,
    outcome           jsonb,
    feedback_type     text,
    feedback_detail   text,
    decision_id       uuid,
    signal_ids        uuid[]           NOT NULL DEFAULT '{}',
    drawer_ids        uuid[]           NOT NULL DEFAULT '{}',
    utility_score     double precision NOT NULL DEFAULT 0.5,
    created_at        timestamptz      NOT NULL DEFAULT now(),
    updated_at        timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT episodic_memories_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id),
    CONSTRAINT episodic_memories_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_episodic_memories_decision_id ON episodic_memories (decision_id);
CREATE INDEX idx_episodic_memories_user_id_domain ON episodic_memories (user_id, domain);
