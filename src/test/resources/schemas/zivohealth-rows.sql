-- One row in every table of schemas/zivohealth, for one user: run once per user. skytwin-rows.sql explains the
-- placeholders and the words direct, below and lookup. Rows that others refer to have ids made of 1000 * :n.
-- Nearly all links between two rows of the same user are set: both go in the same pass of the delete.

-- table users direct
INSERT INTO users (id, email, hashed_password, is_active) VALUES (:user, 'person-:n@example.com', 'bcrypt-hash', true);

-- Dictionaries and catalogues, doctors and admins.

-- table alembic_version lookup
INSERT INTO alembic_version (version_num) VALUES ('066_:n');

-- table timezone_dictionary lookup
INSERT INTO timezone_dictionary (id, identifier, display_name, utc_offset, is_active, created_at, updated_at)
VALUES (1000 * :n + 1, 'Test/Zone_:n', 'Zone :n', '+05:30', true, now(), now());

-- table country_code_dictionary lookup
INSERT INTO country_code_dictionary (id, country_name, iso2, dial_code, min_digits, max_digits, created_at, updated_at)
VALUES (1000 * :n + 1, 'Country :n', 'X:n', '+99:n', 7, 12, now(), now());

-- table admins lookup
INSERT INTO admins (email, hashed_password, timezone_id) VALUES ('admin-:n@example.com', 'bcrypt-hash', 1000 * :n + 1);

-- table doctors lookup
INSERT INTO doctors (id, email, hashed_password, license_number, specialization, years_experience, timezone_id)
VALUES (1000 * :n + 1, 'doctor-:n@example.com', 'bcrypt-hash', 'LIC-:n', 'General', 12, 1000 * :n + 1);

-- table conditions lookup
INSERT INTO conditions (id, name) VALUES (1000 * :n + 1, 'Condition :n');

-- table allergens lookup
INSERT INTO allergens (id, name) VALUES (1000 * :n + 1, 'Allergen :n');

-- table health_indicator_categories lookup
INSERT INTO health_indicator_categories (id, name) VALUES (1000 * :n + 1, 'Category :n');

-- table health_indicators lookup
INSERT INTO health_indicators (id, category_id, name, unit)
VALUES (1000 * :n + 1, 1000 * :n + 1, 'Indicator :n', 'mg/dL');

-- table lab_test_mappings lookup
INSERT INTO lab_test_mappings (test_name, test_category, is_active, is_standardized, created_at, updated_at)
VALUES ('Test :n', 'Lipids', true, false, now(), now());

-- table nutrition_nutrient_catalog lookup
INSERT INTO nutrition_nutrient_catalog (id, key, display_name, category, unit)
VALUES (1000 * :n + 1, 'nutrient_:n', 'Nutrient :n', 'macro', 'g');

-- table nutrition_objectives lookup
INSERT INTO nutrition_objectives (code, display_name) VALUES ('objective_:n', 'Objective :n');

-- table mental_health_feelings_dictionary lookup
INSERT INTO mental_health_feelings_dictionary (id, name) VALUES (1000 * :n + 1, 'Feeling :n');

-- table mental_health_impacts_dictionary lookup
INSERT INTO mental_health_impacts_dictionary (id, name) VALUES (1000 * :n + 1, 'Impact :n');

-- table mental_health_pleasantness_dictionary lookup
INSERT INTO mental_health_pleasantness_dictionary (id, score, label) VALUES (1000 * :n + 1, :n, 'Score :n');

-- table mental_health_entry_type_dictionary lookup
INSERT INTO mental_health_entry_type_dictionary (id, code, label) VALUES (1000 * :n + 1, 'type_:n', 'Type :n');

-- table health_score_specs lookup
INSERT INTO health_score_specs (version, name, spec_json) VALUES ('v:n', 'Spec :n', '{"weights": {}}');

-- table metric_anchor_registry lookup
INSERT INTO metric_anchor_registry (domain, key, pattern, anchors)
VALUES ('vitals', 'metric_:n', 'range', '[[60, 100]]');

-- Profile and account.

-- table user_profiles direct
INSERT INTO user_profiles (user_id, date_of_birth, gender, phone_number, timezone, timezone_id, country_code_id)
VALUES (:user, '1980-02-29', 'female', '555010:n', 'Asia/Kolkata', 1000 * :n + 1, 1000 * :n + 1);

