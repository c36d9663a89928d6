import { expect, test } from "vitest";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { fakeSqlRunner } from "../model/sql-runner.fake.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { applySettings } from "./apply-settings.ts";

const topology = fakeTopology({ vectors: "pgvector" });
const layout = layOut(topology);
const members = layout.groups.flatMap((group) => group.members);
const workload = { name: "knn", settings: { "hnsw.ef_search": "80" } };

/** `settingOf`: what a new session on a member has, at its nth look. */
async function apply(
  settingOf: (host: string, look: number) => string,
  asked: Parameters<typeof applySettings>[0] = workload,
) {
  const clock = fakeClock();
  const view = viewAfter(layout);
  const looks = new Map<string, number>();
  const agent = fakeSqlRunner({
    clock,
    tookMs: 1,
    answer: (statement, host) => {
      if (!statement.includes("current_setting")) return [];
      const look = (looks.get(host) ?? 0) + 1;
      looks.set(host, look);
      return [{ s0: settingOf(host, look) }];
    },
  });
  let failure: unknown = null;
  const applying = applySettings(asked, {
    topology,
    layout,
    agent,
    clock,
    signal: new AbortController().signal,
    watch: {
      view: () => view,
      waitUntil: ({ holds }) => Promise.resolve(holds(view) ? 0 : expect.fail("not so in the view")),
      nextLoopTick: () => Promise.resolve(0),
    },
  }).catch((error: unknown) => (failure = error));
  await clock.run();
  await applying;
  return { ran: agent.ran, failure };
}

test("every group's primary gets the setting, and every member's sessions of before are ended once it has it", async () => {
  const last = members.at(-1)!;
  const { ran, failure } = await apply((host, look) => (host === last && look < 3 ? "40" : "80"));
  expect(failure).toBeNull();
  expect(ran.filter((line) => line.includes("ALTER DATABASE"))).toHaveLength(layout.groups.length);
  for (const member of members) {
    const own = ran.filter((line) => line.startsWith(`${member}:`));
    expect(own.filter((line) => line.includes("current_setting"))).toHaveLength(member === last ? 3 : 1);
    expect(own.at(-1)).toContain("pg_terminate_backend");
  }
});

test("a member that never gets it is named", async () => {
  const last = members.at(-1)!;
  const { failure } = await apply((host) => (host === last ? "40" : "80"));
  expect(String(failure)).toContain(`hnsw.ef_search = 80 in a new session on ${last}`);
});

test("a workload without settings changes nothing", async () => {
  expect(await apply(() => "", { name: "insert" })).toEqual({ ran: [], failure: null });
});
