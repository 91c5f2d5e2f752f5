-- A chat message can carry a file.

ALTER TABLE chat_messages
    ADD COLUMN file_path varchar(500),
    ADD COLUMN file_type varchar(10);
