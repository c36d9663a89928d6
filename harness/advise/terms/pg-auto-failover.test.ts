import { describe, expect, it } from "vitest";
import { productionPgAutoFailover } from "../../../topologies/production-pg-auto-failover.ts";
import { faultCatalogue } from "../../faults/catalogue.ts";
import { pgAutoFailoverDefaults } from "../../model/topology.ts";
import { advise } from "../advise.ts";
import { pgAutoFailoverTerms } from "./pg-auto-failover.ts";

describe("with pg_auto_failover in Patroni's place", () => {
  it("none of Patroni's findings and timing is told", () => {
    const { timing, findings } = advise(productionPgAutoFailover, []);
    expect(timing).toBeNull();
    expect(findings.map(({ id }) => id)).not.toContain("D1");
    expect(JSON.stringify(findings)).not.toContain("ttl");
  });

  it("a lost primary's band grows with the monitor's settings, and names them", () => {
    const steps = [{ fault: faultCatalogue["kill-node"], victim: "primary of coordinators" as const }];
    const [tuned] = advise(productionPgAutoFailover, steps).bands;
    const [plain] = advise(
      { ...productionPgAutoFailover, pgAutoFailover: { ...pgAutoFailoverDefaults, enabled: true } },
      steps,
    ).bands;
    expect(tuned!.lowSeconds).toBeLessThan(10);
    expect(plain!.lowSeconds).toBeGreaterThan(45);
    expect(plain!.terms.map(({ because }) => because).join(" ")).toContain("primary_demote_timeout 30 s");
  });

  it("nothing is predicted of a crash, nor of a switchover", () => {
    expect(pgAutoFailoverTerms(productionPgAutoFailover, "process-crash")).toEqual([]);
    expect(pgAutoFailoverTerms(productionPgAutoFailover, "planned")).toEqual([]);
  });
});
