import type { SecretSpec } from "../../infra/generated-secret.ts";

/** What `npm run rotate` says last: what became of each secret and what people notice. Shows no value. */
export function rotationReport(rotation: {
  readonly stack: string;
  readonly names: readonly string[];
  readonly secrets: Readonly<Record<string, SecretSpec>>;
  readonly retire: boolean;
}): string {
  const { stack, names, secrets, retire } = rotation;
  const flag = stack === "dev" ? "" : ` --stack ${stack}`;
  const lines = names.map((name) => {
    const { handedOut, notice } = secrets[name]!;
    const former =
      handedOut && !retire ? "the former value works on" : "the former value is refused";
    const retirement = `npm run rotate -- ${name} --retire${flag} ends it`;
    const notices = [former, handedOut && !retire ? retirement : undefined, notice];
    return `  ${name}: ${notices.filter(Boolean).join("; ")}.`;
  });
  return `
${retire ? "Retired" : "Rotated"} in stack ${stack}, and proved that it works:

${lines.join("\n")}

Pulumi.${stack}.yaml has changed: commit it.
`;
}
