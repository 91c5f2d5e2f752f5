CREATE TABLE orders (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL,
    CONSTRAINT orders_of_users FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE TABLE order_lines (
    id bigint PRIMARY KEY,
    order_id bigint NOT NULL,
    CONSTRAINT lines_of_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE
);
CREATE TABLE reviews (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL,
    checked_by bigint,
    CONSTRAINT reviews_of_users FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT reviews_checked_by FOREIGN KEY (checked_by) REFERENCES users (id)
);
CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL,
    CONSTRAINT invoices_of_users FOREIGN KEY (user_id) REFERENCES users (id)
);
