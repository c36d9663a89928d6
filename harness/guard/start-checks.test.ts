import { beforeEach, describe, expect, test } from "vitest";
import { EtcdError } from "./etcd/etcd-gateway.ts";
import { FakeEtcd } from "./etcd/etcd-gateway.fake.ts";
import { readGuardSpec } from "./read-guard-spec.ts";
import { NotYet, Refusal, startChecks } from "./start-checks.ts";

const guarded = {
  group: "coordinators",
  patroniFolder: "/service/coordinators/",
  guardFolder: "/leader-guard/coordinators/",
  members: [{ name: "a", host: "a", restPort: 1, postgresPort: 2, heartbeatPort: 3 }],
};
const patroni = (version: string) => () =>
  Promise.resolve(JSON.stringify({ patroni: { version, scope: "coordinators" } }));

let etcd: FakeEtcd;
beforeEach(() => {
  etcd = new FakeEtcd();
  etcd.put("/service/coordinators/initialize", "42");
  etcd.put("/service/coordinators/config", JSON.stringify({ synchronous_mode: true }));
  etcd.put("/service/coordinators/leader", "a");
});

const check = (ask = patroni("4.0.7"), group: Parameters<typeof startChecks>[1] = guarded) =>
  startChecks(etcd.gateway, group, "guard-1", ask);

describe("startChecks", () => {
  test("a synchronous cluster of a known Patroni is guarded, and its identifier is remembered", async () => {
    await expect(check()).resolves.toBe("42");
    await expect(check(patroni("3.3.2"))).resolves.toBe("42");
    expect(etcd.value("/leader-guard/coordinators/guarded")).toBe("42");
    expect(etcd.value("/service/coordinators/leader")).toBe("a");
  });

  test.each(["etcdserver: permission denied", "etcdserver: user name is empty"])(
    "%s: refused, with the rights that are needed",
    async (message) => {
      etcd.failing = new EtcdError(message, message.includes("permission") ? 7 : 3);
      await expect(check()).rejects.toThrow(Refusal);
      await expect(check()).rejects.toThrow(
        /expected a right to read and delete it.*found etcdserver.*grant-permission/s,
      );
    },
  );

  test("another cluster in the scope is refused, and so is one that is not the named one", async () => {
    await check();
    etcd.put("/service/coordinators/initialize", "43");
    await expect(check()).rejects.toThrow(
      /expected system 42.*found 43.*delete \/leader-guard\/coordinators\/guarded/s,
    );
    await expect(check(patroni("4.0.7"), { ...guarded, systemIdentifier: "41" })).rejects.toThrow(
      /expected system 41/,
    );
    await expect(check(patroni("4.0.7"), { ...guarded, systemIdentifier: "43" })).resolves.toBe("43");
  });

  test.each([
    ["2.1.4", patroni("2.1.4")],
    ["5.0.0", patroni("5.0.0")],
    ["no version", () => Promise.resolve("hello")],
  ])("Patroni %s, whose keys nobody has looked at, is refused", async (_, ask) => {
    await expect(check(ask)).rejects.toThrow(/version 3.x or 4.x/);
  });

  test.each([
    { synchronous_mode: false },
    { synchronous_mode: "quorum" },
    { synchronous_mode: false, pause: true },
  ])("the configuration %j is refused", async (configuration) => {
    etcd.put("/service/coordinators/config", JSON.stringify(configuration));
    await expect(check()).rejects.toThrow(Refusal);
    await expect(check()).rejects.toThrow(
      /expected synchronous_mode true.*could acknowledge.*patronictl edit-config -s synchronous_mode=true/s,
    );
  });

  test("what may still come is waited for: etcd, the scope, a member; and maintenance ends", async () => {
    etcd.failing = new Error("ECONNREFUSED");
    await expect(check()).rejects.toThrow(NotYet);
    etcd.failing = new EtcdError("etcdserver: no leader", 14);
    await expect(check()).rejects.toThrow(NotYet);
    etcd.failing = null;
    await expect(check(() => Promise.reject(new Error("ECONNREFUSED")))).rejects.toThrow(NotYet);
    etcd.put("/service/coordinators/config", JSON.stringify({ synchronous_mode: true, pause: true }));
    await expect(check()).resolves.toBe("42");
    // While the member is asked for its version, etcd changes its leader.
    const noLeader = new EtcdError("etcdserver: no leader", 14);
    await expect(
      check(async () => {
        etcd.failing = noLeader;
        return await patroni("4.0.7")();
      }),
    ).rejects.toThrow(NotYet);
    etcd.failing = null;
    etcd.keys.delete("/service/coordinators/initialize");
    await expect(check()).rejects.toThrow(NotYet);
  });
});

describe("readGuardSpec", () => {
  const spec = {
    name: "guard-1",
    guards: ["guard-1", "guard-2", "guard-3"],
    etcd: { host: "etcd-1", port: 2379 },
    groups: [guarded],
    settings: {},
  };
  const read = (changes: object) => readGuardSpec({ DPG_GUARD: JSON.stringify({ ...spec, ...changes }) });

  test("takes an odd number of guards, of which it is one, and etcd's log-in from the environment", () => {
    expect(read({}).guards).toHaveLength(3);
    const environment = {
      DPG_GUARD: JSON.stringify(spec),
      DPG_GUARD_ETCD_USER: "u",
      DPG_GUARD_ETCD_PASSWORD: "p",
    };
    expect(readGuardSpec(environment).etcd).toMatchObject({ host: "etcd-1", user: "u", password: "p" });
  });

  test.each([
    [{ guards: ["guard-1", "guard-2"] }, /odd number/],
    [{ guards: ["guard-1"] }, /3 or more/],
    [{ guards: ["guard-2", "guard-3", "guard-4"] }, /guard-1 among them/],
    [{ groups: [] }, /name, guards, etcd, groups and settings/],
  ])("refuses %j", (changes, why) => {
    expect(() => read(changes)).toThrow(why);
  });

  test("refuses what is no JSON", () => {
    expect(() => readGuardSpec({})).toThrow(Refusal);
  });
});
