import { distributionColumn } from "../cluster/sharding/create-table.ts";
import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { vectorCatalogue } from "../cluster/vectors/catalogue.ts";
import type { CopyQuestions } from "../model/benchmark.ts";
import type { AccessPath, CopyReading } from "../model/copy-answers.ts";
import { DpgError, HarnessError } from "../model/errors.ts";
import type { EventOf } from "../model/event.ts";
import { clientEndpoints, COORDINATORS, type ClusterLayout, type GroupSpec } from "../model/layout.ts";
import type { SearchSpec, Statement, Workload } from "../model/workload.ts";
import {
  answersIn,
  exactSearchMs,
  indexBytesQuery,
  planOf,
  SEARCHES_PER_STATEMENT,
  searchEachPart,
  searchesByIndex,
  vectorsQuery,
  type AskedVector,
} from "./copy-statements.ts";
import { countdown } from "./countdown.ts";
import { settingsInVectorWords } from "./in-vector-words.ts";
import { isPermanent } from "./is-permanent.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";

/** For all members and access paths at one moment, with tries; and as long again as exact scans of large tables take by themselves. */
const BUDGET_MS = 120_000;
/** Of one member, until it has what its primary had, and for one try at one statement (of a large table: see exactSearchMs). */
const MEMBER_MS = 30_000;
/** A statement's searches take about a third of its time, and a moment's exact searches of one member half of what they may. */
const ROOM = 3;
/** Between two looks at a standby that is behind. */
const PAUSE_MS = 100;

export interface AskingCopies extends SqlRetrying {
  readonly layout: ClusterLayout;
  readonly workload: Workload;
  readonly questions: CopyQuestions;
  /** The injection that it follows; null: before the first. */
  readonly injection: number | null;
}

/**
 * Asks every member of every group that holds a part of the searched table, by itself: the workload's own searches, once
 * by the index and once by an exact scan, in sessions that leave the planner no other way; EXPLAIN of the same statement in
 * the same setting says which it took. A standby is asked when it has replayed what its primary had written. What cannot be
 * asked is in its reading; only the signal makes it reject. None where the workload does not search.
 */
export async function readCopies(asking: AskingCopies): Promise<CopyReading[]> {
  const { workload, layout, clock } = asking;
  const searched = searchOf(workload);
  if (searched === null) return [];
  const { statement, search } = searched;
  const findingMs = countdown(clock, BUDGET_MS);
  const members = layout.groups.flatMap((group) => group.members.map((member) => ({ group, member })));
  const found = await orProblem(asking, async () => ({
    settings: await settingsInVectorWords(workload.settings ?? {}, asking),
    parts: await partsByGroup(search, findingMs, asking),
    vectors: await vectorsOf(search, findingMs, asking),
  }));
  const exactMs = typeof found === "string" ? 0 : exactSearchMs(search, found.vectors);
  const searchesMs = exactMs * (typeof found === "string" ? 0 : found.vectors.length);
  const remainingMs = countdown(clock, BUDGET_MS + 2 * members.length * searchesMs);
  const statementMs = Math.max(MEMBER_MS, ROOM * exactMs);
  const perStatement = Math.min(SEARCHES_PER_STATEMENT, Math.max(1, Math.floor(MEMBER_MS / ROOM / exactMs)));
  const readings: CopyReading[] = [];
  for (const { group, member } of members) {
    const parts = typeof found === "string" ? [] : (found.parts.get(group.name) ?? []);
    const untold = { search, group, member, asking };
    if (typeof found === "string") {
      // Which groups hold parts is not known either: those that would.
      if (holdsParts(group, search, asking)) readings.push(...notAsked(untold, found));
      continue;
    }
    if (parts.length === 0) continue;
    const searches = (sql: string) =>
      searchEachPart({
        ...{ statement: { ...statement, sql }, search, parts, perStatement },
        vectors: found.vectors,
      });
    const statements = { index: searches(statement.sql), exact: searches(search.copies.exact) };
    readings.push(
      ...(await readMember({ ...untold, ...found, parts, statements, statementMs, remainingMs })),
    );
  }
  return readings;
}

