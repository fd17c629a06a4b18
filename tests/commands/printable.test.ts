import { groupsText } from "../../commands/bad-rows/list.ts";
import { printable } from "../../commands/printable.ts";

test("what is an order to a terminal is shown, and all else stays as it is", () => {
  expect(printable("a\u001b[2J\u0007\u009b2J\u202eb\r\tc")).toBe(
    "a\\u001b[2J\\u0007\\u009b2J\\u202eb\\u000d\\u0009c",
  );
  expect(printable("ünïcødé 🙂\nユーザー")).toBe("ünïcødé 🙂\nユーザー");
});

test("a cause with the end of a line in it is one line of the list", () => {
  const at = new Date(0);
  const text = groupsText([
    {
      ...{
        source: "website",
        dialect: "segment",
        path: "/v1/t",
        cause: "properties.x\n      9  app",
      },
      ...{ rows: 1, replayed: 0, events: 0, stored: 0, firstAt: at, lastAt: at, example: null },
    },
  ]);
  expect(text.split("\n")).toHaveLength(2);
});
