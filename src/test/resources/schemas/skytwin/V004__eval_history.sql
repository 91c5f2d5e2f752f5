-- Results of the evaluation suites, kept per run so that regressions show.

CREATE TABLE eval_runs (
    id           uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    suite_id     text             NOT NULL,
    user_id      uuid             NOT NULL,
    twin_version bigint           NOT NULL,
    total        bigint           NOT NULL,
    passed       bigint           NOT NULL,
    failed       bigint           NOT NULL,
    pass_rate    double precision NOT NULL,
    regressions  text[]           NOT NULL DEFAULT '{}',
    improvements text[]           NOT NULL DEFAULT '{}',
    full_report  jsonb            NOT NULL,
    run_at       timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT eval_runs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_eval_runs_user_id_run_at ON eval_runs (user_id, run_at DESC);
