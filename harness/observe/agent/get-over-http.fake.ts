import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server on loopback that answers as it is told. */
export async function fakeHttp(
  answer: () => { readonly status: number; readonly body: string },
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server: Server = createServer((_request, response) => {
    const { status, body } = answer();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
