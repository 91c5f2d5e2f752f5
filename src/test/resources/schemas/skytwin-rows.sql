-- One row in every table of schemas/skytwin, for one user: run once per user.
--
-- Placeholders, replaced as text:  :user  the SQL literal of the user's id,  :n  1 or 2, to keep unique values unique.
-- A statement ends with a semicolon at the end of its line. The line before it says what it fills:
--
--   -- table <name> direct    goes with the user once every FK on users cascades
--   -- table <name> below     hangs below a user's row over an FK without CASCADE; refuses the delete until closure
--   -- table <name> lookup    no FK leads to users; stays when the user goes
--
-- In this order the rows can be inserted with or without those marked below.

-- table users direct
INSERT INTO users (id, email, name) VALUES (:user, 'person-:n@example.com', 'Person :n');

-- table connected_accounts direct
INSERT INTO connected_accounts (user_id, provider, account_id, scopes)
VALUES (:user, 'google', 'person-:n@gmail.example', '{mail.read,calendar}');

-- table twin_profiles direct
INSERT INTO twin_profiles (user_id, version) VALUES (:user, 2);

-- table twin_profile_versions below
INSERT INTO twin_profile_versions (profile_id, version, snapshot, changed_fields)
VALUES ((SELECT id FROM twin_profiles WHERE user_id = :user), 1, '{"preferences": []}', '{preferences}');

-- table preferences direct
INSERT INTO preferences (user_id, domain, key, value, confidence, source)
VALUES (:user, 'email', 'newsletters', '"archive"', 'high', 'explicit');

-- table decisions direct
INSERT INTO decisions (user_id, situation_type, raw_event, interpreted_situation, domain)
VALUES (:user, 'email_triage', '{"from": "shop@example.com"}', '{"kind": "newsletter"}', 'email');

-- table candidate_actions below
INSERT INTO candidate_actions (decision_id, action_type, description, predicted_user_preference, risk_assessment)
VALUES ((SELECT id FROM decisions WHERE user_id = :user), 'archive_email', 'Archive it', 'likely', '{"level": "low"}');

-- table decision_outcomes below
INSERT INTO decision_outcomes (decision_id, selected_action_id, auto_executed, explanation, confidence)
SELECT d.id, a.id, true, 'Newsletters are archived', 0.9
FROM decisions d JOIN candidate_actions a ON a.decision_id = d.id WHERE d.user_id = :user;

-- table action_policies direct
INSERT INTO action_policies (user_id, name, domain) VALUES (:user, 'Never delete', 'email');

-- table approval_requests direct
INSERT INTO approval_requests (user_id, decision_id, candidate_action, reason, batch_id)
VALUES (:user, (SELECT id FROM decisions WHERE user_id = :user), '{"type": "archive_email"}', 'First one', 'batch-:n');

-- table execution_plans below
INSERT INTO execution_plans (decision_id, action_id, status)
SELECT d.id, a.id, 'completed'
FROM decisions d JOIN candidate_actions a ON a.decision_id = d.id WHERE d.user_id = :user;

-- table execution_results below
INSERT INTO execution_results (plan_id, success, adapter_used)
SELECT p.id, true, 'gmail' FROM execution_plans p JOIN decisions d ON d.id = p.decision_id WHERE d.user_id = :user;

-- table execution_events below
INSERT INTO execution_events (plan_id, step_id, event_type)
SELECT p.id, 'step-1', 'completed'
FROM execution_plans p JOIN decisions d ON d.id = p.decision_id WHERE d.user_id = :user;

-- table explanation_records below
INSERT INTO explanation_records (decision_id, what_happened, confidence_reasoning, action_rationale,
                                 correction_guidance)
VALUES ((SELECT id FROM decisions WHERE user_id = :user), 'Archived', 'Seen often', 'You always do', 'Tell me not to');

-- table feedback_events direct
INSERT INTO feedback_events (user_id, decision_id, type, undo_step_id)
VALUES (:user, (SELECT id FROM decisions WHERE user_id = :user), 'undo', 'step-1');