/**
 * How every member that holds a part of the searched table would find the nearest rows now, by EXPLAIN of one of the workload's
 * own searches, with nothing forbidden to the planner, and as the sharding dialect sends it there. What cannot be asked is left out; only the signal makes it reject.
 */
export async function readSearchPlans(
  searching: Omit<AskingCopies, "questions" | "injection">,
): Promise<readonly Omit<EventOf<"search-plan">, "atUs" | "kind">[]> {
  const asking = { ...searching, questions: { queries: 1 }, injection: null };
  const searched = searchOf(asking.workload);
  if (searched === null) return [];
  const { statement, search } = searched;
  const remainingMs = countdown(asking.clock, MEMBER_MS);
  const found = await orProblem(asking, async () => ({
    parts: await partsByGroup(search, remainingMs, asking),
    vectors: await vectorsOf(search, remainingMs, asking),
  }));
  if (typeof found === "string") return [];
  const { load } = vectorCatalogue[asking.topology.vectors];
  const read = asking.layout.groups.flatMap(({ name: group, members }) => {
    const parts = found.parts.get(group) ?? [];
    const isShard = parts.some((part) => part !== search.copies.table);
    const byCursor = isShard && shardingCatalogue[asking.topology.sharding].readsByCursor === true;
    const searches = searchEachPart({ statement, search, parts, vectors: found.vectors, perStatement: 1 });
    const inPlace = (sql: string): string =>
      byCursor ? `declare asked cursor for ${sql.replaceAll(/ limit \d+/g, "")}` : sql;
    return members.map(async (member) => {
      const explained = await orProblem(asking, async () => {
        const rows: Rows[] = [];
        for (const one of searches)
          rows.push(
            await ask("tell how it finds the rows", [...load, `explain (format json) ${inPlace(one)}`], {
              ...{ member, asking, remainingMs },
            }),
          );
        return rows.flat();
      });
      if (typeof explained === "string" || parts.length === 0) return [];
      const { plan } = planOf(explained, parts, "index");
      return [{ group, member, plan, byIndex: searchesByIndex(explained, parts) }];
    });
  });
  return (await Promise.all(read)).flat();
}

/** null: the workload does not search. */
function searchOf({
  operations,
}: Workload): { readonly statement: Statement; readonly search: SearchSpec } | null {
  const operation = operations.find(({ search }) => search !== undefined);
  const [statement, search] = [operation?.statements[0], operation?.search];
  return statement === undefined || search === undefined ? null : { statement, search };
}

type Rows = Awaited<ReturnType<typeof ask>>;

interface AskingMember {
  readonly search: SearchSpec;
  readonly group: GroupSpec;
  readonly member: string;
  readonly asking: AskingCopies;
  readonly parts: readonly string[];
  readonly vectors: readonly AskedVector[];
  readonly settings: Readonly<Record<string, string>>;
  /** The searches of all queries in all parts. */
  readonly statements: Readonly<Record<AccessPath, readonly string[]>>;
  /** For one try at one of them. */
  readonly statementMs: number;
  readonly remainingMs: () => number;
}

async function readMember(one: AskingMember): Promise<CopyReading[]> {
  const { group, member, asking } = one;
  const role = await orProblem(asking, async () => await caughtUp(member, group, one));
  if (role !== "primary" && role !== "standby") return notAsked(one, role);
  const readings: CopyReading[] = [];
  for (const path of PATHS) {
    readings.push(await readPath(path, role, false, one));
    if (role === "primary" && asking.injection === null) readings.push(await readPath(path, role, true, one));
  }
  return readings;
}

const PATHS: readonly AccessPath[] = ["index", "exact"];

/** What leaves the planner one way to the rows. Neither jit nor other processes: they change nothing but the time. */
const ONLY: Readonly<Record<AccessPath, readonly string[]>> = {
  index: ["enable_seqscan", "enable_bitmapscan", "enable_sort"],
  exact: ["enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan"],
};

