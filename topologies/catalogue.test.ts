import { describe, expect, it } from "vitest";
import { topologyCatalogue } from "./catalogue.ts";

describe.each(Object.entries(topologyCatalogue))("%s", (name, topology) => {
  it("is listed under its own name", () => {
    expect(topology.name).toBe(name);
  });

  it("keeps Patroni's timing rule: loop_wait + 2 * retry_timeout <= ttl", () => {
    const { loopWait, retryTimeout, ttl } = topology.patroni;
    expect(loopWait + 2 * retryTimeout).toBeLessThanOrEqual(ttl);
  });

  it("lets at least 500 clients in at its entry, or as many as PostgreSQL itself takes", () => {
    const { haproxy, pgbouncer, postgres } = topology;
    expect(haproxy.enabled ? haproxy.maxConnections : postgres.maxConnections).toBeGreaterThanOrEqual(400);
    if (pgbouncer.enabled) expect(pgbouncer.maxClientConnections).toBeGreaterThanOrEqual(500);
  });

  it("leaves room in PostgreSQL beside a full pool", () => {
    const { pgbouncer, postgres } = topology;
    expect(postgres.maxConnections).toBeGreaterThan(pgbouncer.poolSize);
  });
});
