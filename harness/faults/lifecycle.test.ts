import { describe, expect, test } from "vitest";
import { fakeFaultTools, type Behave, type Behaviour } from "../model/capabilities.fake.ts";
import { fakeClock } from "../model/clock.fake.ts";
import type { InjectionMoment } from "../model/event.ts";
import type { Fault, Victim } from "../model/fault.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import type { PlannedInjection } from "../model/plan.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { cutLink } from "./cut-link.ts";
import { killNode } from "./kill-node.ts";
import { pauseNode } from "./pause-node.ts";
import { runInjection, type InjectionOutcome } from "./lifecycle.ts";

const budgets = {
  readyMs: 60_000,
  redundancyMs: 60_000,
  recoveryMs: 60_000,
  observedMs: 10_000,
  holdMs: 60_000,
  commandMs: 10_000,
};
const view = viewAfter(layOut(fakeTopology()));
const victim = {
  name: "coordinator-1",
  nodes: ["coordinator-1"],
  link: null,
  group: "coordinators",
  leader: "coordinator-1",
};

interface Walk {
  readonly behave?: Behave;
  readonly healing?: Fault["healing"];
  readonly loopPhase?: number;
  readonly abortAtMs?: number | null;
  /** The event whose emission fails, from 0. */
  readonly emitFailsAt?: number;
  readonly leader?: string;
  /** Nobody leads the victim's group, as far as is known. */
  readonly leaderless?: boolean;
  readonly holdUntil?: PlannedInjection["holdUntil"];
  readonly leastSeconds?: number;
  readonly healAfterSeconds?: number;
  readonly fault?: Fault;
  readonly victim?: Victim;
}

interface Walked {
  readonly outcome: InjectionOutcome | null;
  readonly error: unknown;
  readonly moments: InjectionMoment[];
  readonly notes: string[];
  readonly loopPhase: number | undefined;
  readonly calls: readonly string[];
  /** The nodes that the events name beside the victim. */
  readonly hit: readonly string[] | undefined;
  /** What the events say of how long the fault was in force. */
  readonly inForce: readonly {
    readonly moment: InjectionMoment;
    readonly least: number;
    readonly most: number;
  }[];
  readonly tookMs: number;
}

/** Carries one injection out on a fake cluster. A walk that never ends fails by its missing outcome. */
async function walk(options: Walk = {}): Promise<Walked> {
  const clock = fakeClock();
  const behave = options.behave ?? ((): Behaviour => "works");
  const leaders = options.leaderless === true ? { ...view.leaders, coordinators: null } : view.leaders;
  const tools = fakeFaultTools({ clock, view: { ...view, leaders }, behave, tookMs: 100 });
  const abort = new AbortController();
  const moments: InjectionMoment[] = [];
  const notes: string[] = [];
  let loopPhase: number | undefined;
  let hit: readonly string[] | undefined;
  const inForce: Walked["inForce"][number][] = [];
  let emitted = 0;
  const ended: Pick<Walked, "outcome" | "error">[] = [];
  let endedUs = 0;
  if (typeof options.abortAtMs === "number") {
    void clock.sleep(options.abortAtMs).then(() => abort.abort(new Error("interrupted")));
  }
  void runInjection({
    fault: { ...(options.fault ?? killNode), healing: options.healing ?? "after-recovery" },
    victim: { ...(options.victim ?? victim), leader: options.leader ?? victim.leader },
    tools,
    injection: {
      injection: 1,
      fault: "kill-node",
      failureClass: "node-loss",
      victim: "primary of coordinators",
      loopPhase: options.loopPhase ?? 0.25,
      choice: 0,
      holdUntil: options.holdUntil,
      leastSeconds: options.leastSeconds,
      healAfterSeconds: options.healAfterSeconds,
    },
    loopWaitSeconds: 1,
    budgets,
    fullRedundancy: () => true,
    waitUntilServed: async () => {
      const how = behave("wait: served");
      if (how === "hangs") return new Promise(() => undefined);
      await clock.sleep(100);
      if (how === "fails") throw new Error("wait: served failed");
      return clock.nowUs();
    },
    emit: (event) => {
      if (emitted++ === options.emitFailsAt) throw new Error("disk full");
      moments.push(event.moment);
      hit = event.nodes;
      if (event.inForceSeconds !== undefined) inForce.push({ moment: event.moment, ...event.inForceSeconds });
      if (event.note !== undefined) notes.push(event.note);
      if (event.moment === "injected") loopPhase = event.loopPhase;
    },
    clock,
    signal: abort.signal,
  })
    .then(
      (outcome) => ended.push({ outcome, error: null }),
      (error: unknown) => ended.push({ outcome: null, error }),
    )
    .finally(() => (endedUs = clock.nowUs()));
  await clock.run();
  const [end] = ended;
  if (end === undefined) throw new Error(`never settled: ${moments.join(" ")}`);
  return { ...end, moments, notes, loopPhase, calls: tools.calls, hit, inForce, tookMs: endedUs / 1000 };
}

