-- One row in every table of schemas/skytwin-mempalace, for one user: run after skytwin-rows.sql, which explains how
-- these files are read. Rooms have no FK on users, but the one on wings cascades.

-- table memory_wings direct
INSERT INTO memory_wings (user_id, name) VALUES (:user, 'Work');

-- table memory_rooms direct
INSERT INTO memory_rooms (wing_id, name) VALUES ((SELECT id FROM memory_wings WHERE user_id = :user), 'Suppliers');

-- table memory_drawers direct
INSERT INTO memory_drawers (room_id, wing_id, user_id, hall, content, source_type)
SELECT r.id, w.id, :user, 'facts', 'Invoices come on Mondays', 'signal'
FROM memory_wings w JOIN memory_rooms r ON r.wing_id = w.id WHERE w.user_id = :user;

-- table memory_closets direct
INSERT INTO memory_closets (room_id, wing_id, user_id, compressed_content)
SELECT r.id, w.id, :user, 'INV:MON' FROM memory_wings w JOIN memory_rooms r ON r.wing_id = w.id WHERE w.user_id = :user;

-- table memory_tunnels direct
INSERT INTO memory_tunnels (user_id, topic) VALUES (:user, 'invoices');

-- table knowledge_entities direct
INSERT INTO knowledge_entities (user_id, name, entity_type) VALUES (:user, 'ACME', 'company');

-- table knowledge_triples direct
INSERT INTO knowledge_triples (user_id, subject, predicate, object, source_closet_id, source_drawer_id)
VALUES (:user, 'ACME', 'bills_on', 'Monday',
        (SELECT id FROM memory_closets WHERE user_id = :user), (SELECT id FROM memory_drawers WHERE user_id = :user));

-- table entity_codes direct
INSERT INTO entity_codes (user_id, code, full_name, entity_id)
VALUES (:user, 'ACM', 'ACME Inc.', (SELECT id FROM knowledge_entities WHERE user_id = :user));

-- table episodic_memories direct
INSERT INTO episodic_memories (user_id, situation_summary, domain, situation_type, decision_id)
VALUES (:user, 'A newsletter came', 'email', 'email_triage', (SELECT id FROM decisions WHERE user_id = :user));
