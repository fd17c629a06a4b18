import * as pulumi from "@pulumi/pulumi";
import { GeneratedSecret, type Generations, type SecretSpec } from "./generated-secret.ts";
import { revisionOf, type SecretValue } from "./secret-value.ts";

/** Roles of the services, and `reader`, which may only read. */
export const roles = ["cms", "collector", "worker", "reader"] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** The passwords of a database's administrator and roles, by the end of their names. */
export const databaseSecrets: Readonly<Record<"postgres" | Role, SecretSpec>> = {
  postgres: { length: 32, purpose: "lets the schema's Job administer PostgreSQL" },
  cms: { length: 32, purpose: "lets the CMS into PostgreSQL" },
  collector: { length: 32, purpose: "lets the collector into PostgreSQL" },
  worker: { length: 32, purpose: "lets the worker into PostgreSQL" },
  reader: {
    length: 32,
    purpose: "lets people and the proof read PostgreSQL",
    notice: "The URL of npm run status names another login",
  },
};

/**
 * The logins of a database, with their passwords.
 *
 * PostgreSQL keeps one password per login, so each role has two logins that take turns: `<role>` for even generations,
 * `<role>_b`, which acts as `<role>`, for odd ones. `DatabaseSchema` opens those that have a password here and closes the
 * others. Creates a generated secret `<name>-<role>` for each role and `<name>-postgres` for the administrator.
 */
export class DatabaseLogins {
  /** Password of the administrator `postgres`. */
  public readonly administrator: GeneratedSecret;

  /**
   * What the Secret for `DatabaseSchema` holds: `POSTGRES_PASSWORD`, while it is rotated also
   * `POSTGRES_PASSWORD_PREVIOUS`, and `<LOGIN>_PASSWORD` for each open login.
   */
  public readonly passwords: Readonly<Record<string, SecretValue>>;

  private readonly secrets: Readonly<Record<Role, GeneratedSecret>>;

  constructor(name: string, generations: Generations, opts: pulumi.CustomResourceOptions) {
    const generated = (which: "postgres" | Role): GeneratedSecret =>
      new GeneratedSecret(`${name}-${which}`, databaseSecrets[which], generations, opts);
    this.administrator = generated("postgres");
    this.secrets = {
      cms: generated("cms"),
      collector: generated("collector"),
      worker: generated("worker"),
      reader: generated("reader"),
    };
    const { newest, previous } = this.administrator;
    this.passwords = {
      POSTGRES_PASSWORD: newest,
      ...(previous && { POSTGRES_PASSWORD_PREVIOUS: previous }),
      ...Object.fromEntries(
        roles.flatMap((role) =>
          [this.secrets[role].newest, this.secrets[role].previous]
            .filter((generation) => generation !== undefined)
            .map((generation) => [
              `${loginOf(role, generation.number).toUpperCase()}_PASSWORD`,
              generation,
            ]),
        ),
      ),
    };
  }

  /** Changes exactly when a password does. */
  public get revision(): string {
    return revisionOf(this.passwords);
  }

  /** URL by which `role` reaches `database` on `host` (`name[:port]`). */
  public url(
    role: Role,
    host: pulumi.Input<string>,
    database: "cms" | "marketing",
  ): SecretValue & { readonly value: pulumi.Output<string> } {
    const { number, value, revision } = this.secrets[role].newest;
    return {
      value: pulumi.interpolate`postgres://${loginOf(role, number)}:${value}@${host}/${database}`,
      revision,
    };
  }
}

function loginOf(role: Role, generation: number): string {
  return generation % 2 === 0 ? role : `${role}_b`;
}
