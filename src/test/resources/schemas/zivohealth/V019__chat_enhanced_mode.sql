-- The enhanced mode can be switched off per chat.

ALTER TABLE chat_sessions ADD COLUMN enhanced_mode_enabled boolean DEFAULT true;
