import type Dockerode from "dockerode";
import { MachineError } from "../../model/errors.ts";

/**
 * testcontainers looks for an engine by itself and passes silently over one that it cannot probe, or that
 * ~/.testcontainers.properties overrules. Rejects with a MachineError when it found another one than we did: the
 * containers would be started where nobody watches or removes them.
 */
export async function requireSameEngine(ours: Dockerode, theirs: () => Promise<Dockerode>): Promise<void> {
  const [here, there] = await Promise.all([identity(ours), theirs().then(identity)]);
  if (here.id === there.id) return;
  throw new MachineError({
    code: "two-engines",
    message: `Expected testcontainers to use the engine on ${here.name}, found it using the one on ${there.name}.`,
    hint: "Set DOCKER_HOST to the engine that you mean, and take `tc.host` and `docker.host` out of ~/.testcontainers.properties.",
  });
}

async function identity(engine: Dockerode): Promise<{ readonly id: string; readonly name: string }> {
  const { ID: id = "no id", Name: name = "no name" } = (await engine.info()) as {
    ID?: string;
    Name?: string;
  };
  return { id, name: `"${name}" (${id.slice(0, 12)})` };
}