async function readPath(
  path: AccessPath,
  role: "primary" | "standby",
  again: boolean,
  one: AskingMember,
): Promise<CopyReading> {
  const { asking, parts, statements } = one;
  const { topology } = asking;
  const settings = [
    ...vectorCatalogue[topology.vectors].load,
    ...Object.entries(one.settings).map(([name, value]) => `set ${name} = '${value}'`),
    ...[...ONLY[path], "jit"].map((name) => `set ${name} = off`),
    "set max_parallel_workers_per_gather = 0",
  ];
  const askEach = async (purpose: string, statementOf: (search: string) => string) => {
    const rows: Rows[number][] = [];
    for (const search of statements[path])
      rows.push(...(await ask(purpose, [...settings, statementOf(search)], one)));
    return rows;
  };
  const told = await orProblem(asking, async () => {
    const explained = await askEach(
      "tell how it finds the rows",
      (search) => `explain (format json) ${search}`,
    );
    const plan = planOf(explained, parts, path);
    const [size] = await ask("tell how large its index is", [indexBytesQuery(parts)], one);
    return { ...plan, indexBytes: size?.bytes == null ? null : Number(size.bytes) };
  });
  const reading = { ...emptyReading(one, path), role, again };
  if (typeof told === "string") return { ...reading, ...whyNot(told) };
  const rows = await orProblem(asking, async () => await askEach("search", (search) => search));
  return {
    ...reading,
    ...told,
    ...(typeof rows === "string" ? whyNot(rows) : { answers: answersIn(rows, parts, one.vectors) }),
  };
}

function whyNot(problem: string): Pick<CopyReading, "refused"> | Pick<CopyReading, "problem"> {
  const refused = REFUSED.exec(problem)?.[1];
  return refused === undefined ? { problem } : { refused };
}

/** Marks a problem that is the server's own word. */
const REFUSED = /^refused: (.*)$/s;

/** The member's role once it has all that its group's primary had written when this was asked. */
async function caughtUp(member: string, group: GroupSpec, one: AskingMember): Promise<"primary" | "standby"> {
  const position = await primaryPosition(group, one);
  const { clock, signal } = one.asking;
  const remainingMs = countdown(clock, Math.min(MEMBER_MS, one.remainingMs()));
  for (;;) {
    const [row] = await ask(
      "tell what it has replayed",
      [
        `select pg_is_in_recovery() as standby,
                not pg_is_in_recovery() or pg_last_wal_replay_lsn() >= '${position}'::pg_lsn as there`,
      ],
      one,
    );
    if (row?.there === true) return row.standby === true ? "standby" : "primary";
    if (remainingMs() <= 1)
      throw new HarnessError({
        code: "standby-behind",
        message: `${member} had not replayed within ${MEMBER_MS / 1000} s what the primary of ${group.name} had written`,
      });
    await clock.sleep(PAUSE_MS, signal);
  }
}

async function primaryPosition(group: GroupSpec, one: AskingMember): Promise<string> {
  for (const member of group.members) {
    const [row] = await ask(
      "tell whether it is the primary",
      [
        "select pg_is_in_recovery() as standby, case when not pg_is_in_recovery() then pg_current_wal_lsn()::text end as lsn",
      ],
      { ...one, member },
    ).catch((error: unknown) => {
      one.asking.signal.throwIfAborted();
      if (error instanceof HarnessError) return [];
      throw error;
    });
    if (typeof row?.lsn === "string") return row.lsn;
  }
  throw new HarnessError({
    code: "no-primary",
    message: `no member of ${group.name} said that it is the primary`,
  });
}

