import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { thisMachine } from "./machine.ts";
import { buildK6, findK6 } from "./k6-build.ts";

/** Writes its name and arguments where `-o` or `--output` says, as the real ones write a program. */
const BUILDS = `#!/bin/sh
line="\${0##*/} $* in $(pwd) CGO_ENABLED=$CGO_ENABLED"
while [ "$1" != "-o" ] && [ "$1" != "--output" ]; do shift; done
echo "$line" > "$2"
`;
const FAILS = "#!/bin/sh\necho cannot find module >&2\nexit 1\n";

const usual = process.env.PATH;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "dpg-bench-k6-"));
  await write("docker/k6/go.mod", "module k6\n");
  await mkdir(path.join(root, "bin"));
  await symlink((await thisMachine().findProgram("nice"))!, path.join(root, "bin/nice"));
  process.env.PATH = path.join(root, "bin");
});

afterEach(async () => {
  process.env.PATH = usual;
  await rm(root, { recursive: true });
});

describe("buildK6", () => {
  it("builds with Go alone, once for the same sources", async () => {
    await write("bin/go", BUILDS);
    const program = await buildK6(options());
    expect(await readFile(program.file, "utf8")).toMatch(
      /^go build .*\.\/cmd\/k6 in .*docker\/k6 CGO_ENABLED=0\n$/,
    );
    await write("bin/go", FAILS);
    expect(await buildK6(options())).toEqual(program);
    expect(await findK6(options())).toEqual(program);
    expect(await readdir(path.join(root, "cache"))).toHaveLength(1);
  });

  it("builds anew when the sources change, and keeps the newest program alone", async () => {
    await write("bin/go", BUILDS);
    const before = await buildK6(options());
    await write("docker/k6/client.go", "package dpg\n");
    expect(await findK6(options())).toBeNull();
    const after = await buildK6(options());
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(await readdir(path.join(root, "cache"))).toEqual([`k6-${after.fingerprint}`]);
  });

  it("builds with xk6 where it is installed, and without it where that fails", async () => {
    await write("bin/go", BUILDS);
    await write("bin/xk6", BUILDS);
    const { file } = await buildK6(options());
    expect(await readFile(file, "utf8")).toMatch(
      /^xk6 build v[\d.]+ --output \S+ --with \S+docker\/k6=\S+docker\/k6 in/,
    );
    await write("docker/k6/client.go", "package dpg\n");
    await write("bin/xk6", FAILS);
    expect(await readFile((await buildK6(options())).file, "utf8")).toMatch(/^go build/);
  });

  it("says what to do when it cannot be built, and leaves nothing half done", async () => {
    await write("bin/go", FAILS);
    await expect(buildK6(options())).rejects.toMatchObject({
      code: "k6-not-built",
      exitCode: 69,
      hint: expect.stringContaining("cannot find module") as string,
    });
    expect(await readdir(path.join(root, "cache"))).toEqual([]);
  });

  it("says what to do when there is no Go", async () => {
    await expect(buildK6(options())).rejects.toMatchObject({
      code: "no-go",
      exitCode: 69,
      hint: expect.stringContaining("go.dev") as string,
    });
  });
});

function options(): Parameters<typeof buildK6>[0] {
  return { root, cache: path.join(root, "cache"), signal: new AbortController().signal };
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
  if (file.startsWith("bin/")) await chmod(path.join(root, file), 0o755);
}
