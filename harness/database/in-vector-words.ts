import { vectorCatalogue } from "../cluster/vectors/catalogue.ts";
import type { VectorWords } from "../cluster/vectors/vector-dialect.ts";
import { HarnessError } from "../model/errors.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Workload } from "../model/workload.ts";
import { countdown } from "./countdown.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";

const TRY_MS = 5_000;
const BUDGET_MS = 60_000;

type Settings = Readonly<Record<string, string>>;

/**
 * The workload's tables and data in the words of the topology's vector extension. Workloads are written in pgvector's; what
 * another calls its access methods, its catalogue is asked. A HarnessError where it has none of the names that one may have.
 */
export async function inVectorWords(workload: Workload, setting: SqlRetrying): Promise<Workload> {
  const { words } = vectorCatalogue[setting.topology.vectors];
  if (words === null || workload.usesVectors !== true) return workload;
  return translateWorkload(workload, words, await namesThere(words, setting));
}

/** The same of settings alone. */
export async function settingsInVectorWords(settings: Settings, setting: SqlRetrying): Promise<Settings> {
  const { words } = vectorCatalogue[setting.topology.vectors];
  if (words === null || Object.keys(settings).length === 0) return settings;
  return translateSettings(settings, words, await namesThere(words, setting));
}

/** `there`: the names that the catalogue has. */
export function translateWorkload(
  workload: Workload,
  words: VectorWords,
  there: ReadonlySet<string>,
): Workload {
  const text = (sql: string): string =>
    sql
      .replaceAll(/::vector\b/g, `::${words.type}`)
      .replaceAll(/^vector\(/g, `${words.type}(`)
      .replaceAll(/\bvector_(l2|cosine|ip)_ops\b/g, `${words.operatorClassPrefix}$1_ops`)
      .replaceAll(/^using (\w+)/g, (whole, method: string) => {
        const methods = words.accessMethods[method];
        return methods === undefined ? whole : `using ${firstThere(methods, words, there)}`;
      });
  return {
    ...workload,
    tables: workload.tables.map((table) => ({
      ...table,
      columns: table.columns.map(([name, definition]) => [name, text(definition)] as const),
      indexes: (table.indexes ?? []).map((index) => ({ ...index, definition: text(index.definition) })),
    })),
    seed: workload.seed.map(text),
    filledFromFiles: workload.filledFromFiles?.map((fill) => ({ ...fill, sql: text(fill.sql) })),
  };
}

/** A setting that the extension has no counterpart of is left out: see workloads/vector-words for what is refused. */
export function translateSettings(
  settings: Settings,
  words: VectorWords,
  there: ReadonlySet<string>,
): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      const names = words.settings[name];
      return names === undefined ? [] : [[firstThere(names, words, there), value] as const];
    }),
  );
}

function firstThere(names: readonly string[], { type }: VectorWords, there: ReadonlySet<string>): string {
  const name = names.find((each) => there.has(each));
  if (name !== undefined) return name;
  throw new HarnessError({
    code: "vector-words-unknown",
    message: `Expected ${type} to have ${names.join(" or ")}, found nothing of that name in its catalogue.`,
  });
}

async function namesThere(words: VectorWords, setting: SqlRetrying): Promise<ReadonlySet<string>> {
  const names = [words.accessMethods, words.settings].flatMap((one) => Object.values(one).flat());
  const quoted = names.map((name) => `'${name}'`).join(", ");
  const rows = await retrySql(
    {
      purpose: `ask what ${words.type} calls its access methods and settings`,
      at: clientEndpoints(setting.topology).readWrite,
      // One transaction: behind a pooler, the next may be another session, which has not loaded the library.
      statements: [
        "begin",
        ...vectorCatalogue[setting.topology.vectors].load,
        `select amname::text as name from pg_am where amname in (${quoted})
         union all select name from pg_settings where name in (${quoted})`,
      ],
      tryMs: TRY_MS,
      remainingMs: countdown(setting.clock, BUDGET_MS),
      within: `the ${BUDGET_MS / 1000} s for it`,
    },
    setting,
  );
  return new Set(rows.map(({ name }) => String(name)));
}
