import { roles } from "./database-logins.ts";

/** Logins of the roles, two of each: they take turns, see `DatabaseLogins`. */
export const roleLogins: readonly string[] = roles.flatMap((role) => [role, `${role}_b`]);

/**
 * SQL for psql that makes the roles and the two databases, opens each login whose password is in the environment
 * (`<LOGIN>_PASSWORD`) and closes the others, with their sessions. It gives no password: one in a statement that fails would be in the
 * server's log.
 */
export const databaseRolesSql = `${roles
  .map(
    (
      role,
    ) => `SELECT 'CREATE ROLE ${role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec
SELECT 'CREATE ROLE ${role}_b IN ROLE ${role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}_b') \\gexec
-- An administrator that is no superuser gives only what it has: databases and schemas to the role, an end to sessions.
SELECT 'GRANT ${role}, ${role}_b TO CURRENT_USER' WHERE NOT pg_has_role('${role}_b', 'MEMBER') \\gexec
-- What it makes belongs to the role, whichever of the two logins is open.
ALTER ROLE ${role}_b SET role = ${role};`,
  )
  .join("\n")}
${roleLogins
  .map(
    (login) => `\\unset password
\\getenv password ${login.toUpperCase()}_PASSWORD
\\if :{?password}
ALTER ROLE ${login} WITH LOGIN;
\\else
ALTER ROLE ${login} WITH NOLOGIN PASSWORD NULL;
SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity WHERE usename = '${login}' \\gset
\\endif`,
  )
  .join("\n")}
SELECT 'CREATE DATABASE cms OWNER cms' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cms') \\gexec
SELECT 'CREATE DATABASE marketing' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'marketing') \\gexec
REVOKE CONNECT, TEMPORARY ON DATABASE cms, marketing, postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE cms TO cms;
GRANT CONNECT ON DATABASE marketing TO collector, worker, reader;
\\connect cms
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO cms;
`;
