/** How a server that takes mails is reached. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first byte; `starttls`: before anything of a mail or login; `none`: never. */
  readonly tls: "implicit" | "starttls" | "none";
  /** @default - it asks for no login */
  readonly login?: { readonly user: string; readonly password: string };
}

/** Schemes, with what they say of TLS and the port where none is given. */
const SCHEMES: Readonly<Record<string, { tls: SmtpServer["tls"]; port: number }>> = {
  "smtps:": { tls: "implicit", port: 465 },
  "smtp:": { tls: "starttls", port: 587 },
  "smtp+plain:": { tls: "none", port: 25 },
};

/**
 * The server in a URL: `smtps://user:password@host:465` for TLS, `smtp://user:password@host:587` for STARTTLS, `smtp+plain://host:25`
 * for neither; undefined if it is no such URL. A login without TLS is none.
 */
export function smtpServer(url: string): SmtpServer | undefined {
  const parsed = url.length <= 2048 ? URL.parse(url) : null;
  const scheme = parsed && SCHEMES[parsed.protocol];
  if (!scheme || parsed.hostname === "" || !/^\/?$/.test(parsed.pathname)) return undefined;
  if (parsed.search !== "" || parsed.hash !== "") return undefined;
  let user: string;
  let password: string;
  try {
    user = decodeURIComponent(parsed.username);
    password = decodeURIComponent(parsed.password);
  } catch {
    return undefined;
  }
  if ((user === "") !== (password === "") || (user !== "" && scheme.tls === "none")) {
    return undefined;
  }
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: parsed.port === "" ? scheme.port : Number(parsed.port),
    tls: scheme.tls,
    ...(user !== "" && { login: { user, password } }),
  };
}
