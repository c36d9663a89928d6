import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { development } from "../../../topologies/development.ts";
import { createCredentials } from "../../cluster/create-credentials.ts";
import { testImages } from "../../cluster/images.fake.ts";
import { startContainers, type StartedContainers } from "../../cluster/start-containers.ts";
import { connected, kinds, lost, run, type Told } from "./dial.fake.ts";
import type { DialTarget, EngineConnection, PreparedStatement } from "./engine-connection.ts";
import { defaultRuntime } from "../../runtime/catalogue.ts";
import { quietProgress } from "../../model/progress.fake.ts";

const credentials = createCredentials();
/** Few enough that a test can take them all. */
const maxConnections = 20;
let containers: StartedContainers | undefined;
let target: DialTarget;
let admin: pg.Client;

beforeAll(async () => {
  const topology = { ...development, postgres: { ...development.postgres, maxConnections } };
  containers = await startContainers(topology, {
    images: await testImages(),
    runtime: defaultRuntime,
    runId: "wire",
    mode: "run",
    credentials,
    lifetimeSeconds: 600,
    publish: true,
    keepConfig: () => Promise.resolve(),
    progress: quietProgress,
    signal: AbortSignal.timeout(120_000),
    commandMs: 30_000,
  });
  await containers.bootstrap();
  const { host, port } = containers.entry.readWrite!;
  const { database } = topology.postgres;
  target = { host, port, database, user: "dpg_bench", password: credentials.clientPassword };
  admin = new pg.Client({ host, port, database, user: "postgres", password: credentials.superuserPassword });
  admin.on("error", () => undefined);
  await admin.connect();
  await admin.query("create table numbers (id int primary key, n int not null)");
  await admin.query("grant all on numbers to dpg_bench");
});

afterAll(async () => {
  await admin.end().catch(() => undefined);
  await containers?.[Symbol.asyncDispose]();
});

