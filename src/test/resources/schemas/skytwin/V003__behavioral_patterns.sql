-- Patterns seen in what a user does, and traits that hold in more than one domain.

CREATE TABLE behavioral_patterns (
    id                uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid        NOT NULL,
    pattern_type      text        NOT NULL,
    description       text        NOT NULL,
    trigger_config    jsonb       NOT NULL,
    observed_action   text        NOT NULL,
    frequency         bigint      NOT NULL DEFAULT 1,
    confidence        text        NOT NULL DEFAULT 'low',
    first_observed_at timestamptz NOT NULL DEFAULT now(),
    last_observed_at  timestamptz NOT NULL DEFAULT now(),
    metadata          jsonb       NOT NULL DEFAULT '{}',
    CONSTRAINT behavioral_patterns_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_behavioral_patterns_user_id ON behavioral_patterns (user_id);

CREATE TABLE cross_domain_traits (
    id                 uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id            uuid        NOT NULL,
    trait_name         text        NOT NULL,
    confidence         text        NOT NULL DEFAULT 'low',
    supporting_domains text[]      NOT NULL DEFAULT '{}',
    evidence_count     bigint      NOT NULL DEFAULT 1,
    description        text        NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT cross_domain_traits_user_id_trait_name_key UNIQUE (user_id, trait_name),
    CONSTRAINT cross_domain_traits_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
