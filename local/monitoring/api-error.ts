/** One wrong field of a request, as `google.rpc.BadRequest` carries it. */
export interface FieldViolation {
  /** Path of the field in the request, snake_case, e.g. `alert_policy.conditions[0]`; "" is the root. */
  readonly field: string;
  readonly description: string;
}

type Code = keyof typeof httpStatus;

const httpStatus = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
} as const;

/** An answer of the API that is an error; rendered in the form that Google's front end gives it. */
export class ApiError extends Error {
  readonly status: (typeof httpStatus)[Code];
  readonly code: Code;
  readonly violations: readonly FieldViolation[];

  constructor(code: Code, message: string, violations: readonly FieldViolation[] = []) {
    super(message);
    this.code = code;
    this.status = httpStatus[code];
    this.violations = violations;
  }

  /** Body of the answer. */
  toBody(): unknown {
    const details =
      this.violations.length > 0
        ? [
            {
              "@type": "type.googleapis.com/google.rpc.BadRequest",
              fieldViolations: this.violations,
            },
          ]
        : undefined;
    return {
      error: { code: this.status, message: this.message, status: this.code, details },
    };
  }
}

/** A request that breaks a rule of the API; `message` is what the caller reads. */
export function invalidArgument(message: string): ApiError {
  return new ApiError("INVALID_ARGUMENT", message);
}

/** A request that does not parse as its message: all wrong fields at once. */
export function badRequest(violations: readonly FieldViolation[]): ApiError {
  const message = violations.map(({ description }) => description).join("\n");
  return new ApiError("INVALID_ARGUMENT", message, violations);
}

/** A field whose value breaks a rule, in the API's wording. */
export function invalidField(field: string, value: string | number, rule: string): ApiError {
  return invalidArgument(`Field ${field} had an invalid value of "${value}": ${rule}`);
}

/** A field that must be given and is not, in the API's wording. */
export function missingField(field: string): ApiError {
  return invalidArgument(`Request was missing field ${field}`);
}

/** A name that nothing has. */
export function notFound(message = "Requested entity was not found."): ApiError {
  return new ApiError("NOT_FOUND", message);
}