-- table user_conditions direct
INSERT INTO user_conditions (user_id, condition_id) VALUES (:user, 1000 * :n + 1);

-- table user_allergies direct
INSERT INTO user_allergies (user_id, allergen_id, reaction) VALUES (:user, 1000 * :n + 1, 'rash');

-- table user_lifestyle direct
INSERT INTO user_lifestyle (user_id, smokes, drinks_alcohol, exercises_regularly) VALUES (:user, false, false, true);

-- table user_consents direct
INSERT INTO user_consents (user_id, consent_type, consented, consented_at)
VALUES (:user, 'data_processing', true, now());

-- table user_measurement_preferences direct
INSERT INTO user_measurement_preferences (user_id) VALUES (:user);

-- table user_notification_preferences direct
INSERT INTO user_notification_preferences (user_id, timezone, window_start_local, window_end_local)
VALUES (:user, 'Asia/Kolkata', '08:00', '21:00');

-- table user_devices direct
INSERT INTO user_devices (user_id, provider, device_name) VALUES (:user, 'healthkit', 'Watch');

-- table user_identities direct
INSERT INTO user_identities (user_id, provider, provider_subject, email)
VALUES (:user, 'google', 'subject-:n', 'person-:n@example.com');

-- table login_events direct
INSERT INTO login_events (user_id, occurred_at, method, success) VALUES (:user, now(), 'google', true);

-- table password_reset_tokens direct
INSERT INTO password_reset_tokens (user_id, token_hash, expires_at, used) VALUES (:user, 'hash-:n', now(), false);

-- Chats and consultations.

-- table chat_sessions direct
INSERT INTO chat_sessions (id, user_id, title) VALUES (1000 * :n + 1, :user, 'Headache');

-- table chat_messages direct
INSERT INTO chat_messages (id, session_id, user_id, content, role)
VALUES (1000 * :n + 1, 1000 * :n + 1, :user, 'Since Monday', 'user');

-- table agent_memory direct
INSERT INTO agent_memory (user_id, session_id, agent_name, memory_value)
VALUES (:user, 1000 * :n + 1, 'triage', '{"symptom": "headache"}');

-- Has the user's id, but no FK.
-- table clinical_reports lookup
INSERT INTO clinical_reports (id, user_id, chat_session_id, message_id, user_question, ai_response,
                              comprehensive_context)
VALUES (1000 * :n + 1, :user, 1000 * :n + 1, 1000 * :n + 1, 'What is it?', 'Ask a doctor', 'No other findings');

-- Has the user's id, but no FK.
-- table consultation_requests lookup
INSERT INTO consultation_requests (id, user_id, doctor_id, chat_session_id, context, user_question, clinical_report_id)
VALUES (1000 * :n + 1, :user, 1000 * :n + 1, 1000 * :n + 1, 'Headache since Monday', 'What is it?', 1000 * :n + 1);

-- table appointments direct
INSERT INTO appointments (patient_id, doctor_id, consultation_request_id, title, appointment_date)
VALUES (:user, 1000 * :n + 1, 1000 * :n + 1, 'Headache', '2026-03-02T10:00:00');

-- table prescriptions direct
INSERT INTO prescriptions (id, session_id, consultation_request_id, medication_name, prescribed_by, user_id)
VALUES ('prescription-:n', 1000 * :n + 1, 1000 * :n + 1, 'Paracetamol', 'Dr. :n', :user);

-- table clinical_notes direct
INSERT INTO clinical_notes (id, session_id, user_id, diagnosis)
VALUES ('note-:n', 1000 * :n + 1, :user, 'Tension headache');

-- Documents.

-- table document_processing_logs direct
INSERT INTO document_processing_logs (id, request_id, user_id, session_id, file_path, started_at, extracted_data)
VALUES (1000 * :n + 1, 'request-:n', :user, 1000 * :n + 1, '/uploads/:n.pdf', now(), '{"pages": 1}');

-- table opentelemetry_traces direct
INSERT INTO opentelemetry_traces (trace_id, span_id, span_name, start_time, user_id, session_id, document_id)
VALUES ('trace-:n', 'span-:n', 'ocr', now(), :user, 1000 * :n + 1, 1000 * :n + 1);

