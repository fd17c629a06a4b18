import type { Core } from "@strapi/strapi";
import winston from "winston";

import { logLine } from "../src/log-line.ts";

const { combine, errors, printf } = winston.format;

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  level: env("LOG_LEVEL", "info"),
  format: combine(
    errors({ stack: true }),
    printf(({ level, message, stack }) => logLine(level, message, stack)),
  ),
  transports: [new winston.transports.Console()],
});
