-- Screenshots with which testers report what they see. The user's id has no foreign key.

CREATE TABLE feedback_screenshots (
    id             varchar(36)  PRIMARY KEY,
    user_id        integer,
    s3_key         varchar(500) NOT NULL,
    category       varchar(100),
    description    text,
    route          varchar(200),
    app_version    varchar(50),
    build_number   varchar(50),
    platform       varchar(20),
    os_version     varchar(50),
    device_model   varchar(120),
    app_identifier varchar(200),
    status         varchar(32)  NOT NULL DEFAULT 'open',
    extra          jsonb,
    created_at     timestamptz  NOT NULL DEFAULT now(),
    updated_at     timestamptz  NOT NULL DEFAULT now()
);