-- table lab_reports direct
INSERT INTO lab_reports (id, user_id, test_name, test_value, test_date, extracted_from_document_id)
VALUES (1000 * :n + 1, :user, 'LDL', '101', '2026-01-15', 1000 * :n + 1);

-- table lab_report_categorized direct
INSERT INTO lab_report_categorized (user_id, test_name, test_value, test_date, loinc_code, aggregation_status)
VALUES (:user, 'LDL', '101', '2026-01-15', '13457-7', 'pending');

-- The aggregates of lab reports have the user's id, but no FK.
-- table lab_reports_daily lookup
INSERT INTO lab_reports_daily (user_id, date, test_name, loinc_code, test_category, count)
VALUES (:user, '2026-01-15', 'LDL', '13457-7', 'Lipids', 1);

-- table lab_reports_monthly lookup
INSERT INTO lab_reports_monthly (user_id, year, month, test_name, loinc_code, test_category, count)
VALUES (:user, 2026, 1, 'LDL', '13457-7', 'Lipids', 1);

-- table lab_reports_quarterly lookup
INSERT INTO lab_reports_quarterly (user_id, year, quarter, test_name, loinc_code, test_category, count)
VALUES (:user, 2026, 1, 'LDL', '13457-7', 'Lipids', 1);

-- table lab_reports_yearly lookup
INSERT INTO lab_reports_yearly (user_id, year, test_name, loinc_code, test_category, count)
VALUES (:user, 2026, 'LDL', '13457-7', 'Lipids', 1);

-- table medical_images direct
INSERT INTO medical_images (user_id, image_type, image_path, processing_status)
VALUES (:user, 'xray', '/images/:n.png', 'completed');

-- table pharmacy_bills direct
INSERT INTO pharmacy_bills (id, user_id, pharmacy_name, bill_date, total_amount)
VALUES (1000 * :n + 1, :user, 'Corner Pharmacy', '2026-01-20', 120.5);

-- table pharmacy_medications direct
INSERT INTO pharmacy_medications (bill_id, medication_name, user_id) VALUES (1000 * :n + 1, 'Paracetamol', :user);

-- Health data.

-- table patient_health_records direct
INSERT INTO patient_health_records (id, patient_id, indicator_id, numeric_value, recorded_date, recorded_by)
VALUES (1000 * :n + 1, :user, 1000 * :n + 1, 101, '2026-01-15', :user);

-- table health_data_history direct
INSERT INTO health_data_history (patient_id, indicator_id, current_record_id, numeric_value, recorded_date, recorded_by)
VALUES (:user, 1000 * :n + 1, 1000 * :n + 1, 99, '2026-01-14', :user);

-- table patient_health_summaries direct
INSERT INTO patient_health_summaries (patient_id, total_indicators_tracked) VALUES (:user, 1);

-- table health_score_results_daily direct
INSERT INTO health_score_results_daily (user_id, date, overall_score, confidence, detail, spec_version)
VALUES (:user, '2026-01-15', 82.5, 0.7, '{}', 'v:n');

-- table health_score_calculations_log direct
INSERT INTO health_score_calculations_log (user_id, spec_version, result_overall, confidence)
VALUES (:user, 'v:n', 82.5, 0.7);

-- Vitals.

-- table vitals_raw_data direct
INSERT INTO vitals_raw_data (user_id, metric_type, value, unit, start_date, end_date, data_source, aggregation_status)
VALUES (:user, 'heart_rate', 61, 'bpm', '2026-01-15T08:00:00', '2026-01-15T08:01:00', 'healthkit', 'pending');

-- table vitals_raw_categorized direct
INSERT INTO vitals_raw_categorized (user_id, metric_type, value, unit, start_date, end_date, data_source, loinc_code)
VALUES (:user, 'heart_rate', 61, 'bpm', '2026-01-15T08:00:00', '2026-01-15T08:01:00', 'healthkit', '8867-4');

-- table vitals_hourly_aggregates direct
INSERT INTO vitals_hourly_aggregates (user_id, metric_type, hour_start, average_value, unit)
VALUES (:user, 'heart_rate', '2026-01-15T08:00:00', 61, 'bpm');

-- table vitals_daily_aggregates direct
INSERT INTO vitals_daily_aggregates (user_id, metric_type, date, average_value, unit)
VALUES (:user, 'heart_rate', '2026-01-15', 61, 'bpm');

