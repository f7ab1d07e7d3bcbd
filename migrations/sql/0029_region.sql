-- What is told of the region. Frozen with migration 0029.

-- Never changed and never taken away: what was told twice, and not the same, could be subtracted.
CREATE TABLE figure_releases (
    family VARCHAR(20) NOT NULL,
    starts_on DATE NOT NULL,
    release SMALLINT NOT NULL,
    ends_on DATE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    book_version VARCHAR(40) NOT NULL,
    cells JSONB NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT pk_figure_releases PRIMARY KEY (family, starts_on, release),
    CONSTRAINT ck_figure_releases_family CHECK (family IN ('journeys', 'moves', 'permits', 'visits')),
    CONSTRAINT ck_figure_releases_release CHECK (release BETWEEN 0 AND 2),
    CONSTRAINT ck_figure_releases_days CHECK (starts_on < ends_on)
);
CREATE UNIQUE INDEX uq_figure_releases_seq ON figure_releases (seq);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON figure_releases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE region_baselines (
    id UUID NOT NULL,
    kpi VARCHAR(40) NOT NULL,
    year SMALLINT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    source VARCHAR(200) NOT NULL,
    set_by UUID NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_region_baselines PRIMARY KEY (id)
);
CREATE INDEX ix_region_baselines_kpi ON region_baselines (kpi, set_at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON region_baselines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON figure_releases, region_baselines TO __APP_ROLE__;
