-- How far the categorisation of a lab report is.

ALTER TABLE lab_reports ADD COLUMN categorization_status varchar(20) NOT NULL DEFAULT 'pending';
