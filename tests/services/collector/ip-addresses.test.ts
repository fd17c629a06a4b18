import { isIPv6 } from "node:net";

import fc from "fast-check";

import {
  truncateAddresses,
  truncateAddressesIn,
  truncateAddressesOfEvent,
} from "../../../services/collector/ip-addresses.ts";

test.each([
  ['{"ip":"203.0.113.77"}', '{"ip":"203.0.113.0"}'],
  ['{"at":"203.0.113.77:51234"}', '{"at":"203.0.113.0:51234"}'],
  ['{"forwarded":"203.0.113.77, 198.51.100.9"}', '{"forwarded":"203.0.113.0, 198.51.100.0"}'],
  ["uip=203.0.113.77&cid=1", "uip=203.0.113.0&cid=1"],
  ["a%3D203.0.113.77", "a%3D203.0.113.0"],
  ['{"a":"x\\n203.0.113.77"}', '{"a":"x\\n203.0.113.0"}'],
  ['{"a":"{\\"ip\\":\\"203.0.113.77\\"}"}', '{"a":"{\\"ip\\":\\"203.0.113.0\\"}"}'],
  ["{ip:2001:db8:1:2:3:4:5:6}", "{ip:2001:db8:1::}"],
  ["seen from 203.0.113.77.", "seen from 203.0.113.0."],
  ['{"ip":"2001:db8:1:2:3:4:5:6"}', '{"ip":"2001:db8:1::"}'],
  ['{"ip":"2001:DB8::5:6"}', '{"ip":"2001:DB8:0::"}'],
  ['{"ip":"2001:db8:1:2::"}', '{"ip":"2001:db8:1::"}'],
  ['{"ip":"[2001:db8:1:2::6]:443"}', '{"ip":"[2001:db8:1::]:443"}'],
  ["uip=2001%3Adb8%3A1%3A2%3A3%3A4%3A5%3A6", "uip=2001%3Adb8%3A1%3A%3A"],
  ['{"ip":"::ffff:203.0.113.77"}', '{"ip":"::ffff:203.0.113.0"}'],
  ['{"device":{"id":"203.0.113.77"}}', '{"device":{"id":"203.0.113.0"}}'],
  ['{"at":"/203.0.113.77:8080"}', '{"at":"/203.0.113.0:8080"}'],
  ['{"at":"\\/203.0.113.77"}', '{"at":"\\/203.0.113.0"}'],
  ["/203.0.113.77", "/203.0.113.0"],
  ["[L:/203.0.113.5:80 - R:/203.0.113.77:51234]", "[L:/203.0.113.0:80 - R:/203.0.113.0:51234]"],
  ['{"at":"/[2001:db8:1:2:3:4:5:6]:8080"}', '{"at":"/[2001:db8:1::]:8080"}'],
  ['{"at":"/2001:db8:1:2:3:4:5:6"}', '{"at":"/2001:db8:1::"}'],
])("%s becomes %s", (text, truncated) => {
  expect(truncateAddresses(text)).toBe(truncated);
});

test.each([
  '{"occurredAt":"2026-01-01T12:00:00.000Z"}',
  '{"time":"12:30:59"}',
  '{"mac":"00:00:5e:00:53:af"}',
  '{"app_version":"16.4.1.2"}',
  '{"userAgent":"Chrome/16.4.1.2 Safari/537.36"}',
  '{"url":"http://203.0.113.7/path"}',
  '{"tooMuch":"1.2.3.4.5"}',
  '{"noAddress":"300.1.2.3"}',
  '{"userAgent":"Shop (Linux)/16.4.1.2"}',
  '{"url":"http:\\/\\/203.0.113.7\\/path"}',
  '{"path":"/16.4.1.2/index.html"}',
  '{"path":"\\/16.4.1.2\\/index.html"}',
  '{"userId":"12::34"}',
])("%s stays", (text) => {
  expect(truncateAddresses(text)).toBe(text);
});

test.each(["12:34:56::78", "203.0.113.77", "/203.0.113.77:80", 'a \\" 203.0.113.77', "\\\\"])(
  "the id %s of an event stays, another one in it does not",
  (id) => {
    const event = (nested: string): string =>
      `{"source":"web-site","id":"${id}","context":{"id":"${nested}"}}`;
    expect(truncateAddressesOfEvent(event("203.0.113.77"))).toBe(event("203.0.113.0"));
  },
);

test("no address of v4 keeps its last number, no address of v6 more than 48 bits", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a, b, c] = address.split(".");
      expect(truncateAddresses(`{"x":"${address}"}`)).toBe(`{"x":"${a}.${b}.${c}.0"}`);
    }),
  );
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const kept = `${groups.slice(0, 3).join(":")}::`;
      expect(isIPv6(kept)).toBe(true);
      expect(truncateAddresses(`{"x":"${groups.join(":")}"}`)).toBe(`{"x":"${kept}"}`);
    }),
  );
});

test("bytes that are no text stay", () => {
  const noText = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
  const of = (ip: string): Buffer => Buffer.concat([noText, Buffer.from(` ${ip} `), noText]);
  expect(truncateAddressesIn(of("203.0.113.77"))).toEqual(of("203.0.113.0"));
  expect(truncateAddressesIn(noText)).toBe(noText);
});

test("a text made to take long takes no time", () => {
  for (const part of [":", "1.", "a:", "f", "%3a", "1.1.1.1"]) {
    const text = `${part.repeat(1_000_000)}x`;
    expect(truncateAddresses(text)).toHaveLength(text.length);
  }
});
