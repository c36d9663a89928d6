import { expect, test } from "vitest";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakeClock } from "../model/clock.fake.ts";
import type { CopyReading } from "../model/copy-answers.ts";
import { COORDINATORS } from "../model/layout.ts";
import { fakeSqlRunner, sqlFailure } from "../model/sql-runner.fake.ts";
import { highAvailability } from "../../topologies/high-availability.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { readCopies, readSearchPlans } from "./read-copies.ts";

type Rows = ReturnType<Parameters<typeof fakeSqlRunner>[0]["answer"]>;

const topology = highAvailability;
const layout = layOut(topology);
const members = layout.groups.find(({ name }) => name === COORDINATORS)!.members;
const primary = members[0]!;

/** What a member of a healthy cluster answers. */
function healthy(statement: string, host: string): Rows {
  const standby = host !== primary;
  if (statement.startsWith("select id as query")) return [{ query: "1", vector: "[1]", type: "vector" }];
  if (statement.includes("pg_current_wal_lsn")) return [{ standby, lsn: standby ? null : "0/1" }];
  if (statement.includes("pg_last_wal_replay_lsn")) return [{ standby, there: true }];
  if (statement.includes("pg_relation_size")) return [{ bytes: "8192" }];
  if (statement.startsWith("explain")) {
    const node = {
      "Node Type": "Index Scan",
      "Relation Name": "vector_knn",
      "Index Name": "i",
      "Order By": "d",
    };
    return [{ "QUERY PLAN": [{ Plan: node }] }];
  }
  if (statement.includes("as part")) return [{ part: "vector_knn", query: 1, id: "7", distance: 0.5 }];
  return [];
}

async function read(
  answer: (statement: string, host: string) => Rows,
): Promise<{ readonly readings: readonly CopyReading[]; readonly ran: readonly string[] }> {
  const clock = fakeClock();
  const agent = fakeSqlRunner({ clock, tookMs: 1, answer });
  const workload = findWorkload("vector-knn", { k: 1 })!;
  const { signal } = new AbortController();
  const reading = readCopies({
    topology,
    layout,
    workload,
    agent,
    questions: { queries: 1 },
    injection: null,
    clock,
    signal,
  });
  await clock.run();
  return { readings: await reading, ran: agent.ran };
}

function of(readings: readonly CopyReading[], member: string): readonly CopyReading[] {
  return readings.filter((one) => one.member === member);
}

test("each member is asked by each way in its own setting, the primary twice", async () => {
  const { readings, ran } = await read(healthy);
  expect(readings.map(({ member, role, path, again }) => [member, role, path, again])).toEqual(
    members.flatMap((member) =>
      (["index", "exact"] as const).flatMap((path) =>
        member === primary
          ? [
              [member, "primary", path, false],
              [member, "primary", path, true],
            ]
          : [[member, "standby", path, false]],
      ),
    ),
  );
  const own = ran.filter((line) => line.startsWith(`${members[1]!}:`));
  expect(own.filter((line) => line.includes("set enable_seqscan = off"))).toHaveLength(2);
  expect(own.filter((line) => line.includes("set enable_indexscan = off"))).toHaveLength(2);
  expect(own.filter((line) => line.includes("set hnsw.ef_search = '40'"))).toHaveLength(4);
  expect(readings[0]).toMatchObject({
    indexBytes: 8192,
    taken: true,
    answers: [{ ids: [7], distances: [0.5] }],
  });
});

test("a server that refuses is not asked again, and its words are kept with its plan", async () => {
  const { readings, ran } = await read((statement, host) => {
    if (host === members[1] && statement.startsWith("select 'vector_knn'"))
      throw sqlFailure(statement, "XX001", "could not read block 0");
    return healthy(statement, host);
  });
  expect(of(readings, members[1]!)).toMatchObject([
    { refused: "XX001: could not read block 0", plan: ["Index Scan using i"], problem: null, answers: [] },
    { refused: "XX001: could not read block 0" },
  ]);
  expect(ran.filter((line) => line.startsWith(`${members[1]!}:5432 select 'vector_knn'`))).toHaveLength(2);
});

test("a member that nobody reaches, or that stays behind, is told as not asked, and the others are", async () => {
  const { readings } = await read((statement, host) => {
    if (host === members[1]) throw sqlFailure(statement, "ECONNREFUSED");
    if (host === members[2] && statement.includes("pg_last_wal_replay_lsn"))
      return [{ standby: true, there: false }];
    return healthy(statement, host);
  });
  expect(of(readings, members[1]!).map(({ problem }) => problem)).toEqual([
    expect.stringContaining("ECONNREFUSED"),
    expect.stringContaining("ECONNREFUSED"),
  ]);
  expect(of(readings, members[2]!)[0]!.problem).toContain("had not replayed within 30 s");
  expect(of(readings, primary)).toHaveLength(4);
});

test("where not even the queries can be read, each member that holds a part is told as not asked", async () => {
  const { readings } = await read((statement, host) => {
    if (host === "haproxy") throw sqlFailure(statement, "42P01", "no such table");
    return healthy(statement, host);
  });
  expect(readings).toHaveLength(2 * members.length);
  expect(readings.every(({ problem }) => problem?.includes("42P01"))).toBe(true);
});

test("an exact scan is asked by whole vectors, whatever the index holds of them", async () => {
  const { clock, agent, signal } = asked(healthy);
  const workload = findWorkload("vector-knn", { k: 1, element: 2, candidates: 20 })!;
  const questions = { queries: 1 };
  const reading = readCopies({
    topology,
    layout,
    workload,
    agent,
    questions,
    injection: null,
    clock,
    signal,
  });
  await clock.run();
  await reading;
  const searches = agent.ran.filter((line) => line.includes("as part") && !line.includes("explain"));
  const quantized = searches.filter((line) => line.includes("binary_quantize"));
  expect(quantized.length).toBeGreaterThan(0);
  expect(searches.length).toBe(2 * quantized.length);
});

test("how every member would find the nearest rows is told, of those that answer", async () => {
  const { clock, agent, signal } = asked((statement, host) => {
    if (host === members[2]) throw sqlFailure(statement, "CONNECT_TIMEOUT");
    if (host === members[1] && statement.startsWith("explain"))
      return [{ "QUERY PLAN": [{ Plan: { "Node Type": "Seq Scan", "Relation Name": "vector_knn" } }] }];
    return healthy(statement, host);
  });
  const workload = findWorkload("vector-knn", { k: 1 })!;
  const reading = readSearchPlans({ topology, layout, workload, agent, clock, signal });
  await clock.run();
  expect(await reading).toEqual([
    { group: COORDINATORS, member: members[0], plan: ["Index Scan using i"], byIndex: true },
    { group: COORDINATORS, member: members[1], plan: ["Seq Scan on vector_knn"], byIndex: false },
  ]);
  expect(agent.ran.some((line) => line.includes("enable_seqscan"))).toBe(false);
});

function asked(answer: (statement: string, host: string) => Rows) {
  const clock = fakeClock();
  return { clock, agent: fakeSqlRunner({ clock, tookMs: 1, answer }), signal: new AbortController().signal };
}
