import { logLine } from "../../../services/cms/src/log-line.ts";

test("a line is one JSON object in the shape of the other services' logs", () => {
  expect(JSON.parse(logLine("warn", "two\nlines"))).toEqual({
    level: 40,
    time: expect.any(Number),
    service: "cms",
    msg: "two\nlines",
  });
  expect(logLine("warn", "two\nlines")).not.toContain("\n");
});

test("an error's line has its stack", () => {
  expect(JSON.parse(logLine("error", "broken", "Error: broken\n at x"))).toMatchObject({
    level: 50,
    stack: "Error: broken\n at x",
  });
});