const only =
  (step: string, how: Behaviour): Behave =>
  (asked) =>
    asked.includes(step) ? how : "works";

describe("runInjection", () => {
  test("a fault that heals after recovery goes through its moments in order", async () => {
    const { outcome, moments, calls } = await walk();
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected observed recovered healing healed");
    expect(calls).toEqual(["kill coordinator-1", "start coordinator-1"]);
    expect(outcome).toMatchObject({
      injected: true,
      observed: true,
      recovered: true,
      healed: true,
      problem: null,
    });
  });

  test("a fault that heals at once is healed before service is awaited", async () => {
    const { moments } = await walk({ healing: "at-once" });
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected observed healing recovered healed");
  });

  test("the fault begins at the planned phase of Patroni's loop, and says where it really began", async () => {
    expect((await walk({ loopPhase: 0.75 })).loopPhase).toBeCloseTo(0.75, 3);
  });

  test("where no turn of the loop shows, the phase is not claimed and the injection goes on", async () => {
    const { outcome, loopPhase, notes } = await walk({ behave: only("loop of", "hangs") });
    expect(outcome?.healed).toBe(true);
    expect(loopPhase).toBeUndefined();
    expect(notes.join()).toContain("its phase is not known");
  });

  test("the wait for a sign of the fault begins before the fault", async () => {
    const asked: string[] = [];
    await walk({
      behave: (step) => {
        asked.push(step);
        return "works";
      },
    });
    expect(asked.findIndex((step) => step.includes("a sign of"))).toBeLessThan(
      asked.indexOf("kill coordinator-1"),
    );
  });

  test("service that never comes back is a result: healed, not recovered", async () => {
    const { outcome, moments } = await walk({ behave: only("served", "hangs") });
    expect(outcome).toMatchObject({ recovered: false, recoveredAtUs: null, healed: true });
    expect(outcome?.problem).toContain("service did not come back");
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected observed healing healed");
  });

  test("a cluster that does not get its redundancy back is a result: recovered, not healed", async () => {
    const { outcome, moments } = await walk({ behave: only("after healing", "hangs") });
    expect(outcome).toMatchObject({ recovered: true, healed: false });
    expect(moments.at(-1)).toBe("failed");
  });

  test("a fault that is not observed is healed, told, and never counts as healed", async () => {
    const { outcome, moments, calls } = await walk({ behave: only("a sign of", "hangs") });
    expect(outcome).toMatchObject({ injected: true, observed: false, recovered: false });
    expect(outcome?.problem).toContain("kill-node on coordinator-1 was not observed");
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected healing failed");
    expect(calls).toContain("start coordinator-1");
  });

  test("without full redundancy beforehand nothing is hurt", async () => {
    const { outcome, calls, moments } = await walk({ behave: only("before the injection", "hangs") });
    expect(outcome).toMatchObject({ injected: false, healed: false });
    expect(calls).toEqual([]);
    expect(moments.join(" ")).toBe("waiting failed");
  });

  test("nothing is hurt when the group has another leader than the victim's", async () => {
    const { error, calls } = await walk({ leader: "coordinator-3" });
    expect(String(error)).toContain("Expected coordinator-3 to lead coordinators still");
    expect(calls).toEqual([]);
  });

  test("a fault is not healed before what it is held for, however soon service is back", async () => {
    const { outcome, moments, notes } = await walk({ holdUntil: "circuit-open" });
    expect(moments.join(" ")).toBe(
      "waiting setting-up injecting injected observed recovered held healing healed",
    );
    expect(notes.at(-1)).toMatch(/^until HAProxy's circuit is open: \d\.\d\d s after injecting$/);
    expect(outcome?.problem).toBeNull();
  });

  test("what a fault is held for is awaited from before the fault, and service anew after it", async () => {
    const asked: string[] = [];
    await walk({
      holdUntil: "circuit-open",
      leastSeconds: 5,
      behave: (step) => {
        asked.push(step);
        return "works";
      },
    });
    const circuit = asked.findIndex((step) => step.includes("HAProxy's circuit is open for coordinator-1"));
    expect(circuit).toBeGreaterThanOrEqual(0);
    expect(circuit).toBeLessThan(asked.indexOf("kill coordinator-1"));
    expect(asked.filter((step) => step === "wait: served")).toHaveLength(2);
    expect(asked.lastIndexOf("wait: served")).toBeLessThan(asked.indexOf("start coordinator-1"));
  });

  test("a fault is held for its least time, from the fault on", async () => {
    const short = await walk();
    const long = await walk({ leastSeconds: 12 });
    expect(long.moments.join(" ")).toContain("recovered held healing");
    expect(long.notes.at(-1)).toBe("for at least 12 s");
    expect(long.tookMs - short.tookMs).toBeGreaterThan(11_000);
    expect(long.tookMs - short.tookMs).toBeLessThan(13_000);
  });

  test("what is not seen within its budget is told, and the fault healed all the same", async () => {
    const { outcome, moments, notes, tookMs } = await walk({
      holdUntil: "circuit-open",
      behave: only("circuit is open", "hangs"),
    });
    expect(moments.join(" ")).toBe(
      "waiting setting-up injecting injected observed recovered held healing healed",
    );
    expect(outcome).toMatchObject({ recovered: true, healed: true });
    expect(outcome?.problem).toContain("kill-node on coordinator-1 was healed before what it was held for");
    expect(notes.at(-1)).toContain("Expected that HAProxy's circuit is open for coordinator-1 within");
    expect(tookMs).toBeGreaterThan(budgets.holdMs);
  });

  test("a fault that heals at once, or was not observed, is held for nothing", async () => {
    const atOnce = await walk({ healing: "at-once", leastSeconds: 12 });
    expect(atOnce.moments).not.toContain("held");
    const unfelt = await walk({ leastSeconds: 12, behave: only("a sign of", "hangs") });
    expect(unfelt.moments.join(" ")).toBe("waiting setting-up injecting injected healing failed");
  });

  test("a fault is held also where service does not come back", async () => {
    const { moments } = await walk({ holdUntil: "new-primary", behave: only("served", "hangs") });
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected observed held healing healed");
  });

  test("a fault that is healed after a time is healed then, service or none, and service is awaited after it", async () => {
    const asked: string[] = [];
    const { moments, notes, tookMs } = await walk({
      healAfterSeconds: 25,
      behave: (step) => {
        asked.push(step);
        return "works";
      },
    });
    expect(moments.join(" ")).toBe(
      "waiting setting-up injecting injected observed held healing recovered healed",
    );
    expect(notes.at(-1)).toBe("for 25 s");
    expect(tookMs).toBeGreaterThan(25_000);
    expect(tookMs).toBeLessThan(28_000);
    expect(asked.indexOf("wait: served")).toBeGreaterThan(asked.indexOf("start coordinator-1"));
    const never = await walk({ healAfterSeconds: 25, behave: only("served", "hangs") });
    expect(never.moments.join(" ")).toBe(
      "waiting setting-up injecting injected observed held healing healed",
    );
    expect(never.outcome?.problem).toBe("service did not come back within its budget");
  });

  test("a short freeze is seen by asking the runtime, healed to the moment, and its length is known within bounds", async () => {
    const { moments, inForce, calls } = await walk({
      fault: pauseNode,
      healAfterSeconds: 0.5,
      // The observers would not see it in time.
      behave: only("a sign of", "hangs"),
    });
    expect(moments.join(" ")).toBe(
      "waiting setting-up injecting injected observed held healing recovered healed",
    );
    expect(calls).toEqual(["pause coordinator-1", "look at coordinator-1", "resume coordinator-1"]);
    // Doing and undoing take 100 ms each, and each may have acted at its beginning or its end.
    expect(inForce).toEqual([{ moment: "recovered", least: 0.4, most: 0.6 }]);
  });

  test("nobody says for how long a fault was in force that is not healed, or was not", async () => {
    expect((await walk({ healing: "at-once" })).inForce).toEqual([]);
    expect((await walk({ behave: only("start", "fails") })).inForce).toEqual([]);
    expect((await walk()).inForce).toHaveLength(1);
  });

  test("a fault that was not seen is not kept for its time", async () => {
    const { moments, tookMs } = await walk({ healAfterSeconds: 500, behave: only("look at", "hangs") });
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected healing failed");
    expect(tookMs).toBeLessThan(60_000);
  });

  test("every node of a victim is hit and healed, also where one of them fails, and the events name all", async () => {
    const both = { ...victim, name: "etcd-1, etcd-3", nodes: ["etcd-1", "etcd-3"] };
    const { calls, hit } = await walk({ victim: both });
    expect(calls).toEqual(["kill etcd-1", "kill etcd-3", "start etcd-1", "start etcd-3"]);
    expect(hit).toEqual(["etcd-1", "etcd-3"]);
    const failed = await walk({ victim: both, behave: only("start etcd-1", "fails") });
    expect(failed.calls).toContain("start etcd-3");
    expect(String(failed.error)).toContain("start etcd-1 failed");
    expect((await walk()).hit).toBeUndefined();
  });

  test("a cut link is seen by the packets that it drops, and mended whatever happens", async () => {
    const link = { from: ["coordinator-1"], to: ["etcd-1", "etcd-2"], bothWays: true };
    const cut = {
      ...victim,
      name: "coordinator-1 <-> etcd-1, etcd-2",
      nodes: [...link.from, ...link.to],
      link,
    };
    const { calls, moments } = await walk({ fault: cutLink, victim: cut });
    expect(calls).toEqual([
      "cut coordinator-1 from etcd-1, etcd-2",
      "count what coordinator-1 dropped",
      "mend the link of coordinator-1",
    ]);
    expect(moments.join(" ")).toBe("waiting setting-up injecting injected observed recovered healing healed");
    for (const step of ["cut", "count"]) {
      const failed = await walk({ fault: cutLink, victim: cut, behave: only(step, "fails") });
      expect(failed.calls.at(-1)).toBe("mend the link of coordinator-1");
      expect(String(failed.error)).toContain("failed");
    }
  });

  test("what is asked for a sign is told how long ago injecting began, each time anew", async () => {
    const asked: number[] = [];
    const fault: Fault = {
      ...cutLink,
      inject: killNode.inject,
      isObserved: undefined,
      tookHold: (_tools, _victim, sinceMs) => Promise.resolve(asked.push(sinceMs) === 3),
      heal: () => Promise.resolve(),
    };
    await walk({ fault });
    expect(asked).toEqual([100, 300, 500]);
  });

  test("an injection that fails is healed, and its own error is raised", async () => {
    const { error, calls } = await walk({ behave: only("kill", "fails") });
    expect(String(error)).toContain("kill coordinator-1 failed");
    expect(calls).toEqual(["kill coordinator-1", "start coordinator-1"]);
  });

  test("an error while healing does not hide the first one, and is told in the event", async () => {
    const { error, notes } = await walk({
      behave: (step) => (/^(kill|start)/.test(step) ? "fails" : "works"),
    });
    expect(String(error)).toContain("kill coordinator-1 failed");
    expect(notes.at(-1)).toContain("start coordinator-1 failed");
  });

  test("a recording that can no longer be written to does not keep the node from being healed", async () => {
    for (let emitFailsAt = 2; emitFailsAt < 8; emitFailsAt++) {
      const { error, calls } = await walk({ emitFailsAt });
      expect(String(error)).toContain("disk full");
      expect(calls).toContain("start coordinator-1");
    }
  });

  test("its notes say how long the command took, how soon the fault showed, and how soon what it was held for", async () => {
    const { notes } = await walk({ holdUntil: "circuit-open" });
    expect(notes).toEqual([
      "took 100 ms; planned at 0.25 of Patroni's loop",
      "first sign 100 ms after injecting",
      "until HAProxy's circuit is open: 0.10 s after injecting",
    ]);
  });

  test("why it failed is told in its last note", async () => {
    const before = await walk({ behave: only("before the injection", "hangs") });
    expect(before.outcome).toEqual({
      ...{ injected: false, observed: false, recovered: false, recoveredAtUs: null, healed: false },
      problem: "Expected full redundancy before the injection within 60 s.",
    });
    expect(before.notes).toEqual(["Expected full redundancy before the injection within 60 s."]);
    const after = await walk({ behave: only("after healing", "hangs") });
    expect(after.notes.at(-1)).toBe("Expected full redundancy after healing within 60 s.");
    const unfelt = await walk({ behave: only("a sign of", "hangs") });
    expect(unfelt.notes.at(-1)).toBe(
      "kill-node on coordinator-1 was not observed: Expected a sign of kill-node on coordinator-1 within 20 s.",
    );
  });

  test.each(["before the injection", "a sign of", "circuit is open", "after healing"])(
    "an observer that ends while it waits for %s is no answer: the error is raised",
    async (step) => {
      const { outcome, error, moments } = await walk({
        holdUntil: "circuit-open",
        behave: only(step, "fails"),
      });
      expect(outcome).toBeNull();
      expect(error).toMatchObject({ code: "observer-ended" });
      expect(moments.at(-1)).toBe("failed");
    },
  );

  test("what is no error of ours is raised as one that says what could not be carried out", async () => {
    expect((await walk({ emitFailsAt: 3 })).error).toMatchObject({
      ...{ name: "HarnessError", code: "injection-failed" },
      message: "kill-node on coordinator-1 could not be carried out: disk full",
    });
  });

  test("a command has twice its budget, service its own and one command's", async () => {
    const { error } = await walk({ behave: only("kill", "hangs") });
    expect(String(error)).toContain("Injecting kill-node on coordinator-1 did not work: no end within 20 s");
    const { tookMs } = await walk({ behave: only("served", "hangs") });
    expect(tookMs).toBeGreaterThan(70_000);
    expect(tookMs).toBeLessThan(72_000);
  });

  test("service is awaited anew only where the fault was held beyond its coming back", async () => {
    const served = async (options: Walk): Promise<number> => {
      const asked: string[] = [];
      await walk({
        ...options,
        behave: (step) => {
          asked.push(step);
          return options.behave?.(step) ?? "works";
        },
      });
      return asked.filter((step) => step === "wait: served").length;
    };
    expect(await served({ holdUntil: "circuit-open" })).toBe(1);
    expect(await served({ leastSeconds: 5 })).toBe(2);
    expect(await served({ leastSeconds: 5, behave: only("served", "hangs") })).toBe(1);
  });

  test("a group that nobody leads just now keeps no fault from its victim", async () => {
    const { outcome, calls } = await walk({ leaderless: true });
    expect(outcome?.injected).toBe(true);
    expect(calls).toContain("kill coordinator-1");
  });

  test("whatever fails, hangs or is interrupted: healed if begun, in legal order, within the budgets", async () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= 400; seed++) {
      const random = seededRandom(seed, "lifecycle");
      const behave: Behave = () => {
        const chance = random();
        return chance < 0.76 ? "works" : chance < 0.88 ? "fails" : "hangs";
      };
      const abortAtMs = random() < 0.3 ? random() * 3000 : null;
      const healing = random() < 0.5 ? "at-once" : "after-recovery";
      const hold = {
        ...(random() < 0.4 ? { holdUntil: "circuit-open" as const } : {}),
        ...(random() < 0.2 ? { leastSeconds: random() * 20 } : {}),
        ...(random() < 0.2 ? { healAfterSeconds: random() * 20 } : {}),
      };
      const { outcome, error, moments, calls, tookMs } = await walk({ behave, abortAtMs, healing, ...hold });
      const begun = calls.indexOf("kill coordinator-1");
      const letters = moments.map((moment) => LETTERS[moment]).join("");
      ends.add(letters);
      expect(letters, `seed ${seed}`).toMatch(/^w(X|s(X|i(hX|I(hX|o(r?d?h|d?hr)[HX]))))$/);
      expect(calls.lastIndexOf("start coordinator-1") > begun, `seed ${seed}`).toBe(begun >= 0);
      expect(calls.filter((call) => call.startsWith("start")).length, `seed ${seed}`).toBeLessThanOrEqual(1);
      expect(outcome === null, `seed ${seed}`).toBe(error !== null);
      expect(tookMs, `seed ${seed}`).toBeLessThan(400_000);
      if (letters.endsWith("H")) expect(outcome?.healed, `seed ${seed}`).toBe(true);
    }
    // The walks went everywhere that they can go.
    expect(ends.size).toBeGreaterThanOrEqual(13);
  });
});

const LETTERS: Readonly<Record<InjectionMoment, string>> = {
  waiting: "w",
  "setting-up": "s",
  injecting: "i",
  injected: "I",
  observed: "o",
  recovered: "r",
  held: "d",
  healing: "h",
  healed: "H",
  failed: "X",
};
