import { expect, it } from "vitest";
import { postgresQuestions } from "./postgres-questions.ts";

const asking = (printed: string) => {
  const commands: string[] = [];
  const exec = (node: string, { command, user }: { command: readonly string[]; user: string }) => {
    commands.push(`${node} as ${user}: ${command.join(" ")}`);
    return Promise.resolve(printed);
  };
  const answer = postgresQuestions({ exec }, 5432).configuration({
    node: "coordinator-2",
    parameter: "work_mem",
  });
  return { answer, commands };
};

it("asks a member on its own node when it read its configuration, and for a setting that is in force", async () => {
  const { answer, commands } = asking("1234|4|MB\n");
  expect(await answer).toEqual({ loadedAgoMs: 1234, value: "4|MB" });
  expect(commands).toEqual([
    expect.stringMatching(
      /^coordinator-2 as postgres: psql .* -p 5432 .*pg_conf_load_time\(\).*current_setting\('work_mem', true\)/,
    ),
  ]);
});

it("takes a setting that there is none of for empty, and refuses what is no answer", async () => {
  expect(await asking("0|").answer).toEqual({ loadedAgoMs: 0, value: "" });
  await expect(asking("").answer).rejects.toThrow(
    'Expected milliseconds and a value from PostgreSQL, found "".',
  );
});
