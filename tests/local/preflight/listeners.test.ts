import { listeningSockets } from "../../../local/preflight/listeners.ts";

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:426B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0 100 0 0 10 0
   1: 0A0200C0:4268 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12346 1 0 100 0 0 10 0
   2: 0100007F:426B 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 12347 1 0 100 0 0 10 0
`;

const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:426C 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12348 1 0 100 0 0 10 0
`;

test("sockets that listen are read, connections are not", () => {
  expect(listeningSockets(tcp)).toEqual([
    { address: "127.0.0.1", port: 17_003, inode: 12_345 },
    { address: "192.0.2.10", port: 17_000, inode: 12_346 },
  ]);
});

test("a socket that listens on every address of IPv6 listens on those of IPv4 too", () => {
  expect(listeningSockets(tcp6)).toEqual([{ address: "0.0.0.0", port: 17_004, inode: 12_348 }]);
});
