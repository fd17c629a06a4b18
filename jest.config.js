// Packages that ship only ES modules; jest runs CommonJS, so the transformer must see them.
const esmOnly = [
  "pg-boss",
  "hono",
  "@hono/node-server",
  "serialize-error",
  "non-error",
  "cron-parser",
  "@marcbachmann/cel-js",
  "smtp-server",
  "nodemailer",
  "bcryptjs",
  "hyparquet",
  "hyparquet-writer",
];

const shared = {
  testEnvironment: "node",
  transform: {
    "^.+\\.m?[jt]s$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join("|")})/)`],
  modulePathIgnorePatterns: ["<rootDir>/services/cms/", "/dist/"],
};

const onPlatform = {
  setupFilesAfterEnv: ["<rootDir>/tests/e2e/timeout.ts"],
  globalSetup: "<rootDir>/tests/e2e/remove-plain-stacks.ts",
  globalTeardown: "<rootDir>/tests/e2e/remove-plain-stacks.ts",
};

export default {
  watchman: false,
  testSequencer: "<rootDir>/tests/longest-first.js",
  // Real databases and processes take their time on a busy machine; a test that hangs still ends.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/tests/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/tests/e2e/", "<rootDir>/tests/faults/"],
    },
    {
      ...shared,
      displayName: "faults",
      testMatch: ["<rootDir>/tests/faults/**/*.test.ts"],
    },
    {
      ...shared,
      ...onPlatform,
      displayName: "e2e",
      testMatch: ["<rootDir>/tests/e2e/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/tests/e2e/alone/"],
    },
    {
      ...shared,
      ...onPlatform,
      // What they do or look at is not of their own stack alone.
      displayName: "e2e-alone",
      testMatch: ["<rootDir>/tests/e2e/alone/*.test.ts"],
    },
  ],
};
