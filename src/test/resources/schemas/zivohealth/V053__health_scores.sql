-- Health scores: how they are computed, the metrics they rest on, the results per day and a log of the computations.

CREATE TABLE health_score_specs (
    id         serial       PRIMARY KEY,
    version    varchar(32)  NOT NULL UNIQUE,
    name       varchar(128) NOT NULL,
    spec_json  jsonb        NOT NULL,
    is_default boolean      NOT NULL DEFAULT false,
    created_at timestamp    NOT NULL DEFAULT now(),
    updated_at timestamp    NOT NULL DEFAULT now()
);

CREATE TABLE metric_anchor_registry (
    id             serial      PRIMARY KEY,
    domain         varchar(32) NOT NULL,
    key            varchar(64) NOT NULL,
    loinc_code     varchar(20),
    unit           varchar(32),
    pattern        varchar(24) NOT NULL,
    anchors        jsonb       NOT NULL,
    half_life_days integer,
    danger         jsonb,
    group_key      varchar(64),
    active         boolean     NOT NULL DEFAULT true,
    introduced_in  varchar(32),
    created_at     timestamp   NOT NULL DEFAULT now(),
    updated_at     timestamp   NOT NULL DEFAULT now(),
    CONSTRAINT uq_metric_anchor_domain_key UNIQUE (domain, key)
);

CREATE TABLE health_score_results_daily (
    id            serial           PRIMARY KEY,
    user_id       integer          NOT NULL,
    date          date             NOT NULL,
    chronic_score double precision,
    acute_score   double precision,
    overall_score double precision NOT NULL,
    confidence    double precision NOT NULL,
    detail        jsonb            NOT NULL,
    spec_version  varchar(32)      NOT NULL,
    created_at    timestamp        NOT NULL DEFAULT now(),
    updated_at    timestamp        NOT NULL DEFAULT now(),
    CONSTRAINT uq_health_score_results_daily UNIQUE (user_id, date),
    CONSTRAINT health_score_results_daily_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE health_score_calculations_log (
    id             serial           PRIMARY KEY,
    user_id        integer          NOT NULL,
    calculated_at  timestamp        NOT NULL DEFAULT now(),
    window_start   timestamp,
    window_end     timestamp,
    spec_version   varchar(32)      NOT NULL,
    inputs_summary jsonb,
    result_overall double precision NOT NULL,
    confidence     double precision NOT NULL,
    created_at     timestamp        NOT NULL DEFAULT now(),
    CONSTRAINT health_score_calculations_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_health_score_calculations_log_user_id ON health_score_calculations_log (user_id);
