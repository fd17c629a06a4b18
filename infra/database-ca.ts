/**
 * Where a pod finds the certificates that a database's server is known by: the key of the ConfigMap, and the file that
 * the charts and `DatabaseSchema` make of it.
 */
export const databaseCa = { key: "ca.pem", path: "/etc/database-ca/ca.pem" } as const;
