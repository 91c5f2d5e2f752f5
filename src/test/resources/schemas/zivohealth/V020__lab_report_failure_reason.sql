-- Why a lab report could not be categorised.

ALTER TABLE lab_reports ADD COLUMN failure_reason varchar(255);
