/**
 * How long a coordinator's connection to a worker that is gone without a word stays: about 5 s. libpq's own settings,
 * which postgres_fdw and Citus pass on.
 */
export const patience = {
  keepalives_idle: 2,
  keepalives_interval: 1,
  keepalives_count: 3,
  tcp_user_timeout: 5000,
};
