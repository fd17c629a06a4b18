import { once } from "node:events";
import { connect } from "node:tls";

/** Serial number of the certificate that is shown at a port of this machine. */
export async function serialNumberAt(port: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerX509Certificate()!;
  socket.destroy();
  return serialNumber;
}
