export { reserve } from "./body";
export { envelope, readBatch, readSingle } from "./batch";
export { payloadAt, setHead, setReceivedAt, writePayload } from "./payload";
export { rowOf } from "./row";
