import protobuf from "protobufjs";
import type { Message } from "./schema.ts";

/** `message` with enum members as numbers: what a client gets that asks for `enum-encoding=int`. */
export function withEnumNumbers(type: protobuf.Type, message: Message): Message {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const field = type.fields[name];
      return [
        name,
        Array.isArray(value) ? value.map((item) => encode(field, item)) : encode(field, value),
      ];
    }),
  );
}

function encode(field: protobuf.Field | undefined, value: unknown): unknown {
  const type = field?.resolvedType;
  if (type instanceof protobuf.Enum) return type.values[value as string];
  const nested = type instanceof protobuf.Type && typeof value === "object" && value !== null;
  return nested && !(field instanceof protobuf.MapField)
    ? withEnumNumbers(type, value as Message)
    : value;
}
