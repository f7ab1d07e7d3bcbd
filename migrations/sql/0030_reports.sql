-- Reports by e-mail, and questions to the simulator. Frozen with migration 0030.

CREATE TABLE report_subscriptions (
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    address_sealed BYTEA NOT NULL,
    report VARCHAR(40) NOT NULL,
    format VARCHAR(8) NOT NULL,
    language VARCHAR(8) NOT NULL,
    rhythm VARCHAR(10) NOT NULL,
    hour SMALLINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tries SMALLINT DEFAULT '0' NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    next_due TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_report_subscriptions PRIMARY KEY (id),
    CONSTRAINT fk_report_subscriptions_account_id FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT ck_report_subscriptions_rhythm CHECK (rhythm IN ('daily', 'weekly', 'monthly')),
    CONSTRAINT ck_report_subscriptions_format CHECK (format IN ('pdf', 'xlsx')),
    CONSTRAINT ck_report_subscriptions_language CHECK (language IN ('ru', 'en')),
    CONSTRAINT ck_report_subscriptions_hour CHECK (hour BETWEEN 0 AND 23),
    CONSTRAINT ck_report_subscriptions_due
        CHECK ((next_due IS NOT NULL) = (confirmed_at IS NOT NULL AND ended_at IS NULL))
);
CREATE INDEX ix_report_subscriptions_due ON report_subscriptions (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX ix_report_subscriptions_account ON report_subscriptions (account_id, created_at);

-- One row for each due time of each recipient: two workers that plan the same one meet at the key.
CREATE TABLE report_sendings (
    subscription_id UUID NOT NULL,
    kind VARCHAR(8) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    status VARCHAR(10) NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    try_at TIMESTAMP WITH TIME ZONE NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    reason VARCHAR(60),
    CONSTRAINT pk_report_sendings PRIMARY KEY (subscription_id, kind, due_at),
    CONSTRAINT uq_report_sendings_id UNIQUE (id),
    CONSTRAINT fk_report_sendings_subscription_id FOREIGN KEY (subscription_id) REFERENCES report_subscriptions (id),
    CONSTRAINT ck_report_sendings_kind CHECK (kind IN ('code', 'report')),
    CONSTRAINT ck_report_sendings_status CHECK (status IN ('waiting', 'sending', 'accepted', 'failed', 'lapsed')),
    CONSTRAINT ck_report_sendings_lease CHECK ((status = 'sending') = (leased_until IS NOT NULL))
);
CREATE INDEX ix_report_sendings_open ON report_sendings (try_at) WHERE status IN ('waiting', 'sending');

CREATE TABLE what_ifs (
    id UUID NOT NULL,
    asked_by UUID NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    question JSONB NOT NULL,
    world JSONB NOT NULL,
    status VARCHAR(10) NOT NULL,
    progress SMALLINT DEFAULT '0' NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    answer JSONB,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_what_ifs PRIMARY KEY (id),
    CONSTRAINT fk_what_ifs_asked_by FOREIGN KEY (asked_by) REFERENCES accounts (id),
    CONSTRAINT ck_what_ifs_status CHECK (status IN ('waiting', 'running', 'done', 'failed')),
    CONSTRAINT ck_what_ifs_lease CHECK ((status = 'running') = (leased_until IS NOT NULL)),
    CONSTRAINT ck_what_ifs_answer CHECK ((status = 'done') = (answer IS NOT NULL)),
    CONSTRAINT ck_what_ifs_progress CHECK (progress BETWEEN 0 AND 100)
);
CREATE INDEX ix_what_ifs_open ON what_ifs (asked_at) WHERE status IN ('waiting', 'running');
CREATE INDEX ix_what_ifs_account ON what_ifs (asked_by, asked_at);

-- Never changed and never taken away, as the region's other figures.
CREATE TABLE forecast_releases (
    starts_on DATE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    learned BOOLEAN NOT NULL,
    lines JSONB NOT NULL,
    CONSTRAINT pk_forecast_releases PRIMARY KEY (starts_on)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON forecast_releases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON forecast_releases TO __APP_ROLE__;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_subscriptions, report_sendings, what_ifs TO __APP_ROLE__;
