import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Which rooms a room may import from (ARCHITECTURE.md, "Rooms"). Nobody imports commands but tests.
const rooms = [
  "infra",
  "stacks",
  "policy",
  "charts",
  "services",
  "local",
  "commands",
  "bench",
  "tests",
];
const allowed = {
  infra: ["infra"],
  stacks: ["stacks", "infra"],
  policy: ["policy"],
  services: ["services"],
  local: ["local"],
  commands: ["commands", "policy", "infra", "stacks", "services", "local"],
  bench: rooms,
};

/** What services have agreed on is for the program too. */
const exempt = (room, other) => (room === "stacks" && other === "services" ? "(?!contract/)" : "");

const roomRules = Object.entries(allowed).map(([room, own]) => ({
  files: [`${room}/**/*.{ts,js}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: rooms
          .filter((other) => !own.includes(other))
          .map((other) => ({
            regex: `^(\\.\\./)+${other}/${exempt(room, other)}`,
            message: `${room}/ must not import ${other}/ (ARCHITECTURE.md, "Rooms")`,
          })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["**/node_modules/", "**/dist/", "**/assembly/", "services/cms/"] },
  js.configs.recommended,
  tseslint.configs.strict,
  {
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        setTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
      },
    },
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  ...roomRules,
);