/** A failure that may pass is tried again; one that is the server's answer to the question is not. */
async function ask(
  purpose: string,
  statements: readonly string[],
  {
    member,
    asking,
    remainingMs,
    statementMs = MEMBER_MS,
  }: Pick<AskingMember, "member" | "asking" | "remainingMs"> & Partial<Pick<AskingMember, "statementMs">>,
): Promise<Awaited<ReturnType<SqlRetrying["agent"]["run"]>>> {
  const { topology, agent, clock, signal } = asking;
  const at = { host: member, port: topology.postgres.port };
  const leftMs = countdown(clock, Math.min(statementMs, remainingMs()));
  for (;;) {
    signal.throwIfAborted();
    try {
      return await agent.run({ at, database: topology.postgres.database, statements, budgetMs: leftMs() });
    } catch (cause) {
      signal.throwIfAborted();
      const code = cause instanceof DpgError ? cause.code : "";
      const found = cause instanceof Error ? cause.message : String(cause);
      if (isAnswer(code))
        throw new HarnessError({ code: "refused", message: `${code}: ${serverWords(found, code)}`, cause });
      if (leftMs() <= 1)
        throw new HarnessError({
          code: "not-asked",
          message: `Expected ${member} to ${purpose}, got: ${shortened(found)}`,
          cause,
        });
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}

/** Classes of SQLSTATE by which a server says that it cannot do what it was asked: the data or the index is not right. */
function isAnswer(code: string): boolean {
  return isPermanent(code) || /^(XX|58|F0|P0|0A)[0-9A-Z]{3}$/.test(code);
}

/** What the server said, without the statement, which may be long. */
function serverWords(message: string, code: string): string {
  const [, words = message] = message.split(`got ${code}: `);
  return shortened(words);
}

function shortened(text: string): string {
  return text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS)} ...` : text;
}

const MOST_WORDS = 300;

/** What went wrong in a sentence; the server's own word as one that begins with `refused: `. */
async function orProblem<T>(
  { signal }: Pick<AskingCopies, "signal">,
  act: () => Promise<T>,
): Promise<T | string> {
  try {
    return await act();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HarnessError)) throw error;
    return error.code === "refused" ? `refused: ${error.message}` : error.message;
  }
}

function notAsked(
  one: Pick<AskingMember, "search" | "group" | "member" | "asking">,
  problem: string,
): CopyReading[] {
  return PATHS.map((path) => ({ ...emptyReading(one, path), problem }));
}

function emptyReading(
  { search, group, member, asking }: Pick<AskingMember, "search" | "group" | "member" | "asking">,
  path: AccessPath,
): CopyReading {
  return {
    table: search.copies.table,
    injection: asking.injection,
    atUs: asking.clock.nowUs(),
    group: group.name,
    member,
    role: null,
    path,
    again: false,
    rows: search.rows,
    plan: [],
    taken: false,
    indexBytes: null,
    answers: [],
    refused: null,
    problem: null,
  };
}

/** The table itself, or its shards, by the live catalogue. */
async function partsByGroup(
  search: SearchSpec,
  remainingMs: () => number,
  asking: AskingCopies,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { topology, layout } = asking;
  const table = tableOf(search, asking);
  if (table === undefined || distributionColumn(table) === null)
    return new Map([[COORDINATORS, [search.copies.table]]]);
  const { placement } = shardingCatalogue[topology.sharding];
  const rows = await askClientsWay("read where its shards are", placement.shards(table), remainingMs, asking);
  const parts = new Map<string, string[]>();
  for (const { shard, holder } of rows) {
    const group = placement.groupOf(String(holder), layout) ?? String(holder);
    parts.set(group, [...(parts.get(group) ?? []), placement.relation(table, String(shard))]);
  }
  return parts;
}

function tableOf({ copies }: SearchSpec, { workload }: AskingCopies) {
  return workload.tables.find(({ name }) => name === copies.table);
}

function holdsParts(group: GroupSpec, search: SearchSpec, asking: AskingCopies): boolean {
  const table = tableOf(search, asking);
  const isSpread =
    table !== undefined && distributionColumn(table) !== null && asking.topology.sharding !== "none";
  return isSpread === (group.role === "worker");
}

async function vectorsOf(
  search: SearchSpec,
  remainingMs: () => number,
  asking: AskingCopies,
): Promise<readonly AskedVector[]> {
  const statement = vectorsQuery(search, asking.questions.queries);
  const rows = await askClientsWay("read the queries", statement, remainingMs, asking);
  return rows.map(({ query, vector, type }) => ({
    query: Number(query),
    vector: String(vector),
    type: String(type),
  }));
}

async function askClientsWay(
  purpose: string,
  statement: string,
  remainingMs: () => number,
  asking: AskingCopies,
) {
  return await retrySql(
    {
      purpose,
      at: clientEndpoints(asking.topology).readWrite,
      statements: [statement],
      tryMs: MEMBER_MS,
      remainingMs: countdown(asking.clock, Math.min(MEMBER_MS, remainingMs())),
      within: `the ${MEMBER_MS / 1000} s for it`,
    },
    asking,
  );
}