-- table oauth_tokens direct
INSERT INTO oauth_tokens (user_id, provider, access_token, refresh_token, expires_at)
VALUES (:user, 'google', 'access-:n', 'refresh-:n', now());

-- table behavioral_patterns direct
INSERT INTO behavioral_patterns (user_id, pattern_type, description, trigger_config, observed_action)
VALUES (:user, 'habit', 'Archives newsletters', '{"from": "shop@example.com"}', 'archive_email');

-- table cross_domain_traits direct
INSERT INTO cross_domain_traits (user_id, trait_name, description) VALUES (:user, 'tidy', 'Likes an empty inbox');

-- table eval_runs direct
INSERT INTO eval_runs (suite_id, user_id, twin_version, total, passed, failed, pass_rate, full_report)
VALUES ('safety', :user, 2, 10, 9, 1, 0.9, '{}');

-- table connector_configs direct
INSERT INTO connector_configs (user_id, provider, connector_type) VALUES (:user, 'google', 'gmail');

-- table signals direct
INSERT INTO signals (user_id, source, type, domain, data, "timestamp")
VALUES (:user, 'gmail', 'email_received', 'email', '{}', now());

-- table proactive_scans direct
INSERT INTO proactive_scans (user_id, scan_type, items_found) VALUES (:user, 'morning', 3);

-- table briefings direct
INSERT INTO briefings (user_id, scan_id) VALUES (:user, (SELECT id FROM proactive_scans WHERE user_id = :user));

-- table accuracy_metrics direct
INSERT INTO accuracy_metrics (user_id, domain, total_decisions, period_start, period_end)
VALUES (:user, 'email', 10, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z');

-- table skill_gap_log direct
INSERT INTO skill_gap_log (action_type, action_description, user_id, decision_id)
VALUES ('book_flight', 'No adapter', :user, (SELECT id FROM decisions WHERE user_id = :user));

-- table trust_tier_audit direct
INSERT INTO trust_tier_audit (user_id, old_tier, new_tier, direction, trigger_reason)
VALUES (:user, 'observer', 'suggest', 'promotion', 'Ten approvals in a row');

-- table spend_records direct
INSERT INTO spend_records (user_id, action_id, decision_id, estimated_cost_cents)
VALUES (:user, 'action-:n', 'decision-:n', 499);

-- table domain_autonomy_policies direct
INSERT INTO domain_autonomy_policies (user_id, domain, trust_tier) VALUES (:user, 'finance', 'observer');

-- table escalation_triggers direct
INSERT INTO escalation_triggers (user_id, trigger_type, conditions) VALUES (:user, 'amount', '{"above_cents": 5000}');

-- table preference_proposals direct
INSERT INTO preference_proposals (user_id, domain, key, value, confidence)
VALUES (:user, 'email', 'receipts', '"label"', 'medium');

-- Has the user's id as text, but no FK.
-- table preference_history lookup
INSERT INTO preference_history (id, preference_id, user_id, new_value, new_confidence, attribution_type)
VALUES ('history-:n', 'preference-:n', CAST(:user AS text), '"archive"', 'high', 'explicit');

-- table twin_exports direct
INSERT INTO twin_exports (user_id, format) VALUES (:user, 'json');

-- table sessions direct
INSERT INTO sessions (user_id, token_hash, expires_at) VALUES (:user, 'hash-:n', now());

-- table service_credentials lookup
INSERT INTO service_credentials (service, credential_key, credential_value) VALUES ('smtp', 'password-:n', 'secret');

-- table credential_requirements lookup
INSERT INTO credential_requirements (adapter, integration, integration_label, field_key, field_label)
VALUES ('mail', 'smtp', 'SMTP', 'password-:n', 'Password');

-- table ai_provider_settings direct
INSERT INTO ai_provider_settings (user_id, provider, model) VALUES (:user, 'local', 'small');

-- table ironclaw_tools lookup
INSERT INTO ironclaw_tools (tool_name, action_types) VALUES ('tool-:n', '{archive_email}');
