-- Appointments of a patient with a doctor, most of them out of a consultation request.

CREATE TABLE appointments (
    id                      serial    PRIMARY KEY,
    patient_id              integer   NOT NULL,
    doctor_id               integer   NOT NULL,
    consultation_request_id integer,
    title                   varchar   NOT NULL,
    description             text,
    appointment_date        timestamp NOT NULL,
    duration_minutes        integer,
    status                  varchar,
    appointment_type        varchar,
    patient_notes           text,
    doctor_notes            text,
    created_at              timestamp,
    updated_at              timestamp,
    CONSTRAINT appointments_consultation_request_id_fkey
        FOREIGN KEY (consultation_request_id) REFERENCES consultation_requests (id),
    CONSTRAINT appointments_doctor_id_fkey FOREIGN KEY (doctor_id) REFERENCES doctors (id),
    CONSTRAINT appointments_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES users (id)
);
