import { startPostgresStub } from "../../harness/load/agent/postgres-stub.fake.ts";

/** Answers everything at once; tells its parent the port. What it remembers is its own process's. */
export async function serveStub(): Promise<void> {
  const { port } = await startPostgresStub();
  process.send?.(port);
}
