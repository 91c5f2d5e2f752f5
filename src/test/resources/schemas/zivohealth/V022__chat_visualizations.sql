-- Charts that an answer shows.

ALTER TABLE chat_messages ADD COLUMN visualizations json;
