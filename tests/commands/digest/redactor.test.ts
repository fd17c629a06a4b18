import fc from "fast-check";
import { redactor } from "../../../commands/digest/redactor.ts";

const secrets = fc.array(fc.string({ minLength: 8, maxLength: 40, unit: "binary" }), {
  minLength: 1,
  maxLength: 4,
});
const around = fc.string({ unit: "binary-ascii", maxLength: 20 });

/** What people, libraries and Kubernetes make of a secret. */
const forms: ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify({ secret }),
  (secret) => `postgres://cms:${encodeURIComponent(secret)}@database:5432/cms`,
];

test("no form of any secret is left in a text", () => {
  fc.assert(
    fc.property(secrets, around, fc.constantFrom(...forms), (all, text, form) => {
      const redact = redactor(all);
      for (const secret of all) {
        const redacted = redact(`${text}${form(secret)}${text}`);
        expect(redacted).toContain("[secret]");
        expect(redacted).not.toContain(form(secret));
      }
    }),
  );
});

test("a secret is found in base64, wherever it begins in what is encoded", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 12, maxLength: 40, unit: "grapheme-ascii" }),
      fc.string({ unit: "grapheme-ascii", maxLength: 9 }),
      fc.constantFrom("base64" as const, "base64url" as const),
      (secret, before, encoding) => {
        const encoded = Buffer.from(`${before}${secret} and more`).toString(encoding);
        expect(redactor([secret])(encoded)).toContain("[secret]");
      },
    ),
  );
});

test("the long lines of a secret are found by themselves", () => {
  const key = "-----BEGIN-----\nMIIEpAIBAAKCAQEA7bq1\n-----END-----";
  expect(redactor([key])("unexpected MIIEpAIBAAKCAQEA7bq1")).toBe("unexpected [secret]");
});

test("a text without a secret stays as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(redactor(["abcdef-canary", "12345"])(text)).toBe(text);
    }),
  );
});
