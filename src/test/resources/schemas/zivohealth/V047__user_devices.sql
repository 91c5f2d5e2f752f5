-- Watches and other devices a user has connected.

CREATE TABLE user_devices (
    id              serial       PRIMARY KEY,
    user_id         integer      NOT NULL,
    provider        varchar(64)  NOT NULL,
    device_name     varchar(128) NOT NULL,
    is_connected    boolean      NOT NULL DEFAULT true,
    connected_at    timestamptz,
    disconnected_at timestamptz,
    device_metadata json,
    created_at      timestamptz  NOT NULL DEFAULT now(),
    updated_at      timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT uq_user_device UNIQUE (user_id, provider, device_name),
    CONSTRAINT user_devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
