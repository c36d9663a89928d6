import { expect, test } from "vitest";
import { postgresWork } from "./postgres-work.ts";

/** Work on a server that prints the same to whatever is asked, and what was run there. */
function recorded(printed: string) {
  const commands: { node: string; user: string; command: readonly string[] }[] = [];
  const exec = (node: string, { command, user }: { command: readonly string[]; user: string }) => {
    commands.push({ node, user, command });
    return Promise.resolve(printed);
  };
  return { commands, work: postgresWork({ exec }, 5432) };
}

test("work is begun under its own name, bounded in time, each statement for itself", async () => {
  const { commands, work } = recorded("");
  const statements = ["SELECT 'it''s'", "CHECKPOINT"];
  await work.begin({ node: "coordinator-1", name: "busy", statements, seconds: 35 });
  const [begun] = commands;
  expect(begun).toMatchObject({ node: "coordinator-1", user: "postgres" });
  expect(begun?.command.slice(3)).toEqual([
    "sh",
    "5432",
    "busy",
    "35",
    "-c",
    "SELECT 'it''s'",
    "-c",
    "CHECKPOINT",
  ]);
  expect(begun?.command[2]).toMatch(/statement_timeout=.*setsid timeout .* &$/s);
});

test("work is being done as long as a session has its name", async () => {
  expect(await recorded("1\n").work.isDone({ node: "coordinator-1", name: "busy" })).toBe(true);
  expect(await recorded("0\n").work.isDone({ node: "coordinator-1", name: "busy" })).toBe(false);
});

test("work is ended by its name alone, and what it left is undone", async () => {
  const { commands, work } = recorded("");
  await work.end({ node: "coordinator-1", name: "busy", statements: ["DROP TABLE it"] });
  expect(commands[0]?.command[5]).toMatch(/pg_terminate_backend\(pid.*application_name = 'busy'/);
  expect(commands[0]?.command.at(-1)).toBe("DROP TABLE it");
});
