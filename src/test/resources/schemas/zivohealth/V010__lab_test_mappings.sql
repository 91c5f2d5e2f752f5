-- Which category a lab test belongs to.

CREATE TABLE lab_test_mappings (
    id                serial       PRIMARY KEY,
    test_name         varchar(255) NOT NULL UNIQUE,
    test_category     varchar(100) NOT NULL,
    description       text,
    common_units      varchar(100),
    normal_range_info text,
    is_active         boolean      NOT NULL,
    is_standardized   boolean      NOT NULL,
    created_at        timestamp    NOT NULL,
    updated_at        timestamp    NOT NULL
);