-- table vitals_weekly_aggregates direct
INSERT INTO vitals_weekly_aggregates (user_id, metric_type, week_start_date, week_end_date, unit)
VALUES (:user, 'heart_rate', '2026-01-12', '2026-01-18', 'bpm');

-- table vitals_monthly_aggregates direct
INSERT INTO vitals_monthly_aggregates (user_id, metric_type, year, month, unit)
VALUES (:user, 'heart_rate', 2026, 1, 'bpm');

-- table vitals_sync_status direct
INSERT INTO vitals_sync_status (user_id, data_source) VALUES (:user, 'healthkit');

-- Nutrition.

-- table nutrition_raw_data direct
INSERT INTO nutrition_raw_data (user_id, food_item_name, meal_type, portion_size, portion_unit, calories, meal_date,
                                meal_time, data_source, aggregation_status)
VALUES (:user, 'Dal', 'lunch', 1, 'bowl', 180, '2026-01-15', '2026-01-15T13:00:00', 'photo', 'pending');

-- table nutrition_daily_aggregates direct
INSERT INTO nutrition_daily_aggregates (user_id, date, total_calories) VALUES (:user, '2026-01-15', 1900);

-- table nutrition_weekly_aggregates direct
INSERT INTO nutrition_weekly_aggregates (user_id, week_start_date, week_end_date)
VALUES (:user, '2026-01-12', '2026-01-18');

-- table nutrition_monthly_aggregates direct
INSERT INTO nutrition_monthly_aggregates (user_id, year, month) VALUES (:user, 2026, 1);

-- table nutrition_sync_status direct
INSERT INTO nutrition_sync_status (user_id, data_source) VALUES (:user, 'photo');

-- table nutrition_goals direct
INSERT INTO nutrition_goals (id, user_id, effective_at, goal_name) VALUES (1000 * :n + 1, :user, now(), 'More fibre');

-- table nutrition_goal_targets below
INSERT INTO nutrition_goal_targets (goal_id, nutrient_id, timeframe, target_type, target_min)
VALUES (1000 * :n + 1, 1000 * :n + 1, 'daily', 'min', 30);

-- table nutrition_meal_plans direct
INSERT INTO nutrition_meal_plans (goal_id, breakfast, created_at, updated_at)
VALUES (1000 * :n + 1, 'Oats', now(), now());

-- table user_nutrient_focus direct
INSERT INTO user_nutrient_focus (user_id, nutrient_id, goal_id) VALUES (:user, 1000 * :n + 1, 1000 * :n + 1);

-- Mental health.

-- table mental_health_entries direct
INSERT INTO mental_health_entries (id, user_id, recorded_at, pleasantness_id, entry_type_id)
VALUES (1000 * :n + 1, :user, now(), 1000 * :n + 1, 1000 * :n + 1);

-- table mental_health_entry_feelings direct
INSERT INTO mental_health_entry_feelings (entry_id, feeling_id) VALUES (1000 * :n + 1, 1000 * :n + 1);

-- table mental_health_entry_impacts direct
INSERT INTO mental_health_entry_impacts (entry_id, impact_id) VALUES (1000 * :n + 1, 1000 * :n + 1);

-- table mental_health_daily direct
INSERT INTO mental_health_daily (user_id, date, avg_score) VALUES (:user, '2026-01-15', 4);

-- Reminders, devices and feedback have the user's id, but no FK.

-- table reminders lookup
INSERT INTO reminders (user_id, reminder_type, reminder_time) VALUES (CAST(:user AS varchar), 'medication', now());

-- table device_tokens lookup
INSERT INTO device_tokens (user_id, platform, fcm_token) VALUES (CAST(:user AS varchar), 'ios', 'token-:n');

-- table user_reminder_configs lookup
INSERT INTO user_reminder_configs (user_id, context, context_id, reminder_type, key, external_id, group_id)
VALUES (CAST(:user AS varchar), 'nutrition', 'goal-:n', 'meal', 'lunch', 'external-:n', 'group-:n');

-- table feedback_screenshots lookup
INSERT INTO feedback_screenshots (id, user_id, s3_key) VALUES ('screenshot-:n', :user, 'feedback/:n.png');
