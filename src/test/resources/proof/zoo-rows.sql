-- Rows that stand in the way of the obvious values.

INSERT INTO users VALUES ('00000000-0000-4000-8000-000000000001', 'a@example.org');
INSERT INTO countries VALUES ('DE', 'Germany');
INSERT INTO categories VALUES (1, 1);
INSERT INTO unique_columns VALUES ('00000000-0000-4000-8000-000000000001', 'ab', 1, '2024-01-15', 'same@example.org', 'open', 1, 1, '10.0.0.1');
