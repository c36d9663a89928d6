import { createServer, type IncomingMessage } from "node:http";
import { chmod } from "node:fs/promises";
import path from "node:path";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What the engine refuses: a request's method and path, and its words. */
export interface Refusal {
  readonly on: RegExp;
  readonly status: number;
  readonly message: string;
}

/** An engine on a socket that has every image and nothing else, and refuses one thing. */
export interface FakeEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly address: string;
}

export async function startFakeEngine(folder: string, refusal: Refusal, mode = 0o666): Promise<FakeEngine> {
  const socket = path.join(folder, `engine-${process.hrtime.bigint()}.sock`);
  const server = createServer((request, response) => {
    request.resume();
    const { status, body } = answer(request, refusal);
    response.writeHead(status, { "Content-Type": "application/json", "Api-Version": "1.41" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  await chmod(socket, mode);
  return {
    address: `unix://${socket}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer({ method = "", url = "" }: IncomingMessage, refusal: Refusal): Answer {
  const asked = `${method} ${url.replace(/^\/v[\d.]+/, "").replace(/\?.*/, "")}`;
  if (refusal.on.test(asked)) return { status: refusal.status, body: { message: refusal.message } };
  const known: readonly (readonly [RegExp, unknown])[] = [
    [/_ping$/, "OK"],
    [/GET \/images\/.*\/json$/, { Id: "sha256:0123456789ab" }],
    [/GET \/images\/json$/, []],
    [/GET \/containers\/json$/, []],
    [/GET \/networks$/, []],
    [/GET \/volumes$/, { Volumes: [] }],
    [
      /GET \/info$/,
      {
        ID: "FAKE",
        Name: "fake",
        DockerRootDir: "/",
        Driver: "overlay2",
        ServerVersion: "20.10",
        OperatingSystem: "Debian",
      },
    ],
    [/GET \/version$/, { Version: "20.10", ApiVersion: "1.41", Platform: { Name: "" } }],
    [/POST \/networks\/create$/, { Id: "0".repeat(64) }],
  ];
  const found = known.find(([pattern]) => pattern.test(asked));
  return found === undefined
    ? { status: 404, body: { message: `no such thing: ${asked}` } }
    : { status: 200, body: found[1] };
}