describe.each(kinds)("a %s connection to PostgreSQL", (kind, dial) => {
  async function withConnection(use: (connection: EngineConnection) => Promise<void>): Promise<void> {
    const connection = connected(await dial(target, 10_000));
    await use(connection);
    connection.close();
  }

  /** What became of each statement, run one after the other on one connection. */
  async function codes(
    connection: EngineConnection,
    ...texts: readonly string[]
  ): Promise<readonly (string | null)[]> {
    const seen = [];
    for (const sql of texts) seen.push((await run(connection, statement(sql))).code);
    return seen;
  }

  /** A statement that waits in the server, seen to do so. */
  async function sleeping(connection: EngineConnection): Promise<{ readonly told: Promise<Told> }> {
    const told = run(connection, statement(`select pg_sleep(60), 'sleep of ${kind}'`));
    await expect
      .poll(async () => (await admin.query(`select 1 ${ofSleeper(kind)}`)).rowCount, { timeout: 10_000 })
      .toBe(1);
    return { told };
  }

  test("logs in by SCRAM and runs statements with parameters of every kind", async () => {
    await withConnection(async (connection) => {
      const insert = statement("insert into numbers values ($1, $2)", 2);
      const check = statement("select 1 / (count(*) = 1)::int from numbers where id = $1 and n = $2", 2);
      for (const [id, n] of [
        [1, -5],
        [2_000_000_000, 7],
        ["33", 123_456],
      ] as const) {
        expect(await run(connection, insert, [id, n])).toEqual({
          code: null,
          sent: true,
          warning: null,
          text: "",
        });
        expect((await run(connection, check, [id, n])).code).toBe(null);
      }
      const text = statement("select 1 / ($1::text = 'Zür' || chr(8364))::int", 1);
      expect((await run(connection, text, ["Zür€"])).code).toBe(null);
      expect((await run(connection, text, ["Zur"])).code).toBe("22012");
      await admin.query("truncate numbers");
    });
  });

  test("is refused with a wrong password", async () => {
    const dialled = await dial({ ...target, password: "wrong" }, 10_000);
    expect(dialled).toMatchObject({ kind: "not-connected", code: "28P01" });
  });

  test("is refused when there are too many clients", async () => {
    const open: EngineConnection[] = [];
    let code: string | null = null;
    while (code === null && open.length <= maxConnections) {
      const dialled = await dial(target, 10_000);
      if (dialled.kind === "connected") open.push(dialled.connection);
      else code = dialled.code;
    }
    for (const connection of open) connection.close();
    expect(code).toBe("53300");
    await expect.poll(async () => (await dial(target, 10_000)).kind, { timeout: 10_000 }).toBe("connected");
  });

  test("is encrypted when asked, and refuses a certificate that it cannot trace", async () => {
    expect(await dial({ ...target, tls: { rejectUnauthorized: false } }, 10_000)).toMatchObject({
      kind: "not-connected",
      text: "The server does not support SSL connections",
    });
    const ca = await withTls();
    const encrypted = statement("select 1 / ssl::int from pg_stat_ssl where pid = pg_backend_pid()");
    for (const tls of [{ rejectUnauthorized: true, ca }, { rejectUnauthorized: false }]) {
      const connection = connected(await dial({ ...target, tls }, 10_000));
      expect(await codes(connection, encrypted.sql, "select repeat('x', 1000000)", "select 1/0")).toEqual([
        null,
        null,
        "22012",
      ]);
      connection.close();
    }
    const distrustful = await dial({ ...target, tls: { rejectUnauthorized: true } }, 10_000);
    expect(distrustful).toMatchObject({ kind: "not-connected", code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    await admin.query("alter system set ssl = off");
    await admin.query("select pg_reload_conf()");
  });

  test("gets the server's codes, and stays usable after an error", async () => {
    await withConnection(async (connection) => {
      const insert = "insert into numbers values (1, 1)";
      expect(await codes(connection, insert, insert, "select 1/0", "selec", "delete from numbers")).toEqual([
        ...[null, "23505", "22012", "42601", null],
      ]);
      expect(connection.usable).toBe(true);
    });
  });

  test("gets the error of a constraint that is deferred to the commit", async () => {
    await withConnection(async (connection) => {
      const create = "create temp table d (id int unique deferrable initially deferred)";
      expect(await codes(connection, create, "insert into d values (1), (1)")).toEqual([null, "23505"]);
      expect(connection.transaction).toBe("idle");
    });
  });

  test("runs transactions, and knows of one that has failed", async () => {
    await withConnection(async (connection) => {
      const states = [];
      for (const sql of ["begin", "select 1", "select 1/0", "select 1", "rollback", "select 1"]) {
        const { code } = await run(connection, statement(sql));
        states.push([code, connection.transaction]);
      }
      expect(states).toEqual([
        [null, "open"],
        [null, "open"],
        ["22012", "failed"],
        ["25P02", "failed"],
        [null, "idle"],
        [null, "idle"],
      ]);
    });
  });

  test("gets a serialization failure", async () => {
    await withConnection(async (connection) => {
      await admin.query("insert into numbers values (1, 1)");
      await codes(connection, "begin isolation level repeatable read", "select n from numbers");
      await admin.query("update numbers set n = 2");
      expect(await codes(connection, "update numbers set n = 3", "rollback")).toEqual(["40001", null]);
      await admin.query("truncate numbers");
    });
  });

  test("tells of a warning, and of no notice", async () => {
    await withConnection(async (connection) => {
      expect(await run(connection, statement("do $$ begin raise warning 'w'; end $$"))).toMatchObject({
        code: null,
        warning: "01000",
      });
      expect(await run(connection, statement("create table if not exists numbers ()"))).toMatchObject({
        code: null,
        warning: null,
      });
    });
  });

  test("prepares anew what was deallocated", async () => {
    await withConnection(async (connection) => {
      const all = ["select 1", "deallocate all", "select 1", "select 1"];
      expect(await codes(connection, ...all)).toEqual([null, null, "26000", null]);
    });
  });

  test("survives the cancelling of its statement", async () => {
    await withConnection(async (connection) => {
      const { told } = await sleeping(connection);
      await admin.query(`select pg_cancel_backend(pid) ${ofSleeper(kind)}`);
      expect((await told).code).toBe("57014");
      expect(await codes(connection, "select 1")).toEqual([null]);
    });
  });

  test("is lost with its backend, whether it runs a statement or not", async () => {
    const connection = connected(await dial(target, 10_000));
    const { told } = await sleeping(connection);
    const reason = lost(connection);
    await admin.query(`select pg_terminate_backend(pid) ${ofSleeper(kind)}`);
    expect([(await told).code, await reason]).toEqual(["57P01", "57P01"]);

    const idle = connected(await dial(target, 10_000));
    await codes(idle, `select 'idle ${kind}'`);
    const idleReason = lost(idle);
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = $$select 'idle ${kind}'$$`,
    );
    expect([await idleReason, idle.usable]).toEqual(["57P01", false]);
  });

  test.runIf(kind === "pg")("copies a text into a table, or nothing of it", async () => {
    await withConnection(async (connection) => {
      const copy = (text: string): Promise<string | null> =>
        new Promise((resolve) => connection.copy!("copy numbers from stdin", text, (code) => resolve(code)));
      const lines = Array.from({ length: 100_000 }, (_, index) => `${index}\t${index % 10}\n`).join("");
      expect(await copy(lines)).toBe(null);
      expect((await admin.query("select count(*)::int, sum(n)::int from numbers")).rows).toEqual([
        { count: 100_000, sum: 450_000 },
      ]);
      expect([await copy(lines), await copy(`not a number\t1\n${lines}`)]).toEqual(["23505", "22P02"]);
      expect(await codes(connection, "truncate numbers")).toEqual([null]);
      expect(await copy("")).toBe(null);
    });
  });
});

test("connections of both kinds are lost with a server that is killed in mid-reply", async () => {
  const seen = await Promise.all(
    kinds.map(async ([, dial]) => {
      const connection = connected(await dial(target, 10_000));
      const reason = lost(connection);
      const rows = "select repeat('x', 9000), pg_sleep(0.001) from generate_series(1, 100000000)";
      const told = run(connection, statement(rows));
      return { told, reason, connection };
    }),
  );
  await expect
    .poll(
      async () =>
        (await admin.query("select 1 from pg_stat_activity where query like 'select repeat%'")).rowCount,
    )
    .toBe(kinds.length);
  await containers!.processes.killPostmaster("coordinator-1");
  for (const { told, reason, connection } of seen) {
    const { code, sent } = await told;
    expect(["CONNECTION_LOST", "ECONNRESET"]).toContain(code);
    expect([sent, await reason, connection.usable]).toEqual([true, code, false]);
  }
});

/** A statement whose name follows from its text. */
function statement(sql: string, parameterCount = 0): PreparedStatement {
  return { name: `wire_${Buffer.from(sql).toString("base64url").slice(-40)}`, sql, parameterCount };
}

function ofSleeper(kind: string): string {
  return `from pg_stat_activity where query like '%sleep of ${kind}%' and pid <> pg_backend_pid()
          and wait_event = 'PgSleep'`;
}

/** Makes the server a certificate of its own, with its own program, and switches encryption on. The certificate. */
async function withTls(): Promise<string> {
  const openssl = `openssl req -new -x509 -nodes -days 2 -subj /CN=wire -addext subjectAltName=IP:${target.host}
                   -keyout server.key -out server.crt 2> /dev/null && chmod 600 server.key`;
  await admin.query(`copy (select) to program $$${openssl.replace(/\s+/g, " ")}$$`);
  await admin.query("alter system set ssl = on");
  await admin.query("select pg_reload_conf()");
  await expect.poll(async () => (await admin.query<{ ssl: string }>("show ssl")).rows[0]?.ssl).toBe("on");
  return (await admin.query<{ pem: string }>("select pg_read_file('server.crt') as pem")).rows[0]?.pem ?? "";
}
